import { describe, expect, it, test } from 'vitest';
import { CastellanError } from '../lib/errors.ts';
import { evalAuditPolicy } from './eval-audit-policy.ts';
import { evalRequestInfo } from './eval-request-info.ts';

const POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'None', users: ['ci'] },
    { level: 'None', userGroups: ['a', 'b', 'c', 'd', 'e', 'f'] },
    { level: 'None', verbs: ['watch'] },
    { level: 'None', nonResourceURLs: ['/healthz*'] },
    { level: 'None', namespaces: ['', 'kube-system'] },
    { level: 'None', resources: [{ group: 'apps' }] },
    { level: 'None', resources: [{ group: '', resources: ['pods'], resourceNames: ['x'] }] },
    { level: 'Metadata', resources: [{ group: '', resources: ['pods'] }], omitManagedFields: true },
  ],
};
const USER = { name: 'anna', groups: ['dev'] };

describe('eval audit-policy', () => {
  it('says what decides and why nothing before it does', () => {
    const { results, problems } = evalAuditPolicy({
      policy: POLICY,
      requests: [{ user: USER, verb: 'get', apiGroup: '', resource: 'pods', namespace: 'shop', name: 'web' }],
    }) as { results: { reasons: { message: string }[] }[]; problems: unknown[] };
    expect(problems).toEqual([]);
    expect(results[0]).toMatchObject({ level: 'Metadata', rule: 7, omitStages: ['RequestReceived'], omitManagedFields: true });
    expect(results[0]?.reasons.map(({ message }) => message)).toEqual([
      'rules[0] is for the users ci',
      'rules[1] is for members of a, b, c, d, e and 1 more',
      'rules[2] is for the verbs watch',
      'rules[3] is for paths that are no resources',
      'rules[4] is for what has no namespace, namespace kube-system',
      'rules[5] is for other resources',
      'rules[6] is for other objects of the resource',
    ]);
  });
  it('takes requests in three forms, and one by nobody', () => {
    const { results } = evalAuditPolicy({
      policy: { ...POLICY, rules: [...POLICY.rules, { level: 'Request' }] },
      requests: [
        { user: USER, verb: 'get', path: '/healthz/ping' },
        { user: USER, method: 'GET', url: '/api/v1/namespaces/shop/pods?watch=1' },
        { method: 'GET', url: '/version' },
      ],
    }) as { results: { rule: number; level: string; reasons: { message: string }[] }[] };
    expect(results.map(({ rule, level }) => `${rule} ${level}`)).toEqual(['3 None', '2 None', '8 Request']);
    expect(results[2]?.reasons[3]?.message).toBe('rules[3] is for the paths /healthz*');
    expect(results[2]?.reasons[4]?.message).toBe('rules[4] is for resources, and the request is for another path');
  });
  it('says null where no rule matches', () => {
    const { results } = evalAuditPolicy({ policy: POLICY, requests: [{ verb: 'get', path: '/version' }] }) as { results: unknown[] };
    expect(results).toMatchObject([{ level: 'None', rule: null }]);
  });
  it('gives problems instead of results for what the server refuses, and what it reads past', () => {
    const policy = { ...POLICY, rules: [{ level: 'all', verb: [] }] };
    expect(evalAuditPolicy({ policy, requests: [{ verb: 'get', path: '/' }] })).toMatchObject({
      results: [],
      problems: [{ path: 'rules[0].level' }],
      ignored: ['rules[0].verb'],
    });
  });
});

test.each<[string, unknown, RegExp]>([
  ['no requests', undefined, /"requests" is not a list/],
  ['a request that is none', [5], /requests\[0\] is no object/],
  ['a number as verb', [{ verb: 5 }], /"verb"/],
  ['no verb', [{ resource: 'pods' }], /neither "verb"/],
  ['no resource', [{ verb: 'get' }], /neither "resource"/],
  ['a user without a name', [{ user: {}, verb: 'get', path: '/' }], /"user"/],
  ['groups that are none', [{ user: { name: 'a', groups: [1] }, verb: 'get', path: '/' }], /"user"/],
  ['a URL that is none', [{ method: 'GET', url: 'pods' }], /"url"/],
  ['a URL that the server answers itself', [{ method: 'GET', url: '/api/v1/watch' }], /"url"/],
])('%s is a bad case', (_name, requests, message) => {
  expect(() => evalAuditPolicy({ policy: POLICY, requests })).toThrow(message);
});

describe('eval request-info', () => {
  it('gives every part', () => {
    expect(evalRequestInfo({ method: 'GET', url: '/apis/apps/v1/namespaces/shop/deployments/web/scale' })).toEqual({
      isResourceRequest: true,
      verb: 'get',
      apiGroup: 'apps',
      apiVersion: 'v1',
      namespace: 'shop',
      resource: 'deployments',
      subresource: 'scale',
      name: 'web',
      fieldSelector: '',
      labelSelector: '',
      path: '/apis/apps/v1/namespaces/shop/deployments/web/scale',
    });
  });
  it.each([{}, { method: 'GET' }, { url: '/' }, { method: 'GET', url: 'x' }])('refuses %j', (input) => {
    expect(() => evalRequestInfo(input)).toThrow(CastellanError);
  });
});
