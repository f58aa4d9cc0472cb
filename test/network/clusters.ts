/** Random small clusters with policies of every kind, made so that rules meet: few labels, ports and ranges. */
import fc from 'fast-check';
import type { Probe } from './brute-force.ts';

type Raw = Record<string, unknown>;
type Arb<T> = fc.Arbitrary<T>;

const KEYS = ['app', 'tier'] as const;
const VALUES = ['a', 'b', 'c'] as const;
const NAMESPACES = ['n1', 'n2', 'n3'] as const;
const PORTS = [1, 53, 80, 81, 8080, 65535] as const;
const NAMES = ['web', 'dns'] as const;
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
const RANGES = [
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/8',
  '10.0.1.0/24',
  '10.0.1.2/32',
  '10.0.0.0/31',
  'fd00::/16',
  'fd00::1/128',
  '172.18.0.0/16',
  '192.0.2.0/24',
] as const;
const ADDRESSES = [
  '10.0.0.0',
  '10.0.0.1',
  '10.0.1.2',
  '10.9.0.1',
  '172.18.0.2',
  '192.0.2.7',
  'fd00::1',
  'fd00::2',
  '2001:db8::1',
  '8.8.8.8',
] as const;

const one = <T>(values: readonly T[]): Arb<T> => fc.constantFrom(...values);
const some = <T>(arb: Arb<T>, most: number): Arb<T[]> => fc.array(arb, { minLength: 1, maxLength: most });
const any = <T>(arb: Arb<T>, most: number): Arb<T[]> => fc.array(arb, { maxLength: most });
const labels: Arb<Record<string, string>> = fc.dictionary(one(KEYS), one(VALUES), { maxKeys: 2 });
/** A field or none of it. */
const maybe = (key: string, arb: Arb<unknown>): Arb<Raw> =>
  fc.option(arb, { nil: undefined }).map((value) => (value === undefined ? {} : { [key]: value }));
const merged = (...parts: Arb<Raw>[]): Arb<Raw> => fc.tuple(...parts).map((all) => Object.assign({}, ...all) as Raw);

const expression = fc.oneof(
  fc.record({ key: one(KEYS), operator: one(['In', 'NotIn']), values: some(one(VALUES), 2) }),
  fc.record({ key: one(KEYS), operator: one(['Exists', 'DoesNotExist']) }),
);
const selector = merged(maybe('matchLabels', labels), maybe('matchExpressions', any(expression, 2)));
const namespaceSelector = fc.oneof(
  selector,
  one(NAMESPACES).map((name) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } })),
);

const containerPort = fc
  .record({ name: one(NAMES), containerPort: one(PORTS) })
  .chain((port) => maybe('protocol', one(PROTOCOLS)).map((rest) => ({ ...port, ...rest })));
const container = fc.record({ name: fc.constant('c'), ports: any(containerPort, 2) });
const podIps = fc.uniqueArray(one(ADDRESSES.slice(0, 8)), { maxLength: 2 }).map((ips) => ({ podIPs: ips.map((ip) => ({ ip })) }));
const pods = fc
  .array(
    fc.record({
      namespace: one(NAMESPACES),
      labels,
      host: fc.integer({ min: 0, max: 7 }).map((roll) => roll === 0),
      container,
      sidecar: container,
      restart: one(['Always', 'Never']),
      status: podIps,
    }),
    { minLength: 2, maxLength: 5 },
  )
  .map((all) =>
    all.map(({ namespace, labels, host, container, sidecar, restart, status }, index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `p${index}`, namespace, labels },
      spec: { ...(host && { hostNetwork: true }), containers: [container], initContainers: [{ ...sidecar, restartPolicy: restart }] },
      status,
    })),
  );

const block = fc.oneof(
  one(RANGES).map((cidr) => ({ cidr })),
  fc.constant({ cidr: '10.0.0.0/8', except: ['10.0.1.0/24'] }),
  fc.constant({ cidr: '0.0.0.0/0', except: ['10.0.0.0/31', '172.18.0.0/16'] }),
);
const peer = fc.oneof(
  merged(fc.record({ podSelector: selector }), maybe('namespaceSelector', namespaceSelector)),
  fc.record({ namespaceSelector }),
  fc.record({ ipBlock: block }),
);
const portForm = fc.oneof(
  fc.constant({}),
  fc.record({ port: fc.oneof(one<string | number>(PORTS), one(NAMES)) }),
  fc.constant({ port: 53, endPort: 81 }),
);
const port = merged(portForm, maybe('protocol', one(PROTOCOLS)));
const rules = (peers: 'from' | 'to'): Arb<Raw[]> => any(merged(maybe(peers, any(peer, 2)), maybe('ports', any(port, 2))), 2);
const networkPolicies = fc
  .array(
    merged(
      fc.record({ podSelector: selector }),
      maybe('policyTypes', fc.subarray(['Ingress', 'Egress'])),
      maybe('ingress', rules('from')),
      maybe('egress', rules('to')),
    ).chain((spec) => one(NAMESPACES).map((namespace) => ({ spec, namespace }))),
    { maxLength: 3 },
  )
  .map((all) =>
    all.map(({ spec, namespace }, index) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `np${index}`, namespace },
      spec,
    })),
  );

const pair = fc.oneof(
  fc.record({ namespaces: namespaceSelector }),
  fc.record({ pods: fc.record({ namespaceSelector, podSelector: selector }) }),
);
const place = fc.oneof(
  fc.record({ networks: fc.uniqueArray(one(RANGES), { minLength: 1, maxLength: 2 }) }),
  fc.record({ nodes: selector }),
);
const oldPort = fc.oneof(
  fc.record({ portNumber: fc.record({ protocol: one(PROTOCOLS), port: one(PORTS) }) }),
  fc.record({ portRange: fc.record({ protocol: one(PROTOCOLS), start: fc.constant(53), end: one([53, 81]) }) }),
);
const newPort = fc.oneof(
  one(PROTOCOLS).chain((protocol) =>
    fc
      .oneof(
        fc.constant({ destinationPort: { range: { start: 1, end: 65535 } } }),
        fc.record({ destinationPort: fc.record({ number: one(PORTS) }) }),
        fc.constant({ destinationPort: { range: { start: 53, end: 81 } } }),
      )
      .map((form) => ({ [protocol.toLowerCase()]: form })),
  ),
);

interface Words {
  actions: readonly string[];
  ports: string;
  port: Arb<Raw>;
  name: string;
}
const OLD: Words = { actions: ['Allow', 'Deny', 'Pass'], ports: 'ports', port: oldPort, name: 'namedPort' };
const NEW: Words = { actions: ['Accept', 'Deny', 'Pass'], ports: 'protocols', port: newPort, name: 'destinationNamedPort' };

/** Named ports stand with pods only. */
function adminRules(side: 'from' | 'to', { actions, ports, port, name }: Words): Arb<Raw[]> {
  const action = fc.record({ action: one(actions) });
  const named = one(NAMES).map((text) => ({ [name]: text }));
  const pods = merged(action, fc.record({ [side]: some(pair, 2) }), maybe(ports, some(fc.oneof(port, named), 2)));
  if (side === 'from') return any(pods, 3);
  return any(fc.oneof(pods, merged(action, fc.record({ to: some(fc.oneof(pair, place), 2) }), maybe(ports, some(port, 2)))), 3);
}

function admin(words: Words): Arb<Raw> {
  return merged(fc.record({ subject: pair }), maybe('ingress', adminRules('from', words)), maybe('egress', adminRules('to', words)));
}

const priorities = fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 6 });
const adminPolicies = fc
  .tuple(
    any(admin(OLD), 2),
    any(
      admin(NEW).chain((spec) => one(['Admin', 'Baseline']).map((tier) => ({ ...spec, tier }))),
      2,
    ),
    any(admin({ ...OLD, actions: ['Allow', 'Deny'] }), 1),
    priorities,
  )
  .map(([anps, cnps, banps, order]) => {
    const make = (kind: string, version: string) => (spec: Raw, index: number) => ({
      apiVersion: `policy.networking.k8s.io/${version}`,
      kind,
      metadata: { name: kind.startsWith('Base') ? 'default' : `${kind.toLowerCase()}-${index}` },
      // A baseline of the old kind is asked before those of the new, as if it had the priority 0.
      spec: kind.startsWith('Base') ? spec : { ...spec, priority: order[kind.startsWith('Cluster') ? index + 3 : index] },
    });
    return [
      ...anps.map(make('AdminNetworkPolicy', 'v1alpha1')),
      ...cnps.map(make('ClusterNetworkPolicy', 'v1alpha2')),
      ...banps.map(make('BaselineAdminNetworkPolicy', 'v1alpha1')),
    ];
  });

const namespaces = fc
  .tuple(...NAMESPACES.map(() => labels))
  .map((all) => all.map((labels, index) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACES[index], labels } })));
const nodes = labels.map((labels) => [
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node', labels },
    status: { addresses: [{ type: 'InternalIP', address: '172.18.0.2' }] },
  },
]);

export const clusters: Arb<Raw[]> = fc.tuple(namespaces, nodes, pods, networkPolicies, adminPolicies).map((parts) => parts.flat());

/** The same in which some pods have ended. */
export const clustersWithEnded: Arb<Raw[]> = clusters.chain((objects) =>
  fc
    .array(one(['Running', 'Running', 'Succeeded', 'Failed']), { minLength: objects.length, maxLength: objects.length })
    .map((phases) =>
      objects.map((object, index) =>
        object.kind === 'Pod' ? { ...object, status: { ...(object.status as Raw), phase: phases[index] } } : object,
      ),
    ),
);

function hasEnded({ status }: Raw): boolean {
  const { phase } = (status ?? {}) as { phase?: string };
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Every pod and some addresses outside of pods, to each other, on a few ports. */
export function probesOf(objects: readonly Raw[]): Probe[] {
  const running = objects.filter((object) => object.kind === 'Pod' && !hasEnded(object));
  const names = running.map(({ metadata }) => `${(metadata as Raw).namespace as string}/${(metadata as Raw).name as string}`);
  // The address of a pod is the pod.
  const taken = JSON.stringify(running);
  const outside = ['8.8.8.8', '192.0.2.7', '10.77.0.1', '172.18.0.2', '2001:db8::1'].filter((ip) => !taken.includes(`"${ip}"`));
  const pairs = [
    ...names.flatMap((from) => [...names, ...outside].map((to) => [from, to] as const)),
    ...outside.flatMap((from) => names.map((to) => [from, to] as const)),
  ];
  const what = [
    ...PORTS.map((port) => ['TCP', port] as const),
    ['UDP', 53] as const,
    ['UDP', 80] as const,
    ['SCTP', 81] as const,
    ['SCTP', 2] as const,
  ];
  return pairs.flatMap(([from, to]) => what.map(([protocol, port]) => ({ from, to, protocol, port })));
}
