export type { Ask } from './api.ts';
export { type Feature, type Uses, titleOf } from './features.ts';
export { type Leftover, findLeftovers, removeLeftovers } from './leftovers.ts';
export { podsOfFeatures } from './plan.ts';
export { type Right, allRights, rightsOf } from './rights.ts';
export { LIFETIME, type Run, newRun } from './run.ts';
export { type Survey, SURVEYED, adminKindsOf, chooseFeatures } from './survey.ts';
export { type Verification, type VerifyOptions, verify } from './verify.ts';
