export { type Unpacked, unpack } from './unpack.ts';
export { type CollectOptions, collectManifests } from './collect.ts';
