/** What is easily got wrong, one by one. */
import { expect, test } from 'vitest';
import { Ends, ask } from './ask.ts';
import type { Decision } from './decide.ts';
import { isProtocol } from './ports.ts';
import { Relation } from './relation.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

function pod(name: string, more: { labels?: Raw; ip?: string | string[]; spec?: Raw } = {}): Raw {
  const [namespace, short] = name.split('/');
  const ips = [more.ip ?? []].flat().map((ip) => ({ ip }));
  const spec = { containers: [{ name: 'c', ports: [{ name: 'web', containerPort: 8080 }] }], ...more.spec };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: short, namespace, labels: more.labels ?? { app: short } },
    spec,
    status: { podIPs: ips },
  };
}

const PODS = [
  pod('x/a', { ip: '10.0.0.1' }),
  pod('x/b', { ip: ['10.0.0.2', 'fd00::2'] }),
  pod('y/c', { ip: '10.0.1.3', labels: { app: 'c', env: 'dev' } }),
  pod('y/host', { ip: '172.18.0.2', spec: { hostNetwork: true } }),
  pod('y/side', {
    spec: {
      containers: [],
      initContainers: [
        { name: 's', restartPolicy: 'Always', ports: [{ name: 'web', containerPort: 15000 }] },
        { name: 'i', ports: [{ name: 'web', containerPort: 1 }] },
      ],
    },
  }),
];

function np(spec: Raw, namespace = 'x'): Raw {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace },
    spec: { podSelector: {}, ...spec },
  };
}
function cnp(name: string, spec: Raw): Raw {
  const subject = { namespaces: {} };
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name },
    spec: { tier: 'Admin', priority: 10, subject, ...spec },
  };
}
const deny = (more: Raw = {}): Raw => ({ action: 'Deny', from: [{ namespaces: {} }], ...more });

function decision(policies: readonly Raw[], line: string): Decision | undefined {
  const [from = '', to = '', what = ''] = line.split(' ');
  const world = readWorld([...PODS, ...policies]);
  expect(world.problems.filter(({ refused }) => refused)).toEqual([]);
  const relation = new Relation(world);
  const ends = new Ends(relation);
  const [protocol = '', port] = what.split('/');
  if (!isProtocol(protocol)) throw new Error(line);
  return ask(relation, { from: ends.find(from) ?? [], to: ends.find(to) ?? [] }, { protocol, port: Number(port) });
}

interface Trap {
  why: string;
  policies: Raw[];
  yes?: string[];
  no?: string[];
}

const TRAPS: Trap[] = [
  { why: 'without policies everything flows', policies: [], yes: ['x/a y/c TCP/80', 'ip:8.8.8.8 x/a UDP/1', 'x/a ip:8.8.8.8 SCTP/9'] },
  {
    why: 'a policy without rules denies ingress only',
    policies: [np({})],
    yes: ['x/a y/c TCP/80', 'x/a ip:8.8.8.8 TCP/1'],
    no: ['y/c x/a TCP/80', 'ip:8.8.8.8 x/a TCP/80'],
  },
  { why: 'an empty list of egress rules does not make the type', policies: [np({ egress: [] })], yes: ['x/a y/c TCP/80'] },
  {
    why: 'the type Egress without rules denies',
    policies: [np({ policyTypes: ['Egress'] })],
    yes: ['y/c x/a TCP/80'],
    no: ['x/a y/c TCP/80'],
  },
  {
    why: 'rules of a type that is not given mean nothing',
    policies: [np({ policyTypes: ['Egress'], ingress: [] })],
    yes: ['y/c x/a TCP/80'],
  },
  { why: 'an empty rule allows everything', policies: [np({ ingress: [{}] })], yes: ['y/c x/a UDP/5', 'ip:8.8.8.8 x/a TCP/80'] },
  { why: 'empty lists of peers and ports are any', policies: [np({ ingress: [{ from: [], ports: [] }] })], yes: ['y/host x/a UDP/5'] },
  { why: 'no selector in the spec selects all', policies: [np({ podSelector: undefined })], no: ['y/c x/a TCP/80'] },
  {
    why: 'a podSelector alone stays in the namespace',
    policies: [np({ ingress: [{ from: [{ podSelector: {} }] }] })],
    yes: ['x/b x/a TCP/1'],
    no: ['y/c x/a TCP/1'],
  },
  {
    why: 'both selectors in one peer have to match',
    policies: [np({ ingress: [{ from: [{ podSelector: { matchLabels: { app: 'a' } }, namespaceSelector: {} }] }] })],
    no: ['y/c x/b TCP/1'],
    yes: ['x/a x/b TCP/1'],
  },
  {
    why: 'all namespaces are no addresses outside',
    policies: [np({ ingress: [{ from: [{ namespaceSelector: {} }] }] })],
    yes: ['y/c x/a TCP/1'],
    no: ['ip:8.8.8.8 x/a TCP/1', 'y/host x/a TCP/1'],
  },
  {
    why: 'NotIn matches who has no such label',
    policies: [
      np({
        ingress: [
          { from: [{ namespaceSelector: {}, podSelector: { matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['dev'] }] } }] },
        ],
      }),
    ],
    yes: ['x/b x/a TCP/1'],
    no: ['y/c x/a TCP/1'],
  },
  {
    why: 'every namespace has the label of its name',
    policies: [np({ ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'y' } } }] }] })],
    yes: ['y/c x/a TCP/1'],
    no: ['x/b x/a TCP/1'],
  },
  {
    why: 'no protocol is TCP, no port all of it',
    policies: [np({ ingress: [{ ports: [{}] }] })],
    yes: ['y/c x/a TCP/65535'],
    no: ['y/c x/a UDP/80'],
  },
  {
    why: 'endPort is in its range',
    policies: [np({ ingress: [{ ports: [{ port: 80, endPort: 82 }] }] })],
    yes: ['y/c x/a TCP/82'],
    no: ['y/c x/a TCP/83', 'y/c x/a TCP/79'],
  },
  {
    why: 'SCTP is not TCP, and isolates too',
    policies: [np({ ingress: [{ ports: [{ protocol: 'SCTP', port: 80 }] }] })],
    yes: ['y/c x/a SCTP/80'],
    no: ['y/c x/a TCP/80'],
  },
  {
    why: 'a named port is that of the destination',
    policies: [np({ policyTypes: ['Egress'], egress: [{ ports: [{ port: 'web' }] }] })],
    yes: ['x/a y/c TCP/8080', 'x/a y/side TCP/15000'],
    no: ['x/a y/side TCP/1', 'x/a y/side TCP/8080', 'x/a y/c UDP/8080', 'x/a ip:8.8.8.8 TCP/8080', 'x/a y/host TCP/8080'],
  },
  {
    why: 'a range of addresses matches pods',
    policies: [np({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/16', except: ['10.0.1.0/24'] } }] }] })],
    yes: ['x/b x/a TCP/1', 'ip:10.0.0.9 x/a TCP/1'],
    no: ['y/c x/a TCP/1', 'ip:8.8.8.8 x/a TCP/1'],
  },
  {
    why: 'an exception is one of its own peer only',
    policies: [
      np({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/16', except: ['10.0.1.0/24'] } }, { ipBlock: { cidr: '10.0.1.3/32' } }] }] }),
    ],
    yes: ['y/c x/a TCP/1'],
    no: ['ip:10.0.1.4 x/a TCP/1'],
  },
  {
    why: 'a range of IPv4 says nothing of IPv6',
    policies: [np({ ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] })],
    yes: ['ip:8.8.8.8 x/b TCP/1', 'y/c x/b TCP/1'],
    no: ['ip:fd00::9 x/b TCP/1'],
  },
  {
    why: 'a pod on the network of the host is selected by nobody',
    policies: [np({}, 'y')],
    yes: ['x/a y/host TCP/1', 'ip:8.8.8.8 y/host TCP/1'],
    no: ['x/a y/c TCP/1'],
  },
  {
    why: 'a pod on the network of the host is met by its address',
    policies: [np({ ingress: [{ from: [{ ipBlock: { cidr: '172.18.0.0/16' } }] }] })],
    yes: ['y/host x/a TCP/1'],
    no: ['y/c x/a TCP/1'],
  },
  {
    why: 'egress that is allowed does not open the ingress',
    policies: [np({}, 'y'), cnp('a', { egress: [{ action: 'Accept', to: [{ namespaces: {} }] }] })],
    no: ['x/a y/c TCP/1'],
  },
  {
    why: 'a denial before policies of the namespace is final',
    policies: [np({ ingress: [{}] }), cnp('a', { ingress: [deny()] })],
    no: ['y/c x/a TCP/1'],
    yes: ['ip:8.8.8.8 x/a TCP/1'],
  },
  {
    why: 'an acceptance is final too',
    policies: [np({}), cnp('a', { ingress: [deny({ action: 'Accept' })] })],
    yes: ['y/c x/a TCP/1'],
    no: ['ip:8.8.8.8 x/a TCP/1'],
  },
  {
    why: 'a rule decides its ports only',
    policies: [cnp('a', { ingress: [deny({ action: 'Accept', protocols: [{ tcp: { destinationPort: { number: 80 } } }] }), deny()] })],
    yes: ['y/c x/a TCP/80'],
    no: ['y/c x/a TCP/81'],
  },
  {
    why: 'the lower priority is asked first',
    policies: [cnp('a', { priority: 9, ingress: [deny()] }), cnp('b', { priority: 8, ingress: [deny({ action: 'Accept' })] })],
    yes: ['y/c x/a TCP/80'],
  },
  {
    why: 'what is passed never reaches the baseline where a policy isolates',
    policies: [
      np({}),
      cnp('a', { ingress: [deny({ action: 'Pass' })] }),
      cnp('b', { tier: 'Baseline', ingress: [deny({ action: 'Accept' })] }),
    ],
    no: ['y/c x/a TCP/1'],
  },
  {
    why: 'what is passed skips the rest of the tier',
    policies: [cnp('a', { ingress: [deny({ action: 'Pass' }), deny()] })],
    yes: ['y/c x/a TCP/1'],
  },
  {
    why: 'the baseline denies where nobody isolates',
    policies: [cnp('b', { tier: 'Baseline', ingress: [deny()] }), np({ ingress: [{}] })],
    yes: ['y/c x/a TCP/1'],
    no: ['x/a y/c TCP/1'],
  },
  {
    why: 'passed in the baseline is allowed',
    policies: [cnp('b', { tier: 'Baseline', ingress: [deny({ action: 'Pass' }), deny()] })],
    yes: ['x/a y/c TCP/1'],
  },
  {
    why: 'networks meet pods as well',
    policies: [cnp('a', { egress: [{ action: 'Deny', to: [{ networks: ['10.0.0.0/8'] }] }] })],
    no: ['x/a y/c TCP/1', 'x/a ip:10.9.9.9 TCP/1'],
    yes: ['x/a ip:8.8.8.8 TCP/1'],
  },
  { why: 'the address of a pod is the pod', policies: [np({}, 'y')], no: ['x/a ip:10.0.1.3 TCP/1'], yes: ['x/a ip:10.0.1.4 TCP/1'] },
];

test.each(TRAPS)('$why', ({ policies, yes = [], no = [] }) => {
  for (const line of yes) expect(decision(policies, line)?.allowed, line).toBe(true);
  for (const line of no) expect(decision(policies, line)?.allowed, line).toBe(false);
});

test('two pods without a family of addresses in common have no connection', () => {
  expect(decision([pod('z/six', { ip: 'fd00::6' })], 'x/a z/six TCP/1')).toBeUndefined();
  expect(decision([pod('z/six', { ip: 'fd00::6' })], 'x/b z/six TCP/1')?.allowed).toBe(true);
});

test('nodes are met by the addresses of those that are selected', () => {
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n', labels: { os: 'linux' } },
    status: { addresses: [{ address: '172.18.0.2' }, { address: 'name' }] },
  };
  const policy = cnp('a', { egress: [{ action: 'Deny', to: [{ nodes: { matchLabels: { os: 'linux' } } }] }] });
  expect(decision([node, policy], 'x/a y/host TCP/1')?.allowed).toBe(false);
  expect(decision([node, policy], 'x/a ip:172.18.0.3 TCP/1')?.allowed).toBe(true);
});

test('who decides is told, of each direction', () => {
  const policies = [
    np({ ingress: [{ from: [{ podSelector: {} }] }, { ports: [{ port: 80 }] }] }),
    cnp('a', { egress: [{ action: 'Pass', to: [{ namespaces: {} }] }] }),
  ];
  expect(decision(policies, 'y/c x/a TCP/80')).toEqual({
    allowed: true,
    ingress: { allowed: true, by: ['NetworkPolicy/x/p ingress rule 2'] },
    egress: { allowed: true, by: ['ClusterNetworkPolicy/a egress rule 1'] },
  });
  expect(decision(policies, 'y/c x/a TCP/81')?.ingress).toEqual({ allowed: false, by: ['NetworkPolicy/x/p'] });
  expect(decision([], 'y/c x/a TCP/81')?.ingress).toEqual({ allowed: true, by: [] });
});
