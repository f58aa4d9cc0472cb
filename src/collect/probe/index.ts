export { type ProbeOptions, type ProbeTarget, probe } from './probe.ts';
