export { combined } from './combined.ts';
export { type FileEdit, type Files, type Sources, type Unplaced, fileEdits, isSourced } from './file-edits.ts';
export { TextEditFailure } from '../../lib/yaml-edit.ts';
export { type ServerAction, type ServerStep, serverSteps } from './server-steps.ts';
