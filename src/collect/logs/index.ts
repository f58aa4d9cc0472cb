export type { LogSummary } from './log-file.ts';
export { LogReader } from './read-log.ts';
export { streamOf } from './stream-name.ts';
