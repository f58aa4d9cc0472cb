export { type Facts } from './facts.ts';
export { type Generated, POLICY_KINDS, type PolicyKind, type Made, generatePolicies, makePolicies } from './generate.ts';
export { placeOf } from './write-policies.ts';
