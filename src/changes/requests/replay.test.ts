import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { type AuditPolicy, parsePolicy } from '../../engines/audit-policy/index.ts';
import { type Rbac, catalogOf, rbacOfObjects } from '../../engines/rbac/index.ts';
import { toState } from '../state-examples.ts';
import { Ledger, type UseRecord } from '../../record/index.ts';
import type { RequestEvidence } from './evidence.ts';
import { type RequestProof, replayRequests } from './replay.ts';

const DAY = 86_400;
const FROM = 20_000 * DAY;
const ACCOUNT = 'system:serviceaccount:shop:cart';
const GROUPS = ['system:authenticated', 'system:serviceaccounts', 'system:serviceaccounts:shop'];

type RuleText = readonly [verbs: string, resources: string, names?: string];

const ruleOf = ([verbs, resources, names]: RuleText): Record<string, unknown> => ({
  apiGroups: [''],
  verbs: verbs.split(','),
  resources: resources.split(','),
  ...(names !== undefined && { resourceNames: names.split(',') }),
});

function rights(...rules: readonly RuleText[]): Record<string, unknown>[] {
  return [
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'r', namespace: 'shop' }, rules: rules.map(ruleOf) },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'b', namespace: 'shop' },
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [{ kind: 'ServiceAccount', name: 'cart', namespace: 'shop' }],
    },
  ];
}

function everywhere(...rules: readonly RuleText[]): Record<string, unknown>[] {
  return rights(...rules).map(({ kind, roleRef, ...object }) => ({
    ...object,
    kind: `Cluster${String(kind)}`,
    metadata: { name: 'r' },
    ...(roleRef !== undefined && { roleRef: { kind: 'ClusterRole', name: 'r' } }),
  }));
}

interface Seen {
  readonly verb: string;
  readonly resource: string;
  readonly group?: string;
  readonly name?: string;
  readonly user?: string;
  readonly day?: number;
  readonly denied?: boolean;
}

/** Four weeks of one server whose log has no hole; then what was seen. */
function recordOf(seen: readonly Seen[], change: (ledger: Ledger) => void = () => undefined): UseRecord {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  for (let minute = 0; minute < 28 * 1440; minute += 1) stream.event(FROM + minute * 60, { beat: true });
  change(ledger);
  for (const { verb, resource, group = '', name = '', user = ACCOUNT, day = 3, denied = false } of seen) {
    const [main = '', subresource = ''] = resource.split('/');
    const actor = ledger.actor({ name: user, groups: user === ACCOUNT ? GROUPS : ['system:authenticated'] });
    const asked = { verb, apiGroup: group, resource: main, subresource, namespace: 'shop', name, path: '', through: 'request' } as const;
    ledger.request(actor, asked, { stream: stream.id, time: FROM + day * DAY, outcome: denied ? 'denied' : 'allowed' });
  }
  return ledger.record();
}

function policyOf(...rules: readonly Record<string, unknown>[]): AuditPolicy {
  const { policy } = parsePolicy({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules });
  if (policy === undefined) throw new Error('no policy');
  return policy;
}

const EVERYTHING = policyOf({ level: 'Metadata' });

function evidenceOf(seen: readonly Seen[], more: Partial<RequestEvidence> = {}): RequestEvidence {
  return {
    record: recordOf(seen),
    auditPolicy: EVERYTHING,
    servers: 1,
    users: [{ ref: 'Deployment/shop/cart', account: ACCOUNT, starts: [FROM + DAY] }],
    accounts: new Set([ACCOUNT]),
    rolesKnown: true,
    ...more,
  };
}

const USED: readonly RuleText[] = [['get', 'configmaps']];
const BEFORE = rbacOfObjects(rights(...USED, ['get', 'secrets']));
const AFTER = rbacOfObjects(rights(...USED));
const SEEN: readonly Seen[] = [{ verb: 'get', resource: 'configmaps', name: 'c' }];

const proved = (evidence: RequestEvidence, before = BEFORE, after = AFTER): RequestProof => replayRequests(before, after, evidence);
const codes = ({ unknownBecause }: RequestProof): string[] => [...new Set(unknownBecause.map(({ code }) => code))].toSorted();

describe('taking a right away', () => {
  test('is safe where a complete record has no use of it', () => {
    expect(proved(evidenceOf(SEEN))).toMatchObject({ verdict: 'safe', unknownBecause: [], denies: [], replayed: 1 });
  });

  test('breaks what was used, and says who, what, how often and when last', () => {
    const seen: Seen[] = [
      ...SEEN,
      { verb: 'get', resource: 'secrets', name: 'db' },
      { verb: 'get', resource: 'secrets', name: 'db', day: 9 },
    ];
    expect(proved(evidenceOf(seen))).toMatchObject({
      verdict: 'breaks',
      denies: [{ who: ACCOUNT, what: 'get secrets db in shop', count: 2, last: FROM + 9 * DAY }],
    });
  });

  test('to create breaks streams of pods that were opened by a get, from 1.35 on', () => {
    const [before, after] = [rbacOfObjects(rights(['get,create', 'pods/exec'])), rbacOfObjects(rights(['get', 'pods/exec']))];
    const evidence = evidenceOf([{ verb: 'get', resource: 'pods/exec', name: 'web' }]);
    const denies = [{ who: ACCOUNT, what: 'create pods/exec web in shop', count: 1 }];
    expect(proved(evidence, before, after)).toMatchObject({ verdict: 'breaks', denies });
    expect(proved({ ...evidence, minor: 35 }, before, after).verdict).toBe('breaks');
    expect(proved({ ...evidence, minor: 34 }, before, after).verdict).toBe('safe');
  });

  test('of somebody who never had it takes nothing, and needs no record', () => {
    const nothing = { ...evidenceOf([]), record: undefined };
    // A second rule that says the same.
    expect(
      proved(nothing, rbacOfObjects(rights(['get', 'secrets'], ['get,list', 'secrets'])), rbacOfObjects(rights(['get,list', 'secrets']))),
    ).toMatchObject({ verdict: 'safe' });
    // An account that is not there.
    expect(proved({ ...nothing, accounts: new Set() })).toMatchObject({ verdict: 'safe' });
    expect(proved({ ...nothing, accounts: undefined })).toMatchObject({ verdict: 'unknown' });
  });

  test('takes what the log shows, also where the catalog has no such resource, or the account is gone by now', () => {
    const catalog = catalogOf(toState([]).cluster);
    const [before, after] = [rbacOfObjects(rights(...USED, ['get,create', 'things'])), rbacOfObjects(rights(...USED, ['get', 'things']))];
    const seen = (verb: string): RequestEvidence => evidenceOf([...SEEN, { verb, resource: 'things' }], { catalog });
    expect(proved(evidenceOf(SEEN, { catalog }), before, after)).toMatchObject({ verdict: 'safe', lost: [] });
    expect(proved(seen('create'), before, after).verdict).toBe('breaks');
    // Where there is one request there may be others: then silence has to prove it.
    expect(proved({ ...seen('get'), servers: 2 }, before, after)).toMatchObject({ verdict: 'unknown' });
    const gone = evidenceOf([...SEEN, { verb: 'get', resource: 'secrets' }], { accounts: new Set() });
    expect(proved(gone).verdict).toBe('breaks');
    expect(codes(proved(evidenceOf(SEEN, { accounts: new Set(), servers: 2 })))).toEqual(['servers-missing']);
  });

  test('of a role that is not in the input is unknown, unless that means that there is none', () => {
    const [, binding] = rights();
    const [before, after] = [rbacOfObjects([binding ?? {}]), rbacOfObjects([])];
    expect(codes(proved(evidenceOf(SEEN, { rolesKnown: false }), before, after))).toEqual(['role-unknown']);
    expect(proved({ ...evidenceOf([]), record: undefined }, before, after).verdict).toBe('safe');
  });

  test('without a record is unknown', () => {
    expect(codes(proved({ ...evidenceOf([]), record: undefined }))).toEqual(['no-record']);
    expect(codes(proved({ ...evidenceOf([]), record: new Ledger().record() }))).toEqual(['no-record']);
  });

  test('of an account in whose name another one acts as its work is no matter of its own token', () => {
    const record = recordOf(SEEN, (ledger) => asks(ledger, { through: 'impersonation', by: 'system:serviceaccount:flux:applier' }));
    expect(proved(evidenceOf([], { record })).verdict).toBe('safe');
  });

  test('counts what was refused as wanted, not as used', () => {
    expect(proved(evidenceOf([...SEEN, { verb: 'get', resource: 'secrets', name: 'db', denied: true }])).verdict).toBe('safe');
  });
});

const ROLE_WRITER = rights(['create', 'roles']).map((object) => ({
  ...object,
  metadata: { name: 'writer', namespace: 'shop' },
  ...(object.kind === 'Role'
    ? { rules: [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['create'] }] }
    : { roleRef: { kind: 'Role', name: 'writer' } }),
}));

/** Each changes one thing of what makes the first test above safe. */
type Doubt = readonly [code: string, what: string, evidence: RequestEvidence, before?: Rbac, after?: Rbac];

const DOUBTS: readonly Doubt[] = [
  [
    'audit-policy-hides',
    'reads are not logged',
    evidenceOf(SEEN, {
      auditPolicy: policyOf({ level: 'None', verbs: ['get'], resources: [{ group: '', resources: ['secrets'] }] }, { level: 'Metadata' }),
    }),
  ],
  [
    'audit-policy-hides',
    'only the beginning is logged',
    evidenceOf(SEEN, { auditPolicy: policyOf({ level: 'Metadata', omitStages: ['ResponseComplete'] }) }),
  ],
  [
    'audit-policy-hides',
    'it is hidden of those who may act as the account',
    evidenceOf(SEEN, { auditPolicy: policyOf({ level: 'None', userGroups: ['system:masters'] }, { level: 'Metadata' }) }),
  ],
  ['never-seen-logged', 'there is no policy and nobody read a Secret', without(evidenceOf(SEEN), 'auditPolicy')],
  [
    'never-seen-logged',
    'there is no policy and only one of two servers logged such reads',
    without(evidenceOf([], { servers: 2, record: withReads(recordOf(SEEN, (ledger) => withSecond(ledger))) }), 'auditPolicy'),
  ],
  [
    'never-seen-logged',
    'a provider hands on no reads, whatever the policy says',
    evidenceOf([], { record: recordOf(SEEN, (ledger) => ledger.stream('cp1', 'audit').formats.add('azure')) }),
  ],
  [
    'baseline-differs',
    'the log shows what the rights of today do not allow',
    evidenceOf([...SEEN, { verb: 'delete', resource: 'pods', name: 'x' }]),
  ],
  [
    'baseline-differs',
    'what was refused a week ago is allowed today',
    evidenceOf([...SEEN, { verb: 'get', resource: 'secrets', name: 'db', denied: true, day: 20 }]),
  ],
  ['subject-silent', 'the account never asked for anything', evidenceOf([])],
  [
    'subject-silent',
    'others asked what the account may do',
    evidenceOf([], { record: recordOf([], (ledger) => asks(ledger, { through: 'review' })) }),
  ],
  [
    'subject-silent',
    'somebody tried out its rights in its name',
    evidenceOf([], { record: recordOf(SEEN, (ledger) => asks(ledger, { through: 'impersonation' })) }),
  ],
  [
    'no-start-seen',
    'its pods are older than the log',
    evidenceOf(SEEN, { users: [{ ref: 'Deployment/shop/cart', account: ACCOUNT, starts: [FROM - 9] }] }),
  ],
  [
    'no-start-seen',
    'another workload of the account never started',
    evidenceOf(SEEN, { users: [...evidenceOf([]).users, { ref: 'Job/shop/once', account: ACCOUNT, starts: [] }] }),
  ],
  [
    'schedule-unseen',
    'a CronJob runs once a month',
    evidenceOf(SEEN, { users: [{ ref: 'CronJob/shop/report', account: ACCOUNT, starts: [FROM + DAY], period: 31 * DAY }] }),
  ],
  [
    'schedule-unseen',
    'a CronJob of each week ran once, with several pods',
    evidenceOf(SEEN, {
      users: [{ ref: 'CronJob/shop/report', account: ACCOUNT, starts: [FROM + DAY, FROM + DAY + 3600], period: 7 * DAY }],
    }),
  ],
  [
    'no-start-seen',
    'all its pods are newer than the log',
    evidenceOf([{ verb: 'create', resource: 'pods/binding', name: 'cart-5d4f6c7b8d', user: 'system:kube-scheduler' }, ...SEEN], {
      users: [{ ref: 'Deployment/shop/cart', account: ACCOUNT, starts: [FROM + 29 * DAY] }],
    }),
  ],
  [
    'no-start-seen',
    'a workflow that is not there now runs as the account',
    evidenceOf(SEEN, { others: [{ ref: 'WorkflowTemplate/shop/build', account: ACCOUNT, starts: [] }] }),
  ],
  [
    'schedule-unseen',
    'a workflow of each month was seen once',
    evidenceOf([{ verb: 'create', resource: 'pods/binding', name: 'report-17', user: 'system:kube-scheduler' }, ...SEEN], {
      others: [{ ref: 'CronWorkflow/shop/report', account: ACCOUNT, starts: [], period: 31 * DAY }],
    }),
  ],
  [
    'rare-component',
    'it restores backups',
    evidenceOf(SEEN, { users: [{ ref: 'Deployment/shop/velero', account: ACCOUNT, starts: [FROM + DAY], rare: 'backup' }] }),
  ],
  ['record-old', 'the cluster was read eight days after its end', evidenceOf(SEEN, { readAt: FROM + 36 * DAY })],
  ['window-short', 'the right was given in the last days', evidenceOf(SEEN, { grantedSince: new Map([['Role/shop/r', FROM + 20 * DAY]]) })],
  ['window-short', 'there are only days', evidenceOf(SEEN, { leastWindow: 60 * DAY })],
  ['servers-missing', 'the log of the second server is missing', evidenceOf(SEEN, { servers: 2 })],
  [
    'servers-missing',
    'the log of one server was given under two names',
    evidenceOf([], { servers: 2, record: recordOf(SEEN, (ledger) => withTwin(ledger)) }),
  ],
  [
    'servers-missing',
    'the log of one server was given again without its first events',
    evidenceOf([], { servers: 2, record: recordOf(SEEN, (ledger) => withRest(ledger)) }),
  ],
  ['servers-unknown', 'nobody says how many servers there are', without(evidenceOf(SEEN), 'servers')],
  [
    'lines-unread',
    'a line could not be read',
    evidenceOf([], { record: recordOf(SEEN, (ledger) => ledger.stream('cp1', 'audit').miss('line that is no JSON')) }),
  ],
  [
    'no-heartbeat',
    'a second log has no heartbeat',
    evidenceOf([], {
      servers: 2,
      record: recordOf(SEEN, (ledger) => [FROM, FROM + 27 * DAY].forEach((time) => ledger.stream('cp2', 'audit').event(time))),
    }),
  ],
  ['log-holes', 'a day is cut out of a second log', evidenceOf([], { servers: 2, record: recordOf(SEEN, (ledger) => withHole(ledger)) })],
  [
    'audit-policy-hides',
    'what components ask about rights is not logged',
    evidenceOf(SEEN, { auditPolicy: policyOf({ level: 'None', resources: [{ group: 'authorization.k8s.io' }] }, { level: 'Metadata' }) }),
  ],
  [
    'asked-by-others',
    'a component asked about rights and the log does not say which',
    evidenceOf([...SEEN, { verb: 'create', resource: 'subjectaccessreviews', user: 'metrics' }]),
  ],
  [
    'not-a-request',
    'the right is one to act as another',
    evidenceOf(SEEN),
    rbacOfObjects(rights(...USED, ['impersonate', 'serviceaccounts'])),
    AFTER,
  ],
  [
    'not-a-request',
    'the kubelet asks about some of all resources',
    evidenceOf(SEEN),
    rbacOfObjects(everywhere(...USED, ['get', '*'])),
    rbacOfObjects(everywhere(...USED)),
  ],
  ['not-a-request', 'the kubelet asks about it', evidenceOf(SEEN), rbacOfObjects(rights(...USED, ['get', 'nodes/metrics'])), AFTER],
  [
    'not-a-request',
    'whoever owns something is asked about its finalizers inside',
    evidenceOf(SEEN),
    rbacOfObjects(rights(...USED, ['update', 'pods/finalizers'])),
    AFTER,
  ],
  ['not-a-request', 'the verb is one of its own', evidenceOf(SEEN), rbacOfObjects(rights(...USED, ['promote', 'pods'])), AFTER],
  ['not-a-request', 'a policy of admission asks for it', evidenceOf(SEEN, { asking: ["authorizer.resource('secrets').check('get')"] })],
  [
    'handed-on',
    'the account wrote a role, which has to give less than it has itself',
    evidenceOf([...SEEN, { verb: 'create', resource: 'roles', group: 'rbac.authorization.k8s.io' }]),
    rbacOfObjects([...rights(...USED, ['get', 'secrets']), ...ROLE_WRITER]),
    rbacOfObjects([...rights(...USED), ...ROLE_WRITER]),
  ],
  [
    'used-together',
    'a client that watches also lists',
    evidenceOf([{ verb: 'watch', resource: 'secrets' }]),
    rbacOfObjects(rights(['watch,list', 'secrets'])),
    rbacOfObjects(rights(['watch', 'secrets'])),
  ],
  [
    'used-together',
    'who waits for a lock takes it once it is free',
    evidenceOf([{ verb: 'get', resource: 'leases', name: 'lock' }]),
    rbacOfObjects(rights(['get,update', 'leases'])),
    rbacOfObjects(rights(['get', 'leases'])),
  ],
  [
    'used-together',
    'an event that comes again is created where it is gone',
    evidenceOf([{ verb: 'patch', resource: 'events', name: 'e' }]),
    rbacOfObjects(rights(['patch,create', 'events'])),
    rbacOfObjects(rights(['patch', 'events'])),
  ],
  [
    'names-many',
    'too many names were asked for',
    evidenceOf(Array.from({ length: 300 }, (_, index) => ({ verb: 'get', resource: 'configmaps', name: `c${index}` }))),
    rbacOfObjects(rights(['get', 'configmaps', 'c1,c2'])),
    rbacOfObjects(rights(['get', 'configmaps', 'c1'])),
  ],
];

function without(evidence: RequestEvidence, name: 'auditPolicy' | 'servers'): RequestEvidence {
  const { [name]: _left, ...rest } = evidence;
  return rest;
}

/** Once, as `SEEN` has it: what somebody asked about the account, or that he acted as it. */
function asks(ledger: Ledger, { through, by = 'admin' }: { through: 'review' | 'impersonation'; by?: string }): void {
  const whole = { apiGroup: '', subresource: '', namespace: 'shop', name: 'cart', path: '', through } as const;
  const [name, groups, asked] =
    through === 'review'
      ? [ACCOUNT, GROUPS, { ...whole, verb: 'get', resource: 'configmaps' }]
      : [by, ['system:authenticated'], { ...whole, verb: 'impersonate', resource: 'serviceaccounts' }];
  const stream = ledger.stream('cp1', 'audit').id;
  ledger.request(ledger.actor({ name, groups }), asked, { stream, time: FROM + DAY, outcome: 'allowed' });
}

function withSecond(ledger: Ledger): void {
  const stream = ledger.stream('cp2', 'audit');
  for (let minute = 0; minute < 28 * 1440; minute += 1) stream.event(FROM + minute * 60, { beat: true });
}

/** Another account reads Secrets, at the first server; and reviews of rights come to both. */
function withReads(record: UseRecord): UseRecord {
  const ledger = new Ledger();
  ledger.merge(record);
  const actor = ledger.actor({ name: 'system:serviceaccount:kube-system:other', groups: [] });
  const asked = { apiGroup: '', subresource: '', namespace: 'shop', name: 'x', path: '' } as const;
  const at = (name: string): { stream: number; time: number; outcome: 'allowed' } => ({
    stream: ledger.stream(name, 'audit').id,
    time: FROM + DAY,
    outcome: 'allowed',
  });
  ledger.request(actor, { ...asked, verb: 'get', resource: 'secrets', through: 'request' }, at('cp1'));
  for (const name of ['cp1', 'cp2'])
    for (const through of ['request', 'review'] as const)
      ledger.request(actor, { ...asked, verb: 'create', resource: 'subjectaccessreviews', through }, at(name));
  return ledger.record();
}

function withTwin(ledger: Ledger): void {
  const twin = ledger.stream('cp2', 'audit');
  for (let minute = 0; minute < 28 * 1440; minute += 1) twin.event(FROM + minute * 60, { beat: true });
  for (const name of ['cp1', 'cp2']) ledger.stream(name, 'audit').parts.push({ head: 'a', bytes: 1, sha256: 'b' });
}

/** Each begins elsewhere, so that only the ids of events tell. */
function withRest(ledger: Ledger): void {
  for (const [name, first] of [
    ['cp1', 0],
    ['cp2', 5],
  ] as const) {
    const stream = ledger.stream(name, 'audit');
    stream.parts.push({ head: name, bytes: 1, sha256: name });
    for (let minute = first; minute < 28 * 1440; minute += 1)
      stream.event(FROM + minute * 60, { beat: true, id: ((minute * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0') });
  }
}

function withHole(ledger: Ledger): void {
  const stream = ledger.stream('cp2', 'audit');
  for (let minute = 0; minute < 28 * 1440; minute += 1)
    if (minute < 10_000 || minute >= 11_440) stream.event(FROM + minute * 60, { beat: true });
}

describe('silence proves nothing where', () => {
  for (const [code, what, evidence, before = BEFORE, after = AFTER] of DOUBTS) {
    test(`${code}: ${what}`, () => {
      const proof = replayRequests(before, after, evidence);
      expect(proof.verdict).toBe('unknown');
      expect(codes(proof)).toEqual([code]);
    });
  }

  test('questions about rights in one namespace need not be logged of others', () => {
    const auditPolicy = policyOf({ level: 'None', namespaces: ['ops'] }, { level: 'Metadata' });
    expect(proved(evidenceOf(SEEN, { auditPolicy })).verdict).toBe('safe');
    const [before, after] = [rbacOfObjects(everywhere(...USED, ['get', 'secrets'])), rbacOfObjects(everywhere(...USED))];
    expect(codes(proved(evidenceOf(SEEN, { auditPolicy }), before, after))).toEqual(['audit-policy-hides']);
  });

  test('nobody who may ask about rights is hidden, others may be', () => {
    const quiet = { level: 'None', users: ['noisy'], resources: [{ group: 'authorization.k8s.io' }] };
    const hidden = policyOf(quiet, { level: 'Metadata' });
    expect(proved(evidenceOf(SEEN, { auditPolicy: hidden })).verdict).toBe('safe');
    const grant = rights(['create', 'subjectaccessreviews']).map((object) => ({
      ...object,
      kind: `Cluster${String(object.kind)}`,
      metadata: { name: 'asker' },
      ...(object.roleRef === undefined
        ? { rules: [{ apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] }] }
        : { roleRef: { kind: 'ClusterRole', name: 'asker' }, subjects: [{ kind: 'User', name: 'noisy' }] }),
    }));
    const [before, after] = [[['get', 'secrets'] as const], []].map((more) => rbacOfObjects([...rights(...USED, ...more), ...grant]));
    expect(codes(proved(evidenceOf(SEEN, { auditPolicy: hidden }), before, after))).toEqual(['audit-policy-hides']);
  });

  test.each([
    ['members-unknown', 'system:anonymous'],
    ['rare-component', 'system:kube-controller-manager'],
    ['rare-component', 'system:serviceaccount:kube-system:node-controller'],
  ])('%s: the user is %s', (code, name) => {
    const user = (...rules: readonly RuleText[]): Rbac => {
      const [role, binding] = rights(...rules);
      return rbacOfObjects([role ?? {}, { ...binding, subjects: [{ kind: 'User', name }] }]);
    };
    const evidence = evidenceOf([{ verb: 'get', resource: 'configmaps', user: name }]);
    expect(codes(proved(evidence, user(...USED, ['get', 'secrets']), user(...USED)))).toContain(code);
  });

  test('members of a group are not known', () => {
    const group = (rules: readonly RuleText[]): Rbac => {
      const [role, binding] = rights(...rules);
      return rbacOfObjects([role ?? {}, { ...binding, subjects: [{ kind: 'Group', name: 'dev' }] }]);
    };
    expect(codes(proved(evidenceOf(SEEN), group([['get', 'secrets']]), group([])))).toEqual(['members-unknown']);
  });
});

describe('replay', () => {
  const rule = fc.tuple(
    fc.constantFrom('get', 'list', 'get,list', '*', 'create'),
    fc.constantFrom('secrets', 'configmaps', 'pods,pods/exec', '*'),
    fc.option(fc.constantFrom('a', 'a,b'), { nil: undefined }),
  );
  const seen = fc.record({
    verb: fc.constantFrom('get', 'list', 'create', 'delete'),
    resource: fc.constantFrom('secrets', 'configmaps', 'pods', 'pods/exec'),
    name: fc.constantFrom('', 'a', 'b', 'c'),
    denied: fc.boolean(),
  });

  test('never calls safe what refuses a recorded use', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 4 }),
        fc.array(rule, { maxLength: 3 }),
        fc.array(seen, { maxLength: 6 }),
        (first, second, uses) => {
          const [before, after] = [rbacOfObjects(rights(...(first as RuleText[]))), rbacOfObjects(rights(...(second as RuleText[])))];
          const evidence = evidenceOf([], { record: small(uses) });
          const { verdict, denies } = replayRequests(before, after, evidence);
          const user = { name: ACCOUNT, groups: GROUPS };
          // Who opens a stream by a get is asked for create inside of the server.
          const asked = uses.flatMap((use) =>
            use.verb === 'get' && use.resource === 'pods/exec' ? [use, { ...use, verb: 'create' }] : [use],
          );
          const refused = asked.filter(({ verb, resource, name, denied }) => {
            const [main = '', subresource = ''] = resource.split('/');
            const request = { verb, apiGroup: '', resource: main, subresource, name, namespace: 'shop' };
            return !denied && before.authorize(user, request).allowed && !after.authorize(user, request).allowed;
          });
          expect(denies.reduce((sum, { count }) => sum + count, 0)).toBe(refused.length);
          if (refused.length > 0) expect(verdict).toBe('breaks');
        },
      ),
      { numRuns: RUNS },
    );
  });
});

/** Without four weeks of heartbeats, which take most of the time. */
function small(uses: readonly Seen[]): UseRecord {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  stream.event(FROM, { beat: true });
  for (const { verb, resource, name = '', denied = false } of uses) {
    const [main = '', subresource = ''] = resource.split('/');
    const asked = { verb, apiGroup: '', resource: main, subresource, namespace: 'shop', name, path: '', through: 'request' } as const;
    ledger.request(ledger.actor({ name: ACCOUNT, groups: GROUPS }), asked, {
      stream: stream.id,
      time: FROM,
      outcome: denied ? 'denied' : 'allowed',
    });
  }
  return ledger.record();
}
