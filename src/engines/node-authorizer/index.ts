export { NodeAuthorizer, type NodeDecision, type NodeRequest } from './node-authorizer.ts';
