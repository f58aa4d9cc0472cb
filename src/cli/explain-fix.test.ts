import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { explainFix } from './explain-fix.ts';

const FLAGS = {
  record: 'examples/shop.record',
  auditPolicy: 'examples/shop.audit-policy.yaml',
  servers: '2',
  on: '2026-11-03',
  top: '12',
  color: false,
};

const RBAC = 'rbac.authorization.k8s.io';
/** An administrator that only ever read one Secret. */
const RUNNER = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'runner', namespace: 'ci' } },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'admins' },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'runner', namespace: 'ci' }],
  },
];
const READ = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  auditID: '1',
  stage: 'ResponseComplete',
  verb: 'get',
  requestURI: '/api/v1/namespaces/ci/secrets/key',
  user: {
    username: 'system:serviceaccount:ci:runner',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:ci', 'system:authenticated'],
  },
  objectRef: { resource: 'secrets', namespace: 'ci', name: 'key', apiVersion: 'v1' },
  responseStatus: { code: 200 },
  stageTimestamp: '2026-03-01T10:00:00.000000Z',
  annotations: { 'authorization.k8s.io/decision': 'allow' },
};

it('shows what keeps the recorded use that a fix would deny, with its own verdict and edit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-explain-'));
  try {
    const [objects, log] = [join(folder, 'ci.json'), join(folder, 'audit.log')];
    writeFileSync(objects, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: RUNNER }));
    writeFileSync(log, `${JSON.stringify(READ)}\n`);
    const text = (await explainFix('1', [objects], { audit: [log], color: false })) ?? '';
    const [before = '', instead = ''] = text.split('Instead, with what is used kept\n');
    expect(before).toMatch(/^verdict +breaks$/m);
    expect(before).toContain('Would be refused');
    expect(before).toContain('get secrets');
    expect(instead).toMatch(/^ {2}give ServiceAccount ci\/runner a role of its own/);
    expect(instead).toMatch(/closes 1 foothold .*; unknown, /);
    expect(instead).toContain('cluster-admin-used-by-runner');
    expect(instead).not.toMatch(/^\+ +- '\*'/m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('says nothing of the kind where nothing is denied', async () => {
  expect(await explainFix('1', ['examples/shop'], FLAGS)).not.toContain('Instead');
});
