export { Attestations } from './attestations.ts';
export { readChange } from './change-file.ts';
export { type Fix, type Fixes, fixesFor } from './fixes/index.ts';
export { OWNER_KINDS } from './ownership.ts';
export { type Denial, UNKNOWN_CODES, type UnknownBecause, type UnknownCode } from './proof.ts';
export { DOMAINS, type Evidence, type Proof, prove } from './prove.ts';
export { State } from './state.ts';
