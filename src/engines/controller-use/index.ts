export { type ControllerUse, type Seen, CONTROLLER_MANAGER } from './controller-use.ts';
export { type UseView, viewOfUse } from './use-view.ts';
