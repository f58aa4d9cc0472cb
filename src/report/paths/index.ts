export { COUNTED, type HopText, type PathsDocument, chainText, pathsDocument } from './document.ts';
export { pathsDot, pathsMermaid } from './drawings.ts';
export { pathsTable } from './table.ts';
export { entriesText, nameText, sentenceOf, stepText } from './words.ts';
