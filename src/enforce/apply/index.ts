export { type Kind, applied, checkPlaces, planned, tried, undoable, undone } from './apply.ts';
export { leftOver } from './left-over.ts';
export { type Journal, parseJournal } from './journal.ts';
export type { AskAny } from './requests.ts';
