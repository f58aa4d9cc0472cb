export type { ConfigzCredential, ConfigzSignIn } from './configz.ts';
export { type ProbeOptions, type ProbeTarget, probe } from './probe.ts';
