export { waysOf } from './ways.ts';
export { AttackGraph, type CutQuestion } from './attack-graph.ts';
export { type BestSet, type Removal, bestSet } from './best-set.ts';
export { type Chain, type Hop, type HopEvidence } from './chain.ts';
export type { GraphContext } from './context.ts';
export { defaultCosts } from './costs.ts';
export type { Cut, NoCut } from './cut.ts';
export { etcdServers } from './edges/etcd.ts';
export { isControlPlane } from './network.ts';
export { EDGE_KINDS } from './edges/index.ts';
export { nodeWays } from './node-ways.ts';
export {
  FOOTHOLDS,
  entriesNamed,
  entryNamed,
  entryWritten,
  footholds,
  requireContainers,
  requireVertex,
  targetNamed,
} from './footholds.ts';
export { ALL_CLASSES, CLASSES, COUNTED, type ClassMask, type EdgeClass, maskOf } from './graph.ts';
export { type Lead, Leads, type LeadQuestion, type LeadTarget } from './leads.ts';
export { type Picture, pictureOf } from './picture.ts';
export { withoutParts } from './removal.ts';
export { ANYWHERE, effectName } from './right-entries.ts';
export { rbacWithBuiltIns } from './scene.ts';
export type { Situation } from './situation.ts';
export { type PathGroup, blastOf, pathGroups } from './ways.ts';
export { doingOf, nameText, stepsInShort } from './words.ts';
