export { type ProbeReport, probeDocument } from './document.ts';
export { probeTable } from './table.ts';
