export { type DiffDocument, type FindingText, diffDocument, wayText } from './document.ts';
export { diffMarkdown } from './markdown.ts';
export { type WayGroup, wayGroups, wayRow } from './sections.ts';
export { diffTable } from './table.ts';
