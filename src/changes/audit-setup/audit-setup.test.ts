import { describe, expect, test } from 'vitest';
import { auditLevel, parsePolicy } from '../../engines/audit-policy/index.ts';
import { rbacOfObjects } from '../../engines/rbac/index.ts';
import { parseYaml } from '../../lib/yaml.ts';
import type { LostRight } from '../requests/lost.ts';
import { hiddenBecause } from '../requests/observable.ts';
import { PLATFORMS, SETUPS, policyYaml, setupText } from './index.ts';

const parsed = parseYaml(policyYaml());
const { policy, problems, ignored } = parsePolicy('error' in parsed ? undefined : parsed.value);
if (policy === undefined) throw new Error('the policy is none');
const auditPolicy = policy;

const SUBJECTS = rbacOfObjects([
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'b' },
    roleRef: { kind: 'ClusterRole', name: 'r' },
    subjects: [
      { kind: 'ServiceAccount', name: 'cart', namespace: 'shop' },
      { kind: 'User', name: 'jane' },
      { kind: 'Group', name: 'dev' },
      { kind: 'User', name: 'system:kube-scheduler' },
    ],
  },
]).subjects;

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', '*'];
const RESOURCES = [
  ['', 'secrets'],
  ['', 'pods/exec'],
  ['', 'events'],
  ['', 'serviceaccounts/token'],
  ['coordination.k8s.io', 'leases'],
  ['rbac.authorization.k8s.io', 'rolebindings'],
  ['authorization.k8s.io', 'subjectaccessreviews'],
  ['example.com', 'widgets'],
  ['*', '*'],
] as const;

function right(verb: string, more: Partial<LostRight>): LostRight[] {
  return SUBJECTS.map((subject) => ({ subject, namespace: '', verb, apiGroup: '', resource: '', names: [], path: '', ...more }));
}

describe('the policy', () => {
  test('is one that a server takes', () => expect({ problems, ignored }).toEqual({ problems: [], ignored: [] }));

  test('logs the use of every right, whoever has it', () => {
    for (const verb of VERBS)
      for (const [apiGroup, resource] of RESOURCES)
        for (const namespace of ['', 'shop', 'kube-system'])
          for (const lost of right(verb, { apiGroup, resource, namespace }))
            expect(hiddenBecause(lost, SUBJECTS, { auditPolicy, record: undefined }), `${verb} ${resource}`).toBeUndefined();
    for (const lost of right('get', { path: '/metrics' }))
      expect(hiddenBecause(lost, [], { auditPolicy, record: undefined })).toBeUndefined();
    for (const lost of right('get', { path: '/healthz' }))
      expect(hiddenBecause(lost, [], { auditPolicy, record: undefined })).toBe('audit-policy-hides');
  });

  test('keeps no bodies of secrets, tokens or settings, and those of reviews', () => {
    const levelOf = (verb: string, apiGroup: string, whole: string): string => {
      const [resource = '', subresource = ''] = whole.split('/');
      const request = { isResourceRequest: true, verb, apiGroup, resource, subresource, namespace: 'shop', name: '', path: '' };
      return auditLevel(auditPolicy, { ...request, user: { name: 'jane', groups: ['system:authenticated'] } }).level;
    };
    for (const verb of VERBS)
      for (const resource of ['secrets', 'configmaps', 'serviceaccounts/token', 'pods'])
        expect(levelOf(verb, '', resource)).toBe('Metadata');
    expect(levelOf('create', 'authentication.k8s.io', 'tokenreviews')).toBe('Metadata');
    expect(levelOf('create', 'authorization.k8s.io', 'subjectaccessreviews')).toBe('RequestResponse');
    expect(levelOf('create', 'rbac.authorization.k8s.io', 'rolebindings')).toBe('Request');
  });
});

test.each(PLATFORMS)('%s is told what to do, what to expect and what stays unknown', (platform) => {
  const text = setupText(platform);
  for (const part of ['Turn it on', 'castellan record add', 'events a day for each node', 'Proofs need 21 days', 'What stays unknown'])
    expect(text).toContain(part);
  expect(text.includes('kind: Policy')).toBe(SETUPS[platform].ownPolicy);
  if (!SETUPS[platform].ownPolicy) expect(text).toMatch(/same log shows that verb and resource/);
});
