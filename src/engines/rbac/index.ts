export { BUILT_IN_ROLES, builtInRules } from './built-in.ts';
export { Catalog, type KnownResource, OWN_CATALOG, catalogOf } from './catalog.ts';
export {
  COMPONENT_ROLE_RELEASES,
  type ComponentRole,
  addedRights,
  componentRole,
  componentRoleRefs,
  componentRoleWords,
} from './component-roles.ts';
export { type Closure, type Row, closureOf, has } from './closure.ts';
export { type SingleRight, breakDown, uncovered } from './covers.ts';
export {
  ANONYMOUS,
  AUTHENTICATED,
  type Account,
  MASTERS,
  NODES,
  SERVICE_ACCOUNTS,
  UNAUTHENTICATED,
  type User,
  accountOf,
  accountUserName,
  withImplicitGroups,
} from './identity.ts';
export {
  type Impersonation,
  type ImpersonationDecision,
  type ImpersonationMode,
  type Impersonator,
  authorizeImpersonation,
} from './impersonate.ts';
export { type Action, type Allowance, type Decision, type Held, type Match, Rbac, isNeverNamed } from './rbac.ts';
export { type RbacObjects, contentOf, rbacOf, rbacOfObjects, readRbac } from './read.ts';
export { type PathRequest, type RbacRequest, type ResourceRequest, isResourceRequest } from './request.ts';
export { type Rule, type RuleContent, nameMatches, ruleAllows, ruleReaches, urlMatches } from './rule.ts';
export { type Binding, type BoundSubject, type Grant, type Role, type RoleRule, type Subject, grantText } from './world.ts';
export { type RbacObject, type WriteDecision, type WriteRequest, authorizeWrite } from './write.ts';
export { DEFAULT_ROLE_NAMES, defaultRole } from './default-roles.ts';
export { type RightsChange, diffRbac } from './diff.ts';
export { type Escalation, escalationsOf } from './escalations.ts';
export { type RbacProblem, lintRbac } from './lint.ts';
export { type BindingProblem, grantProblems, missingRole, namedAccounts, subjectProblems } from './lint-binding.ts';
export { grantsNothing, voidRules } from './lint-role.ts';
export { type Permission, type Permissions, type Through, permissionsOf } from './permissions.ts';
export { type Right, resourceText, verbsInOrder } from './rights.ts';
