export { Attestations } from './attestations.ts';
export { changeBetween } from './between.ts';
export { readChange } from './change-file.ts';
export { deniedSince, requestsSince } from './denied-since.ts';
export { type Difference, type Foothold, type Way, differenceOf, waysOnlyIn } from './difference.ts';
export { type Fix, type Fixes, fixesFor } from './fixes/index.ts';
export { type LevelChange, isLooser } from './level-changes.ts';
export { refIn } from './overlay.ts';
export { OWNER_KINDS } from './ownership.ts';
export {
  type Denial,
  DENIED_CODES,
  REQUIRED_CODES,
  SHOWN_CODES,
  UNKNOWN_CODES,
  type UnknownBecause,
  type UnknownCode,
  weightOf,
} from './proof.ts';
export { type Evidence, type Proof, prove } from './prove.ts';
export { rolledBy } from './rolled-out.ts';
export { State } from './state.ts';
export { DOMAINS, RBAC_KINDS } from './touched.ts';
export type { Undo } from './undo.ts';
export { unseenText } from './requests/unseen.ts';
