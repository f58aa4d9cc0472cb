import { describe, expect, test } from 'vitest';
import { type World, readWorld } from '../../engines/network/index.ts';
import { Ledger, type SeenFlow, type UseRecord } from '../../record/index.ts';
import { type FlowEvidence, type FlowProof, replayFlows } from './replay.ts';

const DAY = 86_400;
const FROM = 20_000 * DAY;

const pod = (name: string, address: string): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `${name}-abcde`,
    namespace: 'shop',
    labels: { app: name },
    ownerReferences: [{ kind: 'DaemonSet', name, controller: true }],
  },
  spec: { containers: [{ name: 'c', ports: [{ containerPort: 80 }] }] },
  status: { podIP: address },
});
const PODS = [pod('web', '10.0.0.1'), pod('db', '10.0.0.2'), pod('job', '10.0.0.3')];

const policy = (...from: readonly string[]): Record<string, unknown> => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'db', namespace: 'shop' },
  spec: {
    podSelector: { matchLabels: { app: 'db' } },
    ingress: from.length === 0 ? [] : [{ from: from.map((app) => ({ podSelector: { matchLabels: { app } } })), ports: [{ port: 80 }] }],
  },
});

const OPEN = readWorld(PODS);
const WEB_AND_JOB = readWorld([...PODS, policy('web', 'job')]);
const ONLY_WEB = readWorld([...PODS, policy('web')]);

type Told = Partial<SeenFlow> & { denied?: boolean };

function recordOf(flows: readonly Told[], change: (ledger: Ledger) => void = () => undefined): UseRecord {
  const ledger = new Ledger();
  const stream = ledger.stream('flows', 'flows');
  for (let time = FROM; time <= FROM + 27 * DAY; time += 60) stream.event(time);
  change(ledger);
  for (const { denied = false, ...flow } of flows) {
    const whole: SeenFlow = { source: 'pod:shop/web-abcde', destination: 'pod:shop/db-abcde', protocol: 'TCP', port: 80, ...flow };
    ledger.flow(whole, { stream: stream.id, time: FROM + 3 * DAY, outcome: denied ? 'denied' : 'allowed' });
  }
  return ledger.record();
}

/** Everybody was seen, and no connection of the job to the database. */
const USUAL: readonly Told[] = [{}, { source: 'pod:shop/job-abcde', destination: 'pod:shop/web-abcde' }];
const STARTS = new Map(['web', 'db', 'job'].map((name) => [`shop/${name}[DaemonSet]`, [FROM + DAY]]));

const evidenceOf = (flows: readonly Told[], more: Partial<FlowEvidence> = {}): FlowEvidence => ({
  record: recordOf(flows),
  starts: STARTS,
  ...more,
});
const proved = (evidence: FlowEvidence, before: World = WEB_AND_JOB, after: World = ONLY_WEB): FlowProof =>
  replayFlows(before, after, evidence);
const codes = ({ unknownBecause }: FlowProof): string[] => [...new Set(unknownBecause.map(({ code }) => code))].toSorted();

describe('closing a connection', () => {
  test('is safe where a record that has seen both ends has no use of it', () => {
    expect(proved(evidenceOf(USUAL))).toMatchObject({
      verdict: 'safe',
      lost: [{ src: 'shop/job[DaemonSet]', dst: 'shop/db[DaemonSet]' }],
      replayed: 2,
      unknownBecause: [],
    });
  });

  test('breaks what was recorded, under whatever name the pod had', () => {
    const names = ['pod:shop/job-abcde', 'pod:shop/job-zzzzz', 'workload:shop/job', 'ip:10.0.0.3', 'ip:::FFFF:10.0.0.3'];
    for (const source of names) {
      const proof = proved(evidenceOf([...USUAL, { source }]));
      expect(proof, source).toMatchObject({ verdict: 'breaks', denies: [{ what: expect.stringContaining('80/TCP') as string, count: 1 }] });
    }
  });

  test('that nothing would cut off needs no record', () => {
    expect(proved({ record: undefined, starts: new Map() }, ONLY_WEB, WEB_AND_JOB).verdict).toBe('safe');
    expect(
      proved(
        { record: undefined, starts: new Map() },
        ONLY_WEB,
        readWorld([...PODS, policy('web'), { ...policy('web'), metadata: { name: 'twice', namespace: 'shop' } }]),
      ).verdict,
    ).toBe('safe');
  });

  test('counts what was refused as wanted, not as used', () => {
    expect(proved(evidenceOf([...USUAL, { source: 'pod:shop/job-abcde', denied: true }])).verdict).toBe('safe');
  });
});

describe('what was asked at an address from outside may have been led to who loses it:', () => {
  const nodes = ['a', 'b'].map((name, index) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: { addresses: [{ type: 'InternalIP', address: `192.168.0.${index + 1}` }] },
  }));
  const [web = {}, db = {}, job = {}] = PODS;
  const onNode = { ...db, spec: { nodeName: 'a', containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 8080 }] }] } };
  const service = (spec: Record<string, unknown>, status = {}): Record<string, unknown> => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { clusterIP: '10.96.0.5', selector: { app: 'db' }, ports: [{ port: 5000, targetPort: 80, nodePort: 30_500 }], ...spec },
    status,
  });
  const balanced = service({ type: 'LoadBalancer' }, { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } });
  const codesOf = (objects: readonly Record<string, unknown>[], asked: Told): string[] => {
    const whole = [web, job, ...nodes, ...objects];
    const [before, after] = [readWorld([...whole, policy('web', 'job')]), readWorld([...whole, policy('web')])];
    return codes(proved(evidenceOf([...USUAL, { source: 'pod:shop/job-abcde', ...asked }]), before, after));
  };

  test.each<[string, Record<string, unknown>[], string, number]>([
    ['an external address', [db, service({ externalIPs: ['203.0.113.9'] })], 'ip:203.0.113.9', 5000],
    ['a balancer', [db, balanced], 'ip:203.0.113.7', 5000],
    ['a port of all nodes', [db, balanced], 'ip:192.168.0.2', 30_500],
    ['a port of all nodes, by name', [db, service({ type: 'NodePort' })], 'host:b', 30_500],
    ['the port of a pod on its node', [onNode], 'ip:192.168.0.1', 8080],
  ])('%s', (_what, objects, destination, port) => {
    expect(codesOf(objects, { destination, port })).toEqual(['ends-unknown']);
    expect(codesOf(objects, { destination, port: port + 1 })).toEqual([]);
    expect(codesOf(objects, { destination, port, protocol: 'UDP' })).toEqual([]);
  });

  test('but not of who loses nothing, nor at other nodes', () => {
    expect(codesOf([db, balanced], { source: 'pod:shop/web-abcde', destination: 'ip:203.0.113.7', port: 5000 })).toEqual([]);
    expect(codesOf([onNode], { destination: 'ip:192.168.0.2', port: 8080 })).toEqual([]);
  });
});

const REUSED = recordOf([...USUAL, { source: 'ip:10.0.0.9' }], (ledger) => {
  ledger.address('10.0.0.9', 'pod:shop/job-aaaaa', FROM);
  ledger.address('10.0.0.9', 'pod:shop/web-bbbbb', FROM + DAY);
});

describe('cuts off, without a word of the lists', () => {
  const isolated = { ...policy(), spec: { podSelector: {}, policyTypes: ['Ingress'] } };
  const proofOf = (...objects: readonly Record<string, unknown>[]): FlowProof =>
    replayFlows(readWorld(objects), readWorld([...objects, isolated]), { record: undefined, starts: new Map() });

  test('who comes by IPv6', () => {
    const [web] = PODS;
    const six = { ...web, metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } }, status: { podIP: 'fd00::1' } };
    expect(proofOf(six)).toMatchObject({
      verdict: 'unknown',
      lost: [{ src: 'ip6:::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', dst: 'shop/web[Pod]' }],
    });
  });

  test('pods of one workload from each other', () => {
    const open = {
      ...isolated,
      metadata: { name: 'open', namespace: 'shop' },
      spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] },
    };
    const others = replayFlows(readWorld([pod('web', '10.0.0.1'), open]), readWorld([pod('web', '10.0.0.1'), isolated]), {
      record: undefined,
      starts: new Map(),
    });
    expect(others).toMatchObject({ verdict: 'unknown', lost: [{ src: 'shop/web[DaemonSet]', dst: 'shop/web[DaemonSet]' }] });
  });
});

/** Each changes one thing of what makes the first test safe. */
const DOUBTS: readonly (readonly [code: string, what: string, evidence: FlowEvidence])[] = [
  ['no-record', 'there are only audit logs', evidenceOf([], { record: new Ledger().record() })],
  ['window-short', 'there are only days', evidenceOf(USUAL, { leastWindow: 60 * DAY })],
  [
    'lines-unread',
    'a line could not be read',
    { record: recordOf(USUAL, (ledger) => ledger.stream('flows', 'flows').miss('x')), starts: STARTS },
  ],
  ['subject-silent', 'the job was never seen', evidenceOf([{}])],
  [
    'no-start-seen',
    'the job is older than the record',
    evidenceOf(USUAL, { starts: new Map([...STARTS, ['shop/job[DaemonSet]', [FROM - 5]]]) }),
  ],
  ['schedule-unseen', 'the job runs once a month', evidenceOf(USUAL, { periods: new Map([['shop/job[DaemonSet]', 31 * DAY]]) })],
  [
    'nodes-missing',
    'only one of two nodes was asked',
    {
      record: recordOf(USUAL, (ledger) => ledger.stream('flows', 'flows').nodes.add('node1')),
      starts: STARTS,
      nodes: ['node1', 'node2'],
    },
  ],
  [
    'nodes-missing',
    'the table of one of two nodes is there',
    {
      record: recordOf(USUAL, (ledger) => ledger.stream('flows', 'flows').formats.add('conntrack')),
      starts: STARTS,
      nodes: ['node1', 'node2'],
    },
  ],
  ['ends-unknown', 'who talked to the database is gone', evidenceOf([...USUAL, { source: 'pod:shop/gone' }])],
  ['baseline-differs', 'the record shows what the policies of today close', evidenceOf([...USUAL, { port: 81 }])],
  [
    'tunnelled',
    'a mesh carries the connections',
    evidenceOf([...USUAL, { port: 15_008, denied: false, destination: 'pod:shop/web-abcde', source: 'pod:shop/job-abcde' }]),
  ],
];

describe('silence proves nothing where', () => {
  for (const [code, what, evidence] of DOUBTS) {
    test(`${code}: ${what}`, () => {
      expect(proved(evidence)).toMatchObject({ verdict: 'unknown' });
      expect(codes(proved(evidence))).toEqual([code]);
    });
  }

  test('address-reused: an address was that of two, and what either did counts', () => {
    const proof = proved({ record: REUSED, starts: STARTS });
    expect(proof.verdict).toBe('breaks');
    expect(codes(proof)).toEqual(['address-reused']);
  });

  test('addresses-many: somebody outside talked to it', () => {
    const record = recordOf([...USUAL, { source: undefined }]);
    expect(codes(proved({ record, starts: STARTS }, OPEN, WEB_AND_JOB))).toContain('addresses-many');
    expect(proved({ record, starts: STARTS }, OPEN, WEB_AND_JOB).verdict).toBe('breaks');
  });
});

describe('a connection of a node', () => {
  const WEB = { podSelector: { matchLabels: { app: 'web' } } };
  const ranged = (...cidrs: readonly string[]): Record<string, unknown> => ({
    ...policy('web'),
    spec: { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ from: [WEB, ...cidrs.map((cidr) => ({ ipBlock: { cidr } }))] }] },
  });
  const node = (address: string): Record<string, unknown> => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node1' },
    status: { addresses: [{ type: 'InternalIP', address }] },
  });
  const verdictOf = (objects: readonly Record<string, unknown>[], unclear: boolean): FlowProof => {
    const record = recordOf(USUAL, (ledger) => {
      const { id } = ledger.stream('flows', 'flows');
      ledger.flow(
        { source: 'host:node1', destination: 'pod:shop/db-abcde', protocol: 'TCP', port: 80 },
        { stream: id, time: FROM + DAY, outcome: unclear ? 'unclear' : 'allowed' },
      );
    });
    const all = [...PODS, ...objects];
    const [was, is] = [ranged('10.9.0.0/16', '192.0.2.0/24'), ranged('192.0.2.0/24')];
    return proved({ record, starts: STARTS }, readWorld([...all, was]), readWorld([...all, is]));
  };

  test('may be what is closed, where nobody knows its address', () => {
    const proof = verdictOf([], true);
    expect(proof.unknownBecause).toContainEqual({ code: 'ends-unknown', about: 'host:node1 to pod:shop/db-abcde 80/TCP' });
    expect(proof.verdict).toBe('unknown');
  });

  test('is that of its addresses, where they are known', () => {
    expect(verdictOf([node('10.9.0.1')], true)).toMatchObject({ verdict: 'breaks' });
    expect(codes(verdictOf([node('192.0.2.1')], false))).not.toContain('ends-unknown');
    expect(verdictOf([node('192.0.2.1')], false).denies).toEqual([]);
  });
});

describe('a policy for some pods of a workload', () => {
  const member = (index: number): Record<string, unknown> => {
    const { metadata, ...rest } = pod('db', `10.0.1.${index}`);
    const labels = { app: 'db', 'statefulset.kubernetes.io/pod-name': `db-${index}` };
    return { ...rest, metadata: { ...(metadata as object), name: `db-${index}`, labels } };
  };
  const PODS_OF_SET = [pod('web', '10.0.0.1'), pod('job', '10.0.0.3'), member(0), member(1)];
  const closing = (spec: Record<string, unknown>): World =>
    readWorld([
      ...PODS_OF_SET,
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'first', namespace: 'shop' }, spec },
    ]);
  const before = readWorld(PODS_OF_SET);
  const FIRST = closing({ podSelector: { matchLabels: { 'statefulset.kubernetes.io/pod-name': 'db-0' } } });

  test('closes connections of these, though the others keep theirs', () => {
    const proof = proved({ record: undefined, starts: STARTS }, before, FIRST);
    expect(proof.verdict).toBe('unknown');
    expect(proof.lost).toContainEqual(expect.objectContaining({ type: 'changed', src: 'shop/web[DaemonSet]', dst: 'shop/db[DaemonSet]' }));
    expect(proof.lost.every(({ type }) => type === 'changed')).toBe(true);
  });

  test('breaks a recorded connection to one of them, and to no other', () => {
    const to = (name: string): FlowProof => proved(evidenceOf([{ destination: `pod:shop/${name}` }]), before, FIRST);
    expect(to('db-0')).toMatchObject({ verdict: 'breaks', denies: [{ who: 'shop/web-abcde', what: 'shop/db-0 80/TCP' }] });
    expect(to('db-1').denies).toEqual([]);
  });

  test('may choose them by their addresses', () => {
    const spec = {
      podSelector: { matchLabels: { app: 'web' } },
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: '10.0.1.1/32' } }] }],
    };
    expect(proved({ record: undefined, starts: STARTS }, before, closing(spec)).lost).toContainEqual(
      expect.objectContaining({ src: 'shop/web[DaemonSet]', dst: 'shop/db[DaemonSet]' }),
    );
  });

  test('loses nothing where it closes nothing', () => {
    const open = closing({ podSelector: { matchLabels: { 'statefulset.kubernetes.io/pod-name': 'db-0' } }, ingress: [{}] });
    expect(proved({ record: undefined, starts: STARTS }, before, open)).toMatchObject({ verdict: 'safe', lost: [] });
  });
});
