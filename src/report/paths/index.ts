export { pathsCsv } from './csv.ts';
export { type HopText, type PathText, type PathsDocument, chainText, pathsDocument } from './document.ts';
export { pathsDot, pathsMermaid } from './drawings.ts';
export { pathsTable } from './table.ts';
export { countNotes, entriesText, entryText, placeText, sentenceOf, stepText } from './words.ts';
