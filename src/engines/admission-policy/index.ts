/** What ValidatingAdmissionPolicies say to pods that are written, as far as it can be told. */
export { type Admission, type BoundPolicy, type Surroundings, decide } from './decide.ts';
export { matches } from './match.ts';
export { type ContainerList, type Needs, type SecurityNeeds, anyPod, writtenPod } from './pods.ts';
export { ANYBODY, type PodRequest, controllerUser } from './request.ts';
