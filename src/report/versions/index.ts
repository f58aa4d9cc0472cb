export { versionsDocument } from './document.ts';
export { versionsMarkdown } from './markdown.ts';
export { versionsTable } from './table.ts';
