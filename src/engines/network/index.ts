export { type End, Ends, ask } from './ask.ts';
export { type ConnectionRow, type ListOptions, connections } from './connections.ts';
export { type Decision, type Verdict } from './decide.ts';
export { type Problem } from './policy.ts';
export { type Conns, type Protocol, isProtocol } from './ports.ts';
export { Relation } from './relation.ts';
export { type World, readWorld } from './world.ts';
