export type { HopText } from './document.ts';
export { entriesText } from './words.ts';
export { COUNTED, type PathsDocument, chainText, pathsDocument } from './document.ts';
export { pathsDot, pathsMermaid } from './drawings.ts';
export { pathsTable } from './table.ts';
export { nameText, sentenceOf, stepText } from './words.ts';
