export { AttackGraph, type CutQuestion } from './attack-graph.ts';
export { type Chain, type Hop, type HopEvidence } from './chain.ts';
export type { GraphContext } from './context.ts';
export type { Cut, NoCut } from './cut.ts';
export { EDGE_KINDS } from './edges/index.ts';
export { ALL_CLASSES, CLASSES, type ClassMask, type EdgeClass, maskOf } from './graph.ts';
export { withoutParts } from './removal.ts';
