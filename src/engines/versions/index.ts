export { API_REMOVALS, type ApiRemoval, GROUP_VERSIONS } from './api-removals.ts';
export { type ApiStatus, apiStatus } from './api-status.ts';
export { SUPPORT, SUPPORT_AS_OF, type Support, type SupportState, oldestSupported, supportOf } from './support.ts';
