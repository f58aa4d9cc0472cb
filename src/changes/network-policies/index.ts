export { type Facts } from './facts.ts';
export { type Generated, POLICY_KINDS, type PolicyKind, generatePolicies } from './generate.ts';
export { placeOf } from './write-policies.ts';
