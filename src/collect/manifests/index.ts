export { type Unpacked, unpack } from './unpack.ts';
export { type CollectOptions, collectManifests } from './collect.ts';
export { type RenderedChart, renderWithValues } from './render-values.ts';
export { chartsIn } from './walk.ts';
