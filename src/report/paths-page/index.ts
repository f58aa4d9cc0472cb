export { writePathsPage } from './page.ts';
