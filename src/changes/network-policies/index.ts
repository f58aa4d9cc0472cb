export { type Facts, factsOf } from './facts.ts';
export { type Generated, POLICY_KINDS, type PolicyKind, type Made, generatePolicies, makePolicies } from './generate.ts';
export { placeOf } from './write-policies.ts';
export { Inventory } from './inventory.ts';
export type { NeedEnd } from './needs.ts';
export { type RequiredUse, requiredUses } from './required-uses.ts';
