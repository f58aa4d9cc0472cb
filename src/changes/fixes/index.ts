export { type Fix, type FixOptions, type Fixes, fixesFor } from './fixes.ts';
