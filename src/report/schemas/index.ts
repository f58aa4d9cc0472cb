export { SCHEMAS } from './schemas.ts';
