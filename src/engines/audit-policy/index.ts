export type { RequestClass } from './classes.ts';
export { type ContentClass, type StoredContents, storedContents } from './contents.ts';
export type { FieldProblem } from './decode.ts';
export { type Part, type Share, type Visibility, hiddenBy, partsOf } from './hidden-by.ts';
export { type Decision, type Mismatch, type Reason, auditLevel, explainLevel } from './level.ts';
export { type ParsedPolicy, parsePolicy } from './parse.ts';
export {
  type AuditPolicy,
  type AuditRequest,
  type AuditRule,
  type AuditUser,
  LEVELS,
  type Level,
  STAGES,
  type Stage,
  isAtLeast,
} from './policy.ts';
export { ANONYMOUS, ANY, AUTHENTICATED, type RequestSet, type ResourceScope, type ResourceTarget, type Who } from './request-set.ts';
export { type Seen, seenOf } from './seen.ts';
export { wordsOfReason } from './words.ts';
