export { type CloudEntry, CloudView } from './cloud-view.ts';
