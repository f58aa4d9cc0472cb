/**
 * The rules of silence for connections, one by one: three weeks of a small cluster, with every connection recorded and
 * every pod started anew, make it safe to close what nobody used. Then each thing goes wrong by itself, and the proof has
 * to be unknown, by that thing's code and no other.
 */
import { describe, expect, test } from 'vitest';
import { type Evidence, type Proof, type UnknownCode, prove } from '../../src/changes/index.ts';
import { toState } from '../../src/changes/state-examples.ts';
import { Ledger, type UseRecord } from '../../src/record/index.ts';
import { DAY, FROM } from './event.ts';

type Raw = Readonly<Record<string, unknown>>;

const DAYS = 21;
const UNTIL = FROM + DAYS * DAY;

/** Who there is, in the namespace shop: the pods have been there since the second day. */
const ADDRESSES = { web: '10.0.0.1', db: '10.0.0.2', job: '10.0.0.3' } as const;
type Name = keyof typeof ADDRESSES;
const NAMES = Object.keys(ADDRESSES) as Name[];

function podOf(name: Name, start = FROM + DAY, { id = 'abcde', address = ADDRESSES[name] as string, spec = {} as Raw } = {}): Raw {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${id}`,
      namespace: 'shop',
      labels: { app: name },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name, controller: true }],
    },
    spec: { automountServiceAccountToken: false, containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 80 }] }], ...spec },
    status: { podIP: address, startTime: new Date(start * 1000).toISOString() },
  };
}

const dns: readonly Raw[] = [
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'coredns', namespace: 'kube-system', labels: { app: 'coredns' } },
    spec: { containers: [{ name: 'c', image: 'x' }] },
    status: { podIP: '10.0.9.9', startTime: new Date((FROM + DAY) * 1000).toISOString() },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace: 'kube-system' },
    spec: { selector: { app: 'coredns' }, ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] },
  },
];
const SERVER: Raw = {
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name: 'kubernetes', namespace: 'default' },
  subsets: [{ addresses: [{ ip: '10.1.0.1' }], ports: [{ port: 6443 }] }],
};

interface Seen {
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly port?: number;
  readonly day?: number;
}

const end = (name: Name): string => `pod:shop/${name}-abcde`;
/** Each day the same: everybody is seen, and the job never asks the database. */
const USUAL: readonly Seen[] = [
  { source: end('web'), destination: end('db') },
  { source: end('job'), destination: end('web') },
];

/** What is the case. Left out: three weeks of which every connection is in the log. */
interface Case {
  readonly also?: readonly Seen[];
  readonly usual?: readonly Seen[];
  readonly until?: number;
  readonly pods?: readonly Raw[];
  readonly objects?: readonly Raw[];
  readonly server?: Raw;
  readonly notes?: (ledger: Ledger, stream: ReturnType<Ledger['stream']>) => void;
  readonly recorded?: boolean;
  /** Three hours without a connection. */
  readonly hasHole?: boolean;
  readonly from?: Raw;
  readonly to?: Raw;
}

function recordOf({ also = [], usual = USUAL, until = UNTIL, hasHole = false, notes }: Case): UseRecord {
  const ledger = new Ledger();
  const stream = ledger.stream('hubble', 'flows');
  for (let time = FROM; time <= until; time += 60)
    if (!hasHole || time < FROM + 5 * DAY || time > FROM + 5 * DAY + 3 * 3600) stream.event(time);
  const enter = ({ source, destination, port = 80 }: Seen, time: number): void =>
    ledger.flow({ source, destination, protocol: 'TCP', port }, { stream: stream.id, time, outcome: 'allowed' });
  for (let time = FROM + 60; time < until; time += DAY) for (const seen of usual) enter(seen, time);
  for (const seen of also) enter(seen, FROM + (seen.day ?? 3) * DAY);
  notes?.(ledger, stream);
  return ledger.record();
}

type Rule = { readonly from?: readonly Raw[]; readonly to?: readonly Raw[]; readonly ports?: readonly Raw[] };

function policy(name: Name, spec: { readonly ingress?: readonly Rule[]; readonly egress?: readonly Rule[] }): Raw {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'rule', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: { app: name } },
      policyTypes: Object.keys(spec).map((key) => (key === 'ingress' ? 'Ingress' : 'Egress')),
      ...spec,
    },
  };
}

const PORTS = [{ port: 80 }];
const named = (...names: readonly Name[]): Raw[] => names.map((name) => ({ podSelector: { matchLabels: { app: name } } }));
const ranges = (...cidrs: readonly string[]): Raw[] => cidrs.map((cidr) => ({ ipBlock: { cidr } }));
/** The database is open to both, and then to the one that uses it. */
const WIDE = policy('db', { ingress: [{ from: named('web', 'job'), ports: PORTS }] });
const NARROW = policy('db', { ingress: [{ from: named('web'), ports: PORTS }] });

function proofOf(one: Case): Proof {
  const { pods = NAMES.map((name) => podOf(name)), objects = [], server = SERVER, from = WIDE, to = NARROW, recorded = true } = one;
  const before = toState([...pods, ...dns, server, ...objects, from]);
  const change = {
    patches: [{ target: 'NetworkPolicy/shop/rule', operation: 'patch' as const, patch: [{ op: 'replace' as const, path: '', value: to }] }],
    effort: 'low' as const,
  };
  const evidence: Evidence = recorded ? { record: recordOf(one) } : {};
  return prove({ before, after: before.with(change) }, change, evidence);
}

const codes = ({ unknownBecause }: Proof): string[] => [...new Set(unknownBecause.map(({ code }) => code))].toSorted();

test('a connection that a whole record of three weeks never shows is safe to close', () => {
  expect(proofOf({})).toMatchObject({
    verdict: 'safe',
    unknownBecause: [],
    denies: [],
    domains: { flows: 'safe' },
    window: { from: FROM, streams: 1, holes: [] },
  });
});

test('and one that it shows breaks', () => {
  expect(proofOf({ also: [{ source: end('job'), destination: end('db') }] })).toMatchObject({ verdict: 'breaks', denies: [{ count: 1 }] });
});

const METRICS = { metadata: { annotations: { 'prometheus.io/scrape': 'true' } } };
const annotated = (pod: Raw): Raw => ({ ...pod, metadata: { ...(pod.metadata as Raw), ...METRICS.metadata } });
const EVERYWHERE = policy('job', { egress: [{ to: [...ranges('0.0.0.0/0'), ...named('web')] }] });
const SOME = policy('job', { egress: [{ to: [...ranges('10.0.0.0/8'), ...named('web')] }] });
const HOOK: readonly Raw[] = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'hook' },
    webhooks: [{ name: 'a.b.c', clientConfig: { service: { namespace: 'shop', name: 'db', port: 80 } } }],
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { selector: { app: 'db' }, ports: [{ port: 80 }] },
  },
];
const PLAIN_SERVICE: Raw = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'other', namespace: 'shop' },
  spec: { clusterIP: '10.16.0.5', ports: [{ port: 5432 }] },
};
const renewed = (names: readonly Name[]): Raw[] => [
  ...NAMES.map((name) => podOf(name)),
  ...names.map((name) => podOf(name, FROM - 9 * DAY, { id: 'older', address: `10.0.1.${NAMES.indexOf(name)}` })),
];

const CASES: readonly (readonly [code: UnknownCode, what: string, one: Case])[] = [
  ['no-record', 'nothing is recorded', { recorded: false }],
  ['window-short', 'there are only twelve days', { until: FROM + 12 * DAY }],
  ['lines-unread', 'a line was damaged', { notes: (_ledger, stream) => stream.miss('line that is no flow') }],
  [
    'outside-unseen',
    'a balancer leads there, and nobody came from outside',
    {
      objects: [
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'lb', namespace: 'shop' },
          spec: { type: 'LoadBalancer', clusterIP: '10.16.0.6', selector: { app: 'db' }, ports: [{ port: 80, nodePort: 30080 }] },
        },
      ],
      from: policy('db', { ingress: [{ ports: PORTS }] }),
      to: policy('db', { ingress: [{ from: [...named('web', 'job'), { namespaceSelector: {} }], ports: PORTS }] }),
    },
  ],
  ['log-holes', 'three hours have no connection at all', { hasHole: true }],
  [
    'ends-unknown',
    'the job asked an address near those of today, that nobody has',
    { also: [{ source: end('job'), destination: 'ip:10.0.0.77' }] },
  ],
  [
    'ends-unknown',
    'the job asked an address that may be that of a Service',
    { also: [{ source: end('job'), destination: 'ip:10.20.0.77', port: 5432 }], objects: [PLAIN_SERVICE] },
  ],
  ['subject-silent', 'the job was never seen', { usual: USUAL.slice(0, 1) }],
  [
    'no-start-seen',
    'the job is older than the record',
    { pods: NAMES.map((name) => podOf(name, name === 'job' ? FROM - DAY : FROM + DAY)) },
  ],
  ['began-before', 'one pod of each end was there before the record', { pods: renewed(['job', 'db']) }],
  ['ends-unknown', 'who asked the database is gone', { also: [{ source: 'pod:shop/gone', destination: end('db') }] }],
  [
    'baseline-differs',
    'something went through that the policies of today close',
    { also: [{ source: end('job'), destination: end('db'), port: 81 }] },
  ],
  [
    'address-reused',
    'who has the address now came after it was seen',
    { also: [{ source: 'ip:10.0.0.1', destination: end('db'), day: 0.5 }] },
  ],
  [
    'addresses-learned',
    'the job talks to one address outside, and others are closed',
    { also: [{ source: end('job'), destination: 'ip:10.20.30.40', port: 443 }], from: EVERYWHERE, to: SOME },
  ],
  ...[15_008, 15_006, 15_443, 4143, 20_000].map(
    (port) => ['tunnelled', `port ${port} is that of a tunnel`, { also: [{ source: end('job'), destination: end('web'), port }] }] as const,
  ),
  [
    'api-server-unknown',
    'the API server calls it from who knows where',
    {
      objects: HOOK,
      server: { ...SERVER, subsets: [] },
      from: policy('db', { ingress: [{ from: [...ranges('10.1.0.0/16', '192.0.2.0/24'), ...named('web')], ports: PORTS }] }),
      to: policy('db', { ingress: [{ from: [...ranges('10.1.0.0/16'), ...named('web')], ports: PORTS }] }),
    },
  ],
  ['scraper-unknown', 'who collects its metrics is not there', { pods: [podOf('web'), podOf('job'), annotated(podOf('db'))] }],
  [
    'resolver-unknown',
    'it asks the resolver of its node',
    {
      pods: [podOf('web'), podOf('db'), podOf('job', FROM + DAY, { spec: { dnsPolicy: 'Default' } })],
      from: EVERYWHERE,
      to: SOME,
    },
  ],
  [
    'nodes-unknown',
    'it names something on the network of a node',
    {
      pods: [
        podOf('web'),
        podOf('db'),
        podOf('job', FROM + DAY, {
          spec: { containers: [{ name: 'c', image: 'x', env: [{ name: 'AGENT', value: 'http://agent:9100' }] }] },
        }),
      ],
      objects: [
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'agent', namespace: 'shop', labels: { app: 'agent' } },
          spec: { hostNetwork: true, containers: [{ name: 'c', image: 'x' }] },
        },
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'agent', namespace: 'shop' },
          spec: { selector: { app: 'agent' }, ports: [{ port: 9100 }] },
        },
      ],
      from: EVERYWHERE,
      to: SOME,
    },
  ],
  ['account-shared', 'two have the account that asked the API server', shared()],
];

/** An account of two workloads, one of which is kept from the API server. */
function shared(): Case {
  const spec = { automountServiceAccountToken: true };
  return {
    pods: [podOf('web', FROM + DAY, { spec }), podOf('db'), podOf('job', FROM + DAY, { spec })],
    notes(ledger) {
      const stream = ledger.stream('cp1', 'audit');
      const actor = ledger.actor({ name: 'system:serviceaccount:shop:default', groups: [], bound: 'pod' });
      const asked = {
        verb: 'get',
        apiGroup: '',
        resource: 'configmaps',
        subresource: '',
        namespace: 'shop',
        name: 'x',
        path: '',
        through: 'request',
      } as const;
      ledger.request(actor, asked, { stream: stream.id, time: FROM + DAY, outcome: 'allowed' });
    },
    from: EVERYWHERE,
    to: policy('job', { egress: [{ to: [...ranges('10.20.0.0/16', '10.0.0.0/16'), ...named('web')] }] }),
  };
}

describe('silence is unknown where', () => {
  test.each(CASES)('%s: %s', (code, _what, one) => {
    const proof = proofOf(one);
    expect([proof.verdict, codes(proof)]).toEqual(['unknown', [code]]);
  });
});

describe('what makes it unknown is told apart from what does not:', () => {
  const isSafe = (one: Case): void => expect(proofOf(one)).toMatchObject({ verdict: 'safe', unknownBecause: [] });

  test('pods of one end were there before, the other started anew', () => {
    isSafe({ pods: renewed(['job']) });
    isSafe({ pods: renewed(['db']) });
  });

  test('an address was that of pods of one workload, one after the other', () => {
    isSafe({
      also: [{ source: 'ip:10.0.0.7', destination: end('db') }],
      notes: (ledger) => {
        for (const id of ['aaaaa', 'bbbbb']) ledger.address('10.0.0.7', `pod:shop/web-${id}`, FROM + DAY);
      },
    });
  });

  test('addresses outside that are not talked to are closed', () => {
    isSafe({ from: EVERYWHERE, to: SOME });
    isSafe({ also: [{ source: end('job'), destination: 'ip:10.1.0.1', port: 6443 }], from: EVERYWHERE, to: SOME });
  });

  test('a Service was asked by its address', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'db', namespace: 'shop' },
      spec: { clusterIP: '10.96.0.7', selector: { app: 'db' }, ports: [{ port: 5432, targetPort: 80 }] },
    };
    isSafe({ also: [{ source: end('web'), destination: 'ip:10.96.0.7', port: 5432 }], objects: [service] });
    const used = proofOf({ also: [{ source: end('job'), destination: 'ip:10.96.0.7', port: 5432 }], objects: [service] });
    expect(used).toMatchObject({ verdict: 'breaks', denies: [{ who: 'shop/job-abcde', what: 'svc:shop/db:5432 5432/TCP' }] });
  });
});
