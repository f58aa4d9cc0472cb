export { type FixesPage, writeFixesPage } from './page.ts';
