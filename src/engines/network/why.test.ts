import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusters } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { Peers } from './peers.ts';
import { ALL_PORTS, portRange } from './ports.ts';
import { query } from './query.ts';
import { Relation } from './relation.ts';
import { type Why, whyBetween } from './why.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

function pod(name: string, ports: Raw[] = []): Raw {
  const labels = { app: name };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'x', labels }, spec: { containers: [{ name: 'c', ports }] } };
}
function np(spec: Raw, name = 'p'): Raw {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'x' }, spec };
}
const A = { podSelector: { matchLabels: { app: 'a' } } };
const B = { podSelector: { matchLabels: { app: 'b' } } };
const PODS = [pod('a'), pod('b', [{ name: 'web', containerPort: 80 }]), pod('c')];

function ask(objects: Raw[], ends: { from?: string; to?: string; port?: [protocol: 'TCP' | 'UDP', port: number] } = {}): Why {
  const relation = new Relation(readWorld([...PODS, ...objects]));
  const peers = new Peers(relation);
  const { from = 'x/a', to = 'x/b', port } = ends;
  return whyBetween(
    relation,
    { from: peers.find(from), to: peers.find(to) },
    port === undefined ? ALL_PORTS : portRange(port[0], port[1], port[1]),
  );
}
/** What the denial misses, nearest first. */
function missed(objects: Raw[], port: [protocol: 'TCP' | 'UDP', port: number] = ['TCP', 80]): string[] {
  const part = ask(objects, { port }).parts.find(({ verdict }) => verdict === 'deny');
  return [...(part?.ingress.missed ?? []), ...(part?.egress.missed ?? [])].map(
    ({ rule, on, wants }) => `${rule.replace('NetworkPolicy/x/', '')}: ${on}, ${wants}`,
  );
}

describe('an allow', () => {
  const admin = {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    metadata: { name: 'p' },
    spec: {
      priority: 1,
      subject: { namespaces: {} },
      ingress: [{ action: 'Pass', from: [{ namespaces: {} }] }],
    },
  };
  it('that nothing but a Pass stands behind is no decision of that rule', () => {
    const [part] = ask([admin], { port: ['TCP', 80] }).parts;
    expect(part?.ingress).toEqual({ verdict: 'allow', by: ['AdminNetworkPolicy/p ingress rule 1'], default: true });
  });
  it("of a rule that a Pass comes before is that rule's", () => {
    const [part] = ask([admin, np({ ...B, ingress: [{ from: [A] }] })], { port: ['TCP', 80] }).parts;
    expect(part?.ingress).toEqual({ verdict: 'allow', by: ['NetworkPolicy/x/p ingress rule 1'], default: false });
  });
});

describe('a denial names the nearest rules', () => {
  it('and what each failed on', () => {
    expect(missed([np({ ...B, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'd' } } }], ports: [{ port: 80 }] }] })])).toEqual([
      'p ingress rule 1: peer, x/[app=d]',
    ]);
    expect(missed([np({ ...B, ingress: [{ ports: [{ port: 81 }, { port: 90, endPort: 99 }] }] })])).toEqual([
      'p ingress rule 1: port, TCP 81,90-99',
    ]);
    expect(missed([np({ ...B, ingress: [{ ports: [{ port: 80, protocol: 'UDP' }] }] })])).toEqual(['p ingress rule 1: protocol, UDP 80']);
    expect(missed([np({ ...B, ingress: [{ ports: [{ port: 'http' }] }] })])).toEqual(['p ingress rule 1: port, TCP "http"']);
    expect(missed([np({ ...B, policyTypes: ['Ingress', 'Egress'], egress: [{ to: [A] }] })])).toEqual([
      'p egress rule 1: direction, to x/[app=a]',
    ]);
    expect(missed([np({ ...A, policyTypes: ['Ingress', 'Egress'], ingress: [{ from: [B], ports: [{ port: 81 }] }] })])).toEqual([]);
    expect(missed([np({ ...B, ingress: [] })])).toEqual([]);
  });
  it('in the words of the command line', () => {
    const from = [
      { ipBlock: { cidr: '10.0.0.0/24', except: ['10.0.0.8/32'] } },
      { namespaceSelector: { matchLabels: { team: 'x' } } },
      { namespaceSelector: {}, podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['d', 'e'] }] } },
    ];
    expect(missed([np({ ...B, ingress: [{ from }] })])).toEqual([
      'p ingress rule 1: peer, ip:10.0.0.0-10.0.0.7,10.0.0.9-10.0.0.255, [team=x]/*, */[app in (d,e)]',
    ]);
  });
  it('the nearer ones first, and not all', () => {
    const far = { from: [B], ports: [{ port: 81 }] };
    const rules = [far, { from: [B], ports: [{ port: 80 }] }, { from: [A], ports: [{ port: 81 }] }];
    expect(missed([np({ ...B, ingress: rules })])).toEqual([
      'p ingress rule 3: port, TCP 81',
      'p ingress rule 2: peer, x/[app=b]',
      'p ingress rule 1: peer, x/[app=b]',
    ]);
    expect(missed([np({ ...B, ingress: Array.from({ length: 50 }, () => far) })])).toHaveLength(12);
  });
  it('of other tiers, those that would have had the say before', () => {
    const admin = (egress: Raw[]): Raw => ({
      apiVersion: 'policy.networking.k8s.io/v1alpha1',
      kind: 'AdminNetworkPolicy',
      metadata: { name: 'p' },
      spec: { priority: 1, subject: { pods: { namespaceSelector: {}, podSelector: {} } }, egress },
    });
    const to = [{ namespaces: {} }];
    const allow = { action: 'Allow', to, ports: [{ portNumber: { protocol: 'TCP', port: 81 } }] };
    const deny = { action: 'Deny', to };
    expect(missed([admin([allow, deny, { action: 'Allow', to }])])).toEqual(['AdminNetworkPolicy/p egress rule 1: port, TCP 81']);
    expect(ask([admin([allow, deny])], { port: ['TCP', 81] }).parts[0]?.egress).not.toHaveProperty('missed');
  });
});

describe('of several pairs', () => {
  const POLICY = np({ ...B, ingress: [{ from: [A], ports: [{ port: 80 }] }] });
  it('what is the same is told once', () => {
    const { allowed, parts } = ask([POLICY], { from: 'x/*', port: ['TCP', 80] });
    expect(allowed).toEqual({ TCP: ['80'] });
    expect(parts.map(({ verdict, pairs }) => [verdict, pairs])).toEqual([
      ['allow', { count: 1, src: 'x/a[Pod]', dst: 'x/b[Pod]' }],
      ['deny', { count: 1, src: 'x/c[Pod]', dst: 'x/b[Pod]' }],
    ]);
    expect(ask([POLICY], { from: '0.0.0.0/0', to: 'x/*' }).parts.map(({ pairs }) => pairs?.count)).toEqual([2, 1]);
    expect(ask([POLICY]).parts[0]).not.toHaveProperty('pairs');
  });
  it('a Service stands for its ports', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's', namespace: 'x' },
      spec: { selector: { app: 'b' }, ports: [{ port: 8080, targetPort: 'web' }] },
    };
    expect(ask([POLICY, service], { to: 'svc:x/s' }).parts.map(({ conns, verdict }) => [conns, verdict])).toEqual([
      [{ TCP: ['80'] }, 'allow'],
    ]);
  });
});

describe('what is not asked any more', () => {
  const admin = (action: string, priority = 1): Raw => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    metadata: { name: `p${priority}` },
    spec: { priority, subject: { namespaces: {} }, ingress: [{ action, from: [{ namespaces: {} }] }] },
  });
  const baseline = {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'BaselineAdminNetworkPolicy',
    metadata: { name: 'default' },
    spec: { subject: { namespaces: {} }, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] },
  };
  const opened = np({ ...B, ingress: [{ from: [A], ports: [{ port: 80 }] }] });
  const said = (objects: Raw[], port: number): unknown[] | undefined =>
    ask(objects, { port: ['TCP', port] }).parts[0]?.ingress.shadowed?.map(({ rule, verdict }) => `${rule} ${verdict}`);

  it('is told in the order of asking', () => {
    expect(said([admin('Allow'), admin('Deny', 2), opened, baseline], 80)).toEqual([
      'AdminNetworkPolicy/p2 ingress rule 1 deny',
      'NetworkPolicy/x/p ingress rule 1 allow',
      'BaselineAdminNetworkPolicy/default ingress rule 1 deny',
    ]);
    expect(said([admin('Allow'), opened], 81)).toEqual(['NetworkPolicy/x/p deny']);
  });
  it('does not include what was heard', () => {
    expect(said([admin('Pass'), admin('Deny', 2), opened, baseline], 80)).toEqual([
      'AdminNetworkPolicy/p2 ingress rule 1 deny',
      'BaselineAdminNetworkPolicy/default ingress rule 1 deny',
    ]);
    expect(said([admin('Pass'), baseline], 80)).toBeUndefined();
    expect(said([opened], 80)).toBeUndefined();
  });
});

describe('a pod with addresses of both families', () => {
  const both = (name: string, at: number): Raw => ({ ...pod(name), status: { podIPs: [{ ip: `10.0.0.${at}` }, { ip: `fd00::${at}` }] } });
  const policy = np({ ...B, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] });
  const parts = (objects: Raw[]): unknown[] => {
    const relation = new Relation(readWorld(objects));
    const peers = new Peers(relation);
    const { parts } = whyBetween(relation, { from: peers.find('x/a'), to: peers.find('x/b') }, portRange('TCP', 80, 80));
    return parts.map(({ verdict, family }) => [verdict, family]);
  };
  it('is told of by family where they differ', () => {
    expect(parts([both('a', 1), both('b', 2), policy])).toEqual([
      ['allow', 'IPv4'],
      ['deny', 'IPv6'],
    ]);
    expect(parts([both('a', 1), both('b', 2)])).toEqual([['allow', undefined]]);
    expect(parts([{ ...both('a', 1), status: { podIP: '10.0.0.1' } }, both('b', 2), policy])).toEqual([['allow', undefined]]);
  });
});

it('no policy keeps a pod from itself', () => {
  const closed = np({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  const { allowed, parts } = ask([closed], { from: 'x/a', to: 'x/a', port: ['TCP', 80] });
  expect(allowed).toEqual({ TCP: ['80'] });
  expect(parts).toEqual([
    {
      conns: { TCP: ['80'] },
      verdict: 'allow',
      egress: { verdict: 'allow', by: [], default: true },
      ingress: { verdict: 'allow', by: [], default: true },
    },
  ]);
  // Of a workload nobody knows how many pods it has.
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', namespace: 'x' }, spec: { template: pod('d') } };
  expect(ask([closed, deployment], { from: 'x/d', to: 'x/d' }).allowed).toEqual({});
});

it('says what the question says', { timeout: 60_000 + RUNS * 30 }, () => {
  const port = fc.constantFrom(ALL_PORTS, portRange('TCP', 80, 80), portRange('UDP', 53, 81));
  fc.assert(
    fc.property(clusters, port, (objects, only) => {
      const relation = new Relation(readWorld(objects));
      const peers = new Peers(relation);
      const ends = { from: peers.find('*/*'), to: peers.find('*/*') };
      const { allowed, parts } = whyBetween(relation, ends, only);
      expect(allowed).toEqual(query(relation, ends, only).allowed);
      expect(parts.some(({ verdict }) => verdict === 'allow')).toBe(allowed === 'all' || Object.keys(allowed).length > 0);
      for (const { verdict, egress, ingress } of parts) {
        const both = egress.verdict === 'allow' && ingress.verdict === 'allow';
        expect(verdict).toBe(both ? 'allow' : 'deny');
        for (const side of [egress, ingress]) if (side.verdict === 'allow') expect(side).not.toHaveProperty('missed');
      }
    }),
    { numRuns: RUNS },
  );
});
