export { NodeAuthorizer, type NodeDecision, type NodeRequest } from './node-authorizer.ts';
export { type Reference, podReferences, volumeSecrets } from './references.ts';
