/**
 * Which paths a port is asked for: those that tell something to whoever may read them. Nothing that runs a command,
 * opens a stream or leads on to another port is ever among them, and no list that would bring Secrets along.
 */
import type { PortOwner, PortUse } from '../../snapshot/index.ts';

const PROFILES = '/debug/pprof/';
const SERVING = ['/healthz', '/metrics', '/configz', PROFILES] as const;

const PATHS: Readonly<Record<PortOwner, readonly string[]>> = {
  'kube-apiserver': [
    '/healthz',
    '/livez',
    '/readyz',
    '/version',
    '/api',
    '/apis',
    '/openapi/v2',
    '/metrics',
    '/configz',
    PROFILES,
    '/.well-known/openid-configuration',
    '/api/v1/namespaces?limit=1',
  ],
  'kube-controller-manager': SERVING,
  'cloud-controller-manager': SERVING,
  'kube-scheduler': SERVING,
  kubelet: ['/healthz', '/pods', '/metrics', '/stats/summary', '/configz', '/logs/', PROFILES],
  'kube-proxy': ['/healthz', '/metrics', '/proxyMode', '/configz', PROFILES],
  etcd: ['/health', '/version', '/metrics'],
  unknown: ['/', '/healthz', '/version', '/metrics'],
};

export function pathsOf(component: PortOwner, use: PortUse): readonly string[] {
  if (component === 'etcd' && use === 'peer') return ['/version', '/members'];
  if (component === 'etcd' && use === 'metrics') return ['/health', '/metrics'];
  if (component === 'kubelet' && use === 'read-only') return ['/healthz', '/pods', '/metrics', '/stats/summary'];
  if (component === 'kube-proxy' && use === 'health') return ['/healthz', '/livez'];
  return PATHS[component];
}
