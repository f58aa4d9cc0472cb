import { describe, expect, it } from 'vitest';
import { requestInfo } from '../request-info/index.ts';
import { type AuditPolicy, type AuditRequest, auditLevel, explainLevel, parsePolicy, seenOf } from './index.ts';

function policy(...rules: Record<string, unknown>[]): AuditPolicy {
  const { policy: parsed, problems } = parsePolicy({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules });
  if (parsed === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
  return parsed;
}
function request(method: string, url: string, user?: AuditRequest['user']): AuditRequest {
  const info = requestInfo(method, url);
  if (info === undefined) throw new Error(url);
  return { ...info, user };
}
const ANNA = { name: 'anna', groups: ['dev', 'system:authenticated'] };
const POD = '/api/v1/namespaces/shop/pods/web';

/** Whether a rule matches, and if not, why. */
function matches(rule: Record<string, unknown>, method = 'GET', url = POD, user: AuditRequest['user'] = ANNA): string {
  const decision = explainLevel(policy({ level: 'Metadata', ...rule }), request(method, url, user));
  return decision.reasons[0]?.because ?? 'matches';
}

describe('a rule', () => {
  it('without anything matches everything', () => {
    expect(matches({})).toBe('matches');
    expect(matches({}, 'GET', '/healthz')).toBe('matches');
    expect(explainLevel(policy({ level: 'Metadata' }), request('GET', POD)).rule).toBe(0);
  });
  it('is for users, or for members of any of its groups', () => {
    expect(matches({ users: ['bert', 'anna'] })).toBe('matches');
    expect(matches({ users: ['bert'], userGroups: ['dev'] })).toBe('user');
    expect(matches({ users: ['anna'], userGroups: ['ops'] })).toBe('group');
    expect(matches({ userGroups: ['ops', 'dev'] })).toBe('matches');
    expect(explainLevel(policy({ level: 'None', userGroups: ['dev'] }), request('GET', POD)).reasons).toEqual([
      { rule: 0, because: 'group' },
    ]);
  });
  it('is for verbs of the API or methods in lower case, and knows no star', () => {
    expect(matches({ verbs: ['get'] })).toBe('matches');
    expect(matches({ verbs: ['*'] })).toBe('verb');
    expect(matches({ verbs: ['list'] }, 'GET', '/api/v1/pods')).toBe('matches');
    expect(matches({ verbs: ['head'] }, 'HEAD', '/healthz')).toBe('matches');
  });
  it('is for namespaces, of which the empty one is outside all', () => {
    expect(matches({ namespaces: ['shop'] })).toBe('matches');
    expect(matches({ namespaces: [''] })).toBe('namespace');
    expect(matches({ namespaces: [''] }, 'GET', '/api/v1/nodes/n1')).toBe('matches');
    expect(matches({ namespaces: [''] }, 'GET', '/api/v1/pods')).toBe('matches');
    expect(matches({ namespaces: ['shop'] }, 'GET', '/api/v1/namespaces/shop')).toBe('matches');
    expect(matches({ namespaces: ['shop'] }, 'GET', '/healthz')).toBe('not-a-resource');
  });
  it('is for other paths', () => {
    expect(matches({ nonResourceURLs: ['/healthz*'] }, 'GET', '/healthz/ping')).toBe('matches');
    expect(matches({ nonResourceURLs: ['/healthz'] }, 'GET', '/healthz/ping')).toBe('path');
    expect(matches({ nonResourceURLs: ['*'] })).toBe('not-a-path');
    expect(matches({ nonResourceURLs: ['*'] }, 'GET', '/api/v1')).toBe('matches');
  });
  it.each([
    [{ group: '' }, 'matches'],
    [{ group: '*' }, 'matches'],
    [{ group: 'apps' }, 'resource'],
    [{ group: '', resources: ['pods'] }, 'matches'],
    [{ group: '', resources: ['pods/exec'] }, 'resource'],
    [{ group: '', resources: ['pods/*'] }, 'matches'],
    [{ group: '', resources: ['*'] }, 'matches'],
    [{ group: '', resources: ['*/*'] }, 'resource'],
    [{ group: '', resources: ['pods'], resourceNames: ['web'] }, 'matches'],
    [{ group: '', resources: ['pods'], resourceNames: ['db'] }, 'name'],
  ])('about %j: %s', (entry, expected) => expect(matches({ resources: [entry] })).toBe(expected));
  it.each([
    [['pods'], 'resource'],
    [['pods/exec'], 'matches'],
    [['pods/*'], 'matches'],
    [['*/exec'], 'matches'],
    [['*/log'], 'resource'],
    [['exec'], 'resource'],
    [['*'], 'matches'],
  ])('about a subresource with %j: %s', (resources, expected) =>
    expect(matches({ resources: [{ group: '', resources }] }, 'POST', `${POD}/exec`)).toBe(expected),
  );
  it('with names is not for what is created, whose name is in the body', () => {
    const rule = { resources: [{ group: '', resources: ['pods'], resourceNames: ['web'] }] };
    expect(matches(rule, 'POST', '/api/v1/namespaces/shop/pods')).toBe('name');
    expect(matches(rule, 'GET', '/api/v1/pods?fieldSelector=metadata.name=web')).toBe('matches');
  });
});

describe('a policy', () => {
  it('lets its first match decide, and without one nothing is recorded', () => {
    const two = policy({ level: 'None', verbs: ['list'] }, { level: 'Request', verbs: ['get'] });
    expect(auditLevel(two, request('GET', POD))).toMatchObject({ level: 'Request', rule: 1 });
    expect(auditLevel(two, request('DELETE', POD))).toEqual({ level: 'None', omitStages: [], omitManagedFields: false });
  });
});

describe('what is seen', () => {
  it.each([
    [[], false, 'Request', true],
    [['RequestReceived'], false, 'Request', true],
    [['ResponseComplete'], false, 'Metadata', false],
    [['ResponseComplete'], true, 'Metadata', true],
    [['ResponseComplete', 'ResponseStarted'], true, 'Metadata', false],
    [['RequestReceived', 'ResponseComplete'], false, 'None', false],
    [['RequestReceived', 'ResponseComplete'], true, 'Metadata', true],
  ] as const)('without %j of a request that runs on: %s', (omitStages, runsOn, level, outcome) =>
    expect(seenOf({ level: 'Request', omitStages }, runsOn)).toEqual({ level, outcome }),
  );
});
