import { describe, expect, it } from 'vitest';
import { API_REMOVALS, GROUP_VERSIONS, apiStatus } from './index.ts';

describe('apiStatus', () => {
  it.each([
    ['extensions/v1beta1', 'Deployment', 7, undefined],
    ['extensions/v1beta1', 'Deployment', 15, 'deprecated'],
    ['extensions/v1beta1', 'Deployment', 16, 'removed'],
    ['extensions/v1beta1', 'Ingress', 16, 'deprecated'],
    ['extensions/v1beta1', 'Ingress', 22, 'removed'],
    ['apps/v1beta2', 'StatefulSet', 16, 'removed'],
    ['apps/v1', 'StatefulSet', 36, undefined],
    ['rbac.authorization.k8s.io/v1beta1', 'ClusterRoleBinding', 22, 'removed'],
    ['storage.k8s.io/v1beta1', 'CSIStorageCapacity', 26, 'deprecated'],
    ['storage.k8s.io/v1beta1', 'CSIStorageCapacity', 27, 'removed'],
    ['policy/v1beta1', 'PodDisruptionBudget', 24, 'deprecated'],
    ['policy/v1beta1', 'PodDisruptionBudgetList', 25, 'removed'],
    ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', 31, 'deprecated'],
    ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', 32, 'removed'],
    ['v1', 'Endpoints', 36, 'deprecated'],
    ['v1', 'Service', 36, undefined],
    ['batch/v2', 'Job', 36, 'unknown'],
    ['apps/v2', 'Deployment', 36, 'unknown'],
    ['certificates.k8s.io/v2', 'CertificateSigningRequest', 36, 'unknown'],
    ['certificates.k8s.io/v1beta1', 'ClusterTrustBundle', 36, undefined],
    ['coordination.k8s.io/v1beta1', 'LeaseCandidate', 36, undefined],
    ['resource.k8s.io/v1beta2', 'ResourceClaim', 36, undefined],
    ['node.k8s.io/v1beta2', 'RuntimeClass', 36, 'unknown'],
    ['serving.knative.dev/v1beta1', 'Service', 36, undefined],
    ['', 'Deployment', 36, undefined],
  ])('%s %s at 1.%i is %s', (apiVersion, kind, minor, state) => {
    expect(apiStatus(apiVersion, kind, minor)?.state).toBe(state);
  });

  it('names the replacement where there is one', () => {
    expect(apiStatus('batch/v1beta1', 'CronJob', 36)).toEqual({ state: 'removed', deprecated: 21, removed: 25, replacement: 'batch/v1' });
    expect(apiStatus('policy/v1beta1', 'PodSecurityPolicy', 36)).not.toHaveProperty('replacement');
  });

  it('is of one mind: no API has two entries, and each goes after it was deprecated to one that stays', () => {
    const keys = API_REMOVALS.flatMap(({ api, kinds }) => (kinds.length === 0 ? [api] : kinds.map((kind) => `${api} ${kind}`)));
    expect(new Set(keys).size).toBe(keys.length);
    for (const { api, kinds, deprecated, removed, replacement } of API_REMOVALS) {
      expect(removed ?? Infinity, api).toBeGreaterThanOrEqual(deprecated);
      for (const kind of kinds) if (replacement !== undefined) expect(apiStatus(replacement, kind, 36), `${api} ${kind}`).toBeUndefined();
      const [group = '', version = ''] = api.includes('/') ? api.split('/') : ['', api];
      expect(GROUP_VERSIONS[group], api).toContain(version);
    }
  });
});
