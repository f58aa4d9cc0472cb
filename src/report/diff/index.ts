export { type DiffDocument, type FindingText, diffDocument } from './document.ts';
export { diffMarkdown } from './markdown.ts';
export { diffTable } from './table.ts';
