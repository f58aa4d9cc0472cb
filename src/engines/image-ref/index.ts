export {
  type ImageReference,
  type InvalidReference,
  familiarName,
  isValid,
  nameOf,
  parseAnyImage,
  parseImage,
  parseReference,
  withDefaultTag,
} from './image-ref.ts';
