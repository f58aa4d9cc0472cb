export { assertionsJunit, assertionsTap } from './assertions.ts';
export { FORMATS } from './formats.ts';
export { weightOf } from './order.ts';
export type { ReportFrame, ReportTotals, ReportWriter, WriterFactory, WriterOptions } from './report.ts';
export { type ScanOptions, type ScanResult, scan } from './scan.ts';
export { sourceLines } from './source-lines.ts';
export { fullSubject, notesOf } from './subject.ts';
