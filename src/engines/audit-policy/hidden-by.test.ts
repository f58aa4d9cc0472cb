import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuTimer } from '../../../test/cpu-timer.ts';
import { GROUPS, NAMES, NAMESPACES, USERS, randomPolicy } from '../../../test/cluster/audit-policies.ts';
import { random } from '../../../test/cluster/random.ts';
import { RUNS } from '../../../test/runs.ts';
import { isLongRunning } from '../request-info/index.ts';
import {
  ANONYMOUS,
  ANY,
  AUTHENTICATED,
  type AuditPolicy,
  type AuditRequest,
  LEVELS,
  type RequestSet,
  type Visibility,
  type Who,
  auditLevel,
  hiddenBy,
  parsePolicy,
  partsOf,
  seenOf,
  storedContents,
} from './index.ts';
import { API_VERBS, METHODS, type ResourceTarget } from './request-set.ts';

function policy(...rules: Record<string, unknown>[]): AuditPolicy {
  return parsed({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules });
}
function parsed(file: unknown): AuditPolicy {
  const { policy, problems } = parsePolicy(file);
  if (policy === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
  return policy;
}
function ofClass(id: string, ...rules: Record<string, unknown>[]): Visibility {
  const found = hiddenBy(policy(...rules)).find((one) => one.class === id);
  if (found === undefined) throw new Error(id);
  return found;
}
const SECRETS = { resources: [{ group: '', resources: ['secrets'] }] };

describe('what a policy hides', () => {
  it('is nothing with metadata for everybody', () => {
    for (const { hidden, most } of hiddenBy(policy({ level: 'Metadata' }))) expect([hidden, most]).toEqual(['never', 'Metadata']);
  });
  it('is everything that no rule takes', () => {
    expect(ofClass('role-reads', { level: 'Metadata', ...SECRETS })).toMatchObject({ hidden: 'always', parts: [{ narrowedTo: '' }] });
    expect(ofClass('secret-reads', { level: 'Metadata', ...SECRETS })).toMatchObject({ hidden: 'never' });
  });
  it('is told with the rule, whom it is for and a request to try', () => {
    const found = ofClass(
      'secret-reads',
      { level: 'None', users: ['ci'], verbs: ['list'], namespaces: ['a'], ...SECRETS },
      { level: 'Metadata' },
    );
    expect(found).toMatchObject({ hidden: 'sometimes', least: 'None', most: 'Metadata' });
    expect(found.parts[0]).toMatchObject({
      rule: 0,
      level: 'None',
      narrowedTo: 'user ci, namespace a',
      requests: ['list secrets'],
      sample: { user: { name: 'ci' }, namespace: 'a', verb: 'list' },
    });
  });
  it('does not count rules that an earlier one leaves nothing to', () => {
    const first = { level: 'Metadata', userGroups: ['system:authenticated'] };
    expect(ofClass('secret-reads', first, { level: 'None', users: ['ci'] }).hidden).toBe('never');
    const both = [{ level: 'Metadata', users: ['ci', 'cd'] }, { level: 'None', users: ['ci'], namespaces: ['a'] }, { level: 'Metadata' }];
    expect(ofClass('secret-reads', ...both).hidden).toBe('never');
    const groups = [{ level: 'Metadata', userGroups: ['a', 'b'] }, { level: 'None', userGroups: ['b'] }, { level: 'Metadata' }];
    expect(ofClass('secret-reads', ...groups).hidden).toBe('never');
  });
  it('knows what cannot be told of a request', () => {
    const byName = { level: 'None', resources: [{ group: '', resources: ['secrets'], resourceNames: ['a'] }] };
    const [writes] = hiddenBy(policy(byName, { level: 'Metadata' }), [
      {
        id: 'x',
        title: 'x',
        need: 'Metadata',
        requests: { who: AUTHENTICATED, verbs: ['create'], targets: [target('', 'secrets')], paths: [] },
      },
    ]);
    expect(writes?.hidden).toBe('never');
    expect(ofClass('namespace-writes', { level: 'None', namespaces: ['kube-system'] }, { level: 'Request' })).toMatchObject({
      hidden: 'sometimes',
      parts: [{ narrowedTo: 'namespace kube-system', sample: { name: 'kube-system' } }, {}],
    });
  });
  it('tells anonymous from failed', () => {
    const rules = [{ level: 'None', userGroups: ['system:unauthenticated'] }, { level: 'Metadata' }];
    expect(ofClass('anonymous', ...rules).hidden).toBe('always');
    expect(ofClass('failed-authentication', ...rules).hidden).toBe('never');
    expect(ofClass('secret-reads', ...rules).hidden).toBe('sometimes');
  });
  it('is what leaves no event, and thin what has no outcome', () => {
    expect(ofClass('secret-reads', { level: 'Metadata', omitStages: ['RequestReceived', 'ResponseComplete'] })).toMatchObject({
      hidden: 'sometimes',
      most: 'Metadata',
    });
    expect(ofClass('secret-writes', { level: 'Metadata', omitStages: ['ResponseComplete'] })).toMatchObject({
      hidden: 'never',
      thinned: 'always',
    });
    expect(ofClass('role-writes', { level: 'Metadata' })).toMatchObject({ hidden: 'never', thinned: 'always' });
  });
});

it('is not led astray by what a policy calls things', () => {
  const named = { level: 'Metadata', resources: [{ group: 'unnamed.invalid' }, { group: '*', resources: ['unnamed.invalid', '*/*'] }] };
  expect(ofClass('every-read', named)).toMatchObject({ hidden: 'sometimes', parts: [{ rule: 0 }, { level: 'None' }] });
});

describe('contents', () => {
  const stored = (...rules: Record<string, unknown>[]): string[] =>
    storedContents(policy(...rules)).map(({ id, stored }) => `${id} ${stored}`);
  it('of credentials are stored from the level on at which a body is', () => {
    expect(stored({ level: 'Metadata' }).filter((line) => !line.endsWith('never'))).toEqual([]);
    expect(stored({ level: 'RequestResponse' })).toEqual([
      'secrets always',
      'configmaps always',
      'tokenreviews always',
      'serviceaccounts/token always',
    ]);
    expect(stored({ level: 'Request' })).toEqual([
      'secrets sometimes',
      'configmaps sometimes',
      'tokenreviews always',
      'serviceaccounts/token never',
    ]);
    expect(stored({ level: 'Request', verbs: ['get', 'list', 'watch'] })).toEqual([
      'secrets never',
      'configmaps never',
      'tokenreviews never',
      'serviceaccounts/token never',
    ]);
  });
});

function target(group: string, resource: string, subresource = ''): ResourceTarget {
  return { group, resource, subresource, scope: 'namespaced' };
}

/** Sets small enough to try every request that policies of the generator can tell apart. */
const TARGETS: readonly ResourceTarget[] = [
  target('', 'secrets'),
  target('', 'pods', 'exec'),
  target('apps', 'deployments'),
  { group: '', resource: 'nodes', subresource: 'proxy', scope: 'cluster' },
  { group: '', resource: 'namespaces', subresource: '', scope: 'namespace' },
  { group: 'rbac.authorization.k8s.io', resource: 'clusterroles', subresource: '', scope: 'cluster' },
  { group: 'none.example.com', resource: 'widgets', subresource: '', scope: 'any' },
];
const WHO: readonly (Who | undefined)[] = [
  AUTHENTICATED,
  ANONYMOUS,
  undefined,
  { groups: ['system:authenticated', 'dev'], closed: false },
  { name: 'system:serviceaccount:shop:cart', groups: ['system:authenticated', 'system:serviceaccounts'], closed: true },
  { name: 'alice', groups: ['system:authenticated'], closed: false },
];
const GROUP_SETS = GROUPS.reduce<string[][]>((sets, group) => sets.flatMap((set) => [set, [...set, group]]), [[]]);

function* usersOf(who: Who | undefined): Generator<AuditRequest['user']> {
  if (who === undefined) {
    yield undefined;
    return;
  }
  for (const name of who.name === undefined ? [...USERS, 'carol'] : [who.name]) {
    for (const more of who.closed ? [[]] : GROUP_SETS) yield { name, groups: [...who.groups, ...more] };
    if (!who.closed) yield { name, groups: [...who.groups, 'system:unauthenticated'] };
  }
}

const PLACES = ['', 'elsewhere', ...new Set([...NAMES, ...NAMESPACES])];

/** Every request, by rules of its own: which have a name, which a namespace. */
function* requestsOf({ who, verbs, targets, namespaces, names }: RequestSet): Generator<AuditRequest> {
  const [{ group: apiGroup, resource, subresource, scope }, verb] = [targets[0] ?? target('', ''), verbs[0] ?? ''];
  const users = [...usersOf(who)];
  for (const namespace of namespaces ?? PLACES) {
    for (const name of names ?? PLACES) {
      const lists = verb === 'list' || verb === 'watch';
      const nameless = verb === 'deletecollection' || (verb === 'create' && subresource === '');
      if (nameless ? name !== '' : name === '' && !lists) continue;
      if (scope === 'cluster' && namespace !== '') continue;
      if (scope === 'namespaced' && namespace === '' && !lists) continue;
      if (scope === 'namespace' && namespace !== name && !(namespace === '' && (lists || nameless))) continue;
      for (const user of users) yield { isResourceRequest: true, verb, apiGroup, resource, subresource, namespace, name, path: '', user };
    }
  }
}

const seeds = fc.integer();

describe('on random policies', () => {
  it('the rules that decide are exactly those that decide when every request is tried', () => {
    const only = fc.constantFrom(
      {},
      {},
      { namespaces: ['shop'] },
      { names: ['a', 'shop'] },
      { namespaces: ['', 'kube-system'], names: ['', 'shop'] },
    );
    const parts = [fc.constantFrom(...TARGETS), fc.constantFrom(...WHO), fc.constantFrom(...API_VERBS)] as const;
    fc.assert(
      fc.property(seeds, only, ...parts, (seed, narrowed, one, who, verb) => {
        const whole = parsed(randomPolicy(random(seed)));
        const set: RequestSet = { who, verbs: [verb], targets: [one], paths: [], ...narrowed };
        const tried = new Set<string>();
        for (const request of requestsOf(set)) {
          const decision = auditLevel(whole, request);
          const { level, outcome } = seenOf(decision, isLongRunning(request));
          tried.add(`${decision.rule ?? 'none'} ${level} ${outcome}`);
        }
        const { parts, exact } = partsOf(whole, set);
        expect(exact).toBe(true);
        expect(parts.map(({ rule, level, outcome }) => `${rule ?? 'none'} ${level} ${outcome}`).toSorted()).toEqual([...tried].toSorted());
      }),
      { numRuns: RUNS },
    );
  });

  it('every sample is decided by the rule that it stands for', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const whole = parsed(randomPolicy(random(seed)));
        for (const { parts } of hiddenBy(whole)) {
          for (const { rule, sample, level } of parts) {
            const decision = auditLevel(whole, sample);
            expect(decision.rule).toBe(rule);
            expect(seenOf(decision, isLongRunning(sample)).level).toBe(level);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('no request of an open set is seen less than the set', () => {
    const everything: RequestSet = {
      who: AUTHENTICATED,
      verbs: [ANY],
      targets: [{ group: ANY, resource: ANY, subresource: ANY, scope: 'any' }],
      paths: ['*'],
    };
    fc.assert(
      fc.property(seeds, (seed) => {
        const whole = parsed(randomPolicy(random(seed)));
        const [all] = hiddenBy(whole, [{ id: 'all', title: 'all', need: 'Metadata', requests: everything }]);
        const chance = random(seed + 1);
        for (let count = 0; count < 300; count += 1) {
          const isResourceRequest = chance.chance(0.8);
          const { group, resource, subresource } = chance.pick(TARGETS);
          const request: AuditRequest = {
            isResourceRequest,
            verb: chance.pick<string>(isResourceRequest ? API_VERBS : METHODS),
            apiGroup: isResourceRequest ? group : '',
            resource: isResourceRequest ? resource : '',
            subresource: isResourceRequest ? subresource : '',
            namespace: isResourceRequest && resource !== 'namespaces' ? chance.pick(['', 'x', ...NAMESPACES]) : '',
            name: '',
            path: isResourceRequest ? '' : chance.pick(['/', '/healthz', '/healthz/a', '/a', '/api/v1', '/version']),
            user: { name: chance.pick(['carol', ...USERS]), groups: ['system:authenticated', ...chance.some(GROUPS, 3)] },
          };
          if (isResourceRequest && !['list', 'watch', 'deletecollection'].includes(request.verb)) continue;
          const { level } = seenOf(auditLevel(whole, request), isLongRunning(request));
          expect(LEVELS.indexOf(level)).toBeGreaterThanOrEqual(LEVELS.indexOf(all?.least ?? 'None'));
          expect(LEVELS.indexOf(level)).toBeLessThanOrEqual(LEVELS.indexOf(all?.most ?? 'None'));
          if (level === 'None') expect(all?.hidden).not.toBe('never');
          else expect(all?.hidden).not.toBe('always');
        }
      }),
      { numRuns: 60 },
    );
  });
});

it('stays in time on a policy that names thousands', () => {
  const many = (what: string): string[] => Array.from({ length: 3000 }, (_, index) => `${what}${index}`);
  const hostile = policy(
    {
      level: 'None',
      users: many('u'),
      namespaces: many('n'),
      resources: [{ group: '', resources: ['secrets'], resourceNames: many('o') }],
    },
    { level: 'Request', userGroups: many('g'), resources: many('r').map((group) => ({ group, resources: ['a', 'b/c'] })) },
    { level: 'Metadata' },
  );
  const worked = cpuTimer();
  const found = hiddenBy(hostile);
  expect(worked()).toBeLessThan(5000);
  expect(found.find((one) => one.class === 'secret-reads')).toMatchObject({ hidden: 'maybe', least: 'None', most: 'Metadata' });
  expect(found.find((one) => one.class === 'role-reads')).toMatchObject({ hidden: 'never' });
});
