export type { Configured } from './configured.ts';
export { type EndpointView, endpointsOf } from './endpoint-view.ts';
export { type KnownPorts, knownPorts } from './known-ports.ts';
export type { KnownPort } from './own-ports.ts';
