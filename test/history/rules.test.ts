/**
 * The rules of silence, one by one: a history of three weeks in which a right is never used, recorded whole, makes taking
 * it away safe. Then each thing goes wrong by itself, and the proof has to be unknown, by that thing's code and no other.
 */
import { describe, expect, test } from 'vitest';
import { type Evidence, type Proof, type UnknownCode, prove } from '../../src/changes/index.ts';
import { toState } from '../../src/changes/state-examples.ts';
import { type AuditPolicy, parsePolicy } from '../../src/engines/audit-policy/index.ts';
import type { Patch } from '../../src/rules/index.ts';
import { type Habit, type Span, controller, dayOfMonth, job, pipeline, silent } from './callers.ts';
import { Dice } from './dice.ts';
import { type Caller, DAY, FROM, type Part, type Raw, type RequestEvent, account, person } from './event.ts';
import { type Logging, recordOf } from './logged.ts';
import { grant, rightIn, whatOf } from './rights.ts';

const DAYS = 21;
const SPAN: Span = { from: FROM, to: FROM + DAYS * DAY, servers: 2 };
const SERVERS = ['10.1.0.1', '10.1.0.2'];
const HABIT: Habit = {
  namespace: 'shop',
  name: 'keeper',
  used: ['list /pods', 'watch /pods', 'get /configmaps', 'get /secrets'],
  unused: ['delete /services'],
};

const policyOf = (...rules: readonly unknown[]): AuditPolicy => {
  const { policy } = parsePolicy({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules });
  if (policy === undefined) throw new Error('no policy');
  return policy;
};

/** What is the case. Left out: three weeks of one controller, every request of which is logged. */
interface Case {
  readonly part?: Part;
  /** Addresses, as the cluster tells them. */
  readonly servers?: readonly string[];
  readonly also?: readonly RequestEvent[];
  readonly objects?: readonly Raw[];
  readonly logging?: Partial<Logging>;
  readonly evidence?: Partial<Evidence>;
  /** What is taken: a verb and a resource, of which role. */
  readonly right?: string;
  readonly role?: string;
  readonly patch?: Patch;
}

function proofOf({
  part = controller(new Dice(1), SPAN, HABIT),
  also = [],
  objects = [],
  servers = SERVERS,
  logging,
  evidence,
  right,
  role,
  patch,
}: Case): Proof {
  const all = [...serversOf(servers), ...part.objects(SPAN.to - 1), ...objects];
  const before = toState(all);
  const change = { patches: [patch ?? without(all, role ?? 'Role/shop/keeper', right ?? 'delete /services')], effort: 'low' as const };
  const record = recordOf([...part.requests, ...also], { from: SPAN.from, to: SPAN.to, servers: SPAN.servers, ...logging });
  return prove({ before, after: before.with(change) }, change, { record, auditPolicy: policyOf({ level: 'Metadata' }), ...evidence });
}

function without(objects: readonly Raw[], role: string, text: string): Patch {
  const { verb, resource } = rightIn(text);
  const [kind, name] = [role.split('/')[0], role.split('/').at(-1)];
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  const rules = (found?.rules ?? []) as { resources: string[]; verbs: string[] }[];
  const index = rules.findIndex((rule) => rule.resources.includes(resource));
  const verbs = (rules[index]?.verbs ?? []).filter((one) => one !== verb);
  const path = `/rules/${index}`;
  return {
    target: role,
    operation: 'patch',
    patch: verbs.length === 0 ? [{ op: 'remove', path }] : [{ op: 'replace', path: `${path}/verbs`, value: verbs }],
  };
}

function serversOf(addresses: readonly string[]): Raw[] {
  const metadata = { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } };
  return [{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, endpoints: [{ addresses }] }];
}

const said = (text: string, caller: Caller, more: Partial<RequestEvent> = {}): RequestEvent => ({
  ...whatOf(rightIn(text), 'shop', 'x'),
  time: FROM + 3 * DAY,
  caller,
  server: 0,
  allowed: true,
  ...more,
});

const KEEPER = account('shop', 'keeper', 'keeper-1');
const ANN = person('ann@example.com');
const dice = (): Dice => new Dice(1);
const codes = ({ unknownBecause }: Proof): string[] => [...new Set(unknownBecause.map(({ code }) => code))];

test('a right that a whole record of three weeks never shows is safe to take', () => {
  expect(proofOf({})).toMatchObject({ verdict: 'safe', unknownBecause: [], denies: [] });
});

test('and one that it shows breaks', () => {
  expect(proofOf({ right: 'get /secrets' })).toMatchObject({ verdict: 'breaks', denies: [{ who: KEEPER.name }, {}, {}] });
  expect(proofOf({ also: [said('delete /services', KEEPER)] })).toMatchObject({ verdict: 'breaks' });
});

const WIDE = { ...HABIT, unused: [...HABIT.unused, 'get /services'] };
const CASES: readonly (readonly [code: UnknownCode, what: string, one: Case])[] = [
  [
    'audit-policy-hides',
    'reads are not logged',
    {
      part: controller(dice(), SPAN, WIDE),
      right: 'get /services',
      logging: { hides: ({ verb }) => verb === 'get' },
      evidence: { auditPolicy: policyOf({ level: 'None', verbs: ['get'] }, { level: 'Metadata' }) },
    },
  ],
  ['never-seen-logged', 'nobody says what is logged', { evidence: { auditPolicy: undefined } as never }],
  ['baseline-differs', 'rights changed in the window', { also: [said('patch /services', KEEPER)] }],
  ['subject-silent', 'a subject is silent', { logging: { hides: ({ caller }) => caller.name === KEEPER.name } }],
  [
    'subject-silent',
    'an account only shows its token elsewhere',
    { part: silent(dice(), SPAN, { ...HABIT, name: 'shower' }), role: 'Role/shop/shower' },
  ],
  [
    'subject-silent',
    'an account is for emergencies',
    {
      objects: grant('glass', [rightIn('get /services')], { holder: { kind: 'User', name: 'break-glass' }, namespace: 'shop' }),
      role: 'Role/shop/glass',
      right: 'get /services',
    },
  ],
  [
    'rare-person',
    'somebody who looks every day would delete when something fails',
    {
      objects: grant('ann', ['get /services', 'delete /services'].map(rightIn), {
        holder: { kind: 'User', name: ANN.name },
        namespace: 'shop',
      }),
      also: [said('get /services', ANN)],
      role: 'Role/shop/ann',
    },
  ],
  [
    'members-unknown',
    'nobody lists the members of a group',
    {
      objects: grant('staff', [rightIn('delete /services')], { holder: { kind: 'Group', name: 'company:staff' }, namespace: 'shop' }),
      role: 'Role/shop/staff',
    },
  ],
  ['no-start-seen', 'the pods are older than the record', { part: older() }],
  ['window-short', 'the workload came in the last days', { part: controller(dice(), SPAN, { ...HABIT, since: SPAN.to - 9 * DAY }) }],
  ['window-short', 'there are only twelve days', { logging: { from: SPAN.to - 12 * DAY } }],
  [
    'used-together',
    'a watch was begun before the record',
    { part: controller(dice(), SPAN, HABIT), right: 'list /pods', logging: { hides: ({ verb }) => verb === 'list' } },
  ],
  [
    'not-a-request',
    'a right is used without a request',
    { part: controller(dice(), SPAN, { ...HABIT, unused: ['impersonate /serviceaccounts'] }), right: 'impersonate /serviceaccounts' },
  ],
  [
    'asked-by-others',
    'a component asks about rights, and its questions are not in the log',
    { also: [said('create authorization.k8s.io/subjectaccessreviews', account('kube-system', 'metrics'))] },
  ],
  [
    'schedule-unseen',
    'a job runs once a month',
    {
      part: job(dice(), SPAN, { ...HABIT, schedule: '0 2 1 * *', runsOn: (day) => dayOfMonth(day) === 1 }),
      // Not alone: a pipeline uses the account each day.
      also: pipeline(dice(), SPAN, { ...HABIT, worksOn: () => true }).requests,
    },
  ],
  ['rare-component', 'it restores backups', { part: controller(dice(), SPAN, { ...HABIT, name: 'backup' }), role: 'Role/shop/backup' }],
  ['servers-missing', "one server's log is missing", { logging: { lost: [1] } }],
  ['servers-unknown', 'nobody says how many servers there are', { servers: [] }],
  ['log-holes', 'a day is cut out of one log', { logging: { cut: { server: 1, from: FROM + 8 * DAY, to: FROM + 9 * DAY } } }],
  ['no-heartbeat', 'the renewals of nodes are not logged', { logging: { beats: false } }],
  ['lines-unread', 'lines were damaged', { logging: { unread: 3 } }],
  ['names-many', 'names were too many to keep', manyNames()],
  [
    'token-reads-unseen',
    'the token is not to be mounted',
    {
      part: silent(dice(), SPAN, { ...HABIT, name: 'shower' }),
      patch: {
        target: 'Deployment/shop/shower',
        operation: 'patch',
        patch: [{ op: 'add', path: '/spec/template/spec/automountServiceAccountToken', value: false }],
      },
    },
  ],
];

/** Its pods were there before the record began, and still are. */
function older(): Part {
  const part = controller(dice(), SPAN, HABIT);
  const early = controller(dice(), { ...SPAN, from: FROM - 9 * DAY }, HABIT).objects(FROM - 2 * DAY);
  const isPod = ({ kind }: Raw): boolean => kind === 'Pod' || kind === 'ReplicaSet';
  return {
    requests: part.requests.filter(({ subresource }) => subresource !== 'binding'),
    objects: (at) => [...part.objects(at).filter((object) => !isPod(object)), ...early.filter(isPod)],
  };
}

/** A right to many names, more of which were asked for than a record keeps: the one that is taken may be among them. */
function manyNames(): Case {
  const resourceNames = Array.from({ length: 300 }, (_, index) => `n${index}`);
  const holder = { kind: 'ServiceAccount', name: 'keeper', namespace: 'shop' } as const;
  const [role, binding] = grant('named', [rightIn('get /endpoints')], { holder, namespace: 'shop' });
  if (role === undefined || binding === undefined) throw new Error('no role');
  return {
    objects: [{ ...role, rules: [{ apiGroups: [''], resources: ['endpoints'], verbs: ['get'], resourceNames }] }, binding],
    also: resourceNames.slice(1).map((name) => said('get /endpoints', KEEPER, { name })),
    patch: { target: 'Role/shop/named', operation: 'patch', patch: [{ op: 'remove', path: '/rules/0/resourceNames/0' }] },
  };
}

describe('silence is unknown where', () => {
  test.each(CASES)('%s: %s', (code, _what, one) => {
    const proof = proofOf(one);
    expect([proof.verdict, codes(proof)]).toEqual(['unknown', [code]]);
  });
});
