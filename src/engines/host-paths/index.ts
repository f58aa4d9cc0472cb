export { isAtOrBelow, normalizeHostPath } from './normalize.ts';
export { runtimeSocketAt } from './sockets.ts';
