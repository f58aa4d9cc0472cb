export { changeOnNode, nodesAfter } from './node-change.ts';
export { BY_HAND, WANTED } from './wanted.ts';
