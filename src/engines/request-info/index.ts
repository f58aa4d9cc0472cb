export { parseFieldSelector } from './field-selector.ts';
export { isLabelSelector } from './label-selector.ts';
export { type RequestInfo, isLongRunning, requestInfo } from './request-info.ts';
