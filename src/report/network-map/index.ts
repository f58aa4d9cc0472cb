export { writeMap } from './page.ts';
