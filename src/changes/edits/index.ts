export { combined } from './combined.ts';
export { type FileEdit, type Files, type Unplaced, fileEdits } from './file-edits.ts';
export { type ServerAction, type ServerStep, serverSteps } from './server-steps.ts';
