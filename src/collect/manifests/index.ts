export { type CollectOptions, collectManifests } from './collect.ts';
