export { type Cni, type Deviation, type Enforcement, cniNames } from './cni.ts';
export { CniReader } from './read.ts';
