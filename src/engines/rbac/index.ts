export { BUILT_IN_ROLES, builtInRules } from './built-in.ts';
export { type Closure, type Row, closureOf, has } from './closure.ts';
export { FULL_AUTHORITY, type SingleRight, breakDown, uncovered } from './covers.ts';
export {
  ANONYMOUS,
  AUTHENTICATED,
  type Account,
  MASTERS,
  NODES,
  SERVICE_ACCOUNTS,
  UNAUTHENTICATED,
  type User,
  accountGroups,
  accountOf,
  accountUserName,
  nodeOf,
  withImplicitGroups,
} from './identity.ts';
export {
  CONSTRAINED_SINCE,
  type Impersonation,
  type ImpersonationDecision,
  type ImpersonationMode,
  type Impersonator,
  authorizeImpersonation,
} from './impersonate.ts';
export { type Action, type Allowance, type Decision, type Held, type Match, Rbac, isNeverNamed } from './rbac.ts';
export { type RbacObjects, rbacOf, rbacOfObjects, readRbac } from './read.ts';
export { type PathRequest, type RbacRequest, type ResourceRequest, isResourceRequest, resourceRequest } from './request.ts';
export { type Rule, type RuleContent, nameMatches, resourceMatches, ruleAllows, ruleReaches, urlMatches } from './rule.ts';
export { type Binding, type BoundSubject, type Grant, type Role, type RoleRule, type Subject, grantText } from './world.ts';
export { RBAC_GROUP, type RbacObject, type WriteDecision, type WriteRequest, authorizeWrite } from './write.ts';
