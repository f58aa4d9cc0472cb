export { type Overlay, overlaid } from './overlay.ts';
export { type Owner, type OwnerKind, ownerOf } from './ownership.ts';
