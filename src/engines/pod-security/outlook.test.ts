import { expect, test } from 'vitest';
import { clusterOf } from '../../../test/rule-tester.ts';
import { buildCluster } from '../../model/index.ts';
import { type NamespaceOutlook, podSecurityOutlook } from './outlook.ts';

const HARDENED = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{ name: 'app', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
};
const PLAIN = { containers: [{ name: 'app' }] };

function deployment(namespace: string, name: string, spec: unknown): unknown {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { template: { spec } } };
}
function namespace(name: string, labels: Record<string, string> = {}): unknown {
  const prefixed = Object.entries(labels).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value]);
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: Object.fromEntries(prefixed) as unknown } };
}

/** An outlook with names in the place of workloads. */
function shown({ stricter, ...rest }: NamespaceOutlook): unknown {
  return {
    ...rest,
    stricter: stricter.map(({ level, obstacles }) => [
      level,
      ...obstacles.map(({ workload, controls }) => `${workload.name}: ${controls.join(' ')}`),
    ]),
  };
}
function outlookOf(...objects: unknown[]): unknown[] {
  return podSecurityOutlook(clusterOf(objects)).map(shown);
}

test('each namespace by what all its workloads meet, by name', () => {
  const outlook = outlookOf(
    deployment('shop', 'web', HARDENED),
    deployment('ops', 'agent', { ...PLAIN, hostPID: true }),
    deployment('ops', 'cron', HARDENED),
    deployment('ops', 'api', { ...HARDENED, containers: PLAIN.containers }),
    deployment('data', 'db', PLAIN),
    namespace('empty', { enforce: 'baseline', 'enforce-version': 'v1.30' }),
    namespace('shop'),
  );
  const restricted = 'allowPrivilegeEscalation capabilities_restricted';
  expect(outlook).toEqual([
    {
      namespace: 'data',
      workloads: 1,
      possible: 'baseline',
      labels: undefined,
      stricter: [['restricted', `db: ${restricted} runAsNonRoot seccompProfile_restricted`]],
    },
    {
      namespace: 'empty',
      workloads: 0,
      possible: 'restricted',
      labels: { enforce: { level: 'baseline', version: 'v1.30', valid: true } },
      stricter: [],
    },
    {
      namespace: 'ops',
      workloads: 3,
      possible: 'privileged',
      labels: undefined,
      stricter: [
        ['baseline', 'agent: hostNamespaces'],
        ['restricted', `agent: hostNamespaces ${restricted} runAsNonRoot seccompProfile_restricted`, `api: ${restricted}`],
      ],
    },
    { namespace: 'shop', workloads: 1, possible: 'restricted', labels: {}, stricter: [] },
  ]);
});

test('a level counts only when it admits everything: restricted lets a Windows pod by that the baseline refuses', () => {
  const windows = {
    os: { name: 'windows' },
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'Unconfined' } },
    containers: [{ name: 'app' }],
  };
  expect(outlookOf(deployment('a', 'win', windows))).toMatchObject([{ possible: 'restricted', stricter: [] }]);
  expect(outlookOf(deployment('a', 'win', windows), deployment('a', 'db', PLAIN))).toMatchObject([
    {
      possible: 'privileged',
      stricter: [
        ['baseline', 'win: seccompProfile_baseline'],
        ['restricted', expect.stringMatching(/^db: /)],
      ],
    },
  ]);
});

test('labels as admission takes them', () => {
  expect(outlookOf(namespace('a', { enforce: 'Restricted', warn: 'strict', audit: 'baseline', 'audit-version': '1.30' }))).toMatchObject([
    {
      labels: {
        enforce: { level: 'restricted', version: 'latest', valid: false },
        warn: { level: 'privileged', version: 'latest', valid: false },
        audit: { level: 'baseline', version: '1.30', valid: false },
      },
    },
  ]);
});

test("the cluster's own version decides", () => {
  const probing = { containers: [{ name: 'app', livenessProbe: { httpGet: { host: 'a', port: 80 } } }] };
  const at = (kubernetesVersion: string): unknown => {
    const cluster = buildCluster({
      header: { kind: 'cluster', complete: true, kubernetesVersion },
      objects: [
        { object: deployment('a', 'web', probing) as Record<string, unknown>, origin: { source: '', line: 1, format: 'yaml', prefix: [] } },
      ],
      counts: { files: 0, documents: 1, judged: 1, foreign: 0 },
      gaps: [],
    });
    return podSecurityOutlook(cluster).map(({ possible }) => possible);
  };
  expect(at('v1.33.4')).toEqual(['baseline']);
  expect(at('v1.34.0')).toEqual(['privileged']);
});
