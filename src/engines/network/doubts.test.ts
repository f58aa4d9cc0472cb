import { describe, expect, it } from 'vitest';
import { ANYBODY } from './connections.ts';
import { doubtsOf } from './doubts.ts';
import { Peers } from './peers.ts';
import { query } from './query.ts';
import { reasonsFor } from './reasons.ts';
import { Relation } from './relation.ts';
import { tenants } from './tenants.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

function pod(name: string, more: Raw = {}, spec: Raw = {}): Raw {
  const [namespace, own = ''] = name.split('/');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name: own, labels: { app: own } },
    spec: { containers: [{ name: 'c' }], ...spec },
    ...more,
  };
}
function namespace(name: string): Raw {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team: name } } };
}
function cnp(name: string, spec: Raw): Raw {
  const subject = { namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'x' } } };
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name },
    spec: { tier: 'Admin', priority: 5, subject, ...spec },
  };
}

const WEB = pod('x/web', { status: { podIP: '10.0.0.1' } });
const OTHER = pod('y/other', { status: { podIP: '10.0.0.2' } });
const HOST = pod('y/host', { status: { podIP: '192.0.2.9' } }, { hostNetwork: true });
const SPACES = [namespace('x'), namespace('y')];
const NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n' },
  status: { addresses: [{ type: 'InternalIP', address: '192.0.2.9' }] },
};
const everybody = [{ namespaces: {} }];
const outside = [{ networks: ['0.0.0.0/0', '::/0'] }];
const byTeam = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'p', namespace: 'x' },
  spec: { podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'y' } } }] }] },
};

function answer(objects: readonly Raw[], [from, to]: readonly [string, string]): string {
  const world = readWorld(objects);
  const relation = new Relation(world, [ANYBODY]);
  const peers = new Peers(relation);
  const codes = doubtsOf(world).map(({ code }) => code);
  return [query(relation, { from: peers.find(from), to: peers.find(to) }).answer, ...codes].join(' ');
}

describe('nobody knows', () => {
  it('the labels of namespaces that are not in the input', () => {
    expect(answer([WEB, OTHER, byTeam], ['y/other', 'x/web'])).toBe('unknown namespace-labels-unknown');
    expect(answer([WEB, OTHER, byTeam, namespace('y')], ['y/other', 'x/web'])).toBe('yes namespace-labels-unknown');
    expect(answer([WEB, OTHER, byTeam, ...SPACES], ['y/other', 'x/web'])).toBe('yes');
    // What is open anyway is sure, and other labels or ports are none of those that may be meant.
    const two = {
      ...byTeam,
      spec: {
        podSelector: {},
        ingress: [
          { from: [{ podSelector: {} }], ports: [{ port: 80 }] },
          {
            from: [{ namespaceSelector: { matchLabels: { team: 'z' } }, podSelector: { matchLabels: { app: 'web' } } }],
            ports: [{ port: 81 }],
          },
        ],
      },
    };
    const same = pod('x/same', { status: { podIP: '10.0.0.3' } });
    expect(answer([WEB, same, two], ['x/same', 'x/web'])).toBe('yes namespace-labels-unknown');
    expect(answer([WEB, same, two], ['x/web', 'x/same'])).toBe('yes namespace-labels-unknown');
    expect(answer([WEB, OTHER, two], ['y/other', 'x/web'])).toBe('no namespace-labels-unknown');
    // What comes from outside has no namespace, and what nobody guards is open whoever asks.
    expect(answer([WEB, OTHER, byTeam], ['192.0.2.7', 'x/web'])).toBe('no namespace-labels-unknown');
    expect(answer([WEB, OTHER, byTeam], ['x/web', 'y/other'])).toBe('yes namespace-labels-unknown');
    // Who has no label is not among some, and may have one of them.
    const others = { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['z'] }] };
    const but = { ...byTeam, spec: { podSelector: {}, ingress: [{ from: [{ namespaceSelector: others }] }] } };
    expect(answer([WEB, OTHER, but], ['y/other', 'x/web'])).toBe('unknown namespace-labels-unknown');
    // Whom a policy is for hangs on them too.
    const forTeam = { subject: { namespaces: { matchLabels: { team: 'x' } } }, ingress: [{ action: 'Deny', from: everybody }] };
    expect(answer([WEB, OTHER, cnp('s', forTeam)], ['y/other', 'x/web'])).toBe('unknown namespace-labels-unknown');
    expect(answer([WEB, OTHER, namespace('x'), cnp('s', forTeam)], ['y/other', 'x/web'])).toBe('no namespace-labels-unknown');
    const named = JSON.parse(JSON.stringify(byTeam).replace('"team"', '"kubernetes.io/metadata.name"')) as Raw;
    expect(answer([WEB, OTHER, named], ['y/other', 'x/web'])).toBe('yes');
  });

  it('where nodes are that are not in the input', () => {
    const policy = cnp('n', {
      egress: [
        { action: 'Accept', to: [{ nodes: {} }] },
        { action: 'Deny', to: [...everybody, ...outside] },
      ],
    });
    expect(answer([WEB, HOST, ...SPACES, policy], ['x/web', 'y/host'])).toBe('unknown nodes-unknown');
    expect(answer([WEB, OTHER, ...SPACES, policy], ['x/web', '192.0.2.9'])).toBe('unknown nodes-unknown');
    expect(answer([WEB, OTHER, ...SPACES, policy], ['x/web', 'y/other'])).toBe('no nodes-unknown');
    expect(answer([WEB, HOST, NODE, ...SPACES, policy], ['x/web', 'y/host'])).toBe('yes');
  });

  it('which addresses have names', () => {
    const policy = cnp('d', {
      egress: [
        { action: 'Accept', to: [{ domainNames: ['example.com'] }] },
        { action: 'Deny', to: [...everybody, ...outside] },
      ],
    });
    expect(answer([WEB, OTHER, ...SPACES, policy], ['x/web', '192.0.2.9'])).toBe('unknown names-unknown');
    expect(answer([WEB, OTHER, ...SPACES, policy], ['x/web', 'y/other'])).toBe('no names-unknown');
  });

  it('the values of labels that controllers give', () => {
    const made = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'made', namespace: 'x' },
      spec: { template: { metadata: { labels: { app: 'made' } }, spec: { containers: [{ name: 'c' }] } } },
    };
    const one = { matchLabels: { 'pod-template-hash': '5d8f' } };
    const isolated = { ...byTeam, spec: { podSelector: one } };
    expect(answer([made, OTHER, ...SPACES, isolated], ['y/other', 'x/made'])).toBe('unknown label-value-unknown');
    const letIn = { ...byTeam, spec: { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [{ podSelector: one }] }] } };
    expect(answer([made, WEB, ...SPACES, letIn], ['x/made', 'x/web'])).toBe('unknown label-value-unknown');
    expect(answer([WEB, OTHER, ...SPACES, isolated], ['y/other', 'x/web'])).toBe('yes');
  });

  it('which of two policies of one priority is asked first', () => {
    const deny = cnp('a', { ingress: [{ action: 'Deny', from: everybody }] });
    const accept = cnp('b', { ingress: [{ action: 'Accept', from: everybody }] });
    expect(answer([WEB, OTHER, ...SPACES, deny, accept], ['y/other', 'x/web'])).toBe('unknown priority-undefined');
    // Where both say the same the order is of no matter.
    expect(answer([WEB, OTHER, ...SPACES, deny, { ...deny, metadata: { name: 'c' } }], ['y/other', 'x/web'])).toBe('no');
    // Whatever the first says, the two behind it may disagree.
    const silent = cnp('0', { ingress: [{ action: 'Deny', from: [{ namespaces: { matchLabels: { team: 'z' } } }] }] });
    expect(answer([WEB, OTHER, ...SPACES, silent, deny, accept], ['y/other', 'x/web'])).toBe('unknown priority-undefined');
    // Nor does it matter among policies for different pods, or on ports that one of them alone is about.
    const of = (name: string, policy: Raw): Raw => {
      const subject = { namespaces: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
      return { ...policy, spec: { ...(policy.spec as Raw), subject } };
    };
    expect(answer([WEB, OTHER, ...SPACES, deny, of('y', accept)], ['y/other', 'x/web'])).toBe('no');
    const on81 = cnp('b', { ingress: [{ action: 'Accept', from: everybody, protocols: [{ tcp: { destinationPort: { number: 81 } } }] }] });
    const relation = new Relation(readWorld([WEB, OTHER, ...SPACES, deny, on81]), [ANYBODY]);
    const peers = new Peers(relation);
    expect(query(relation, { from: peers.find('y/other'), to: peers.find('x/web') })).toMatchObject({
      answer: 'unknown',
      perhaps: [{ conns: { TCP: ['81'] } }],
    });
    const later = { ...accept, spec: { ...(accept.spec as Raw), priority: 6 } };
    expect(answer([WEB, OTHER, ...SPACES, deny, later], ['y/other', 'x/web'])).toBe('no');
  });

  it('and of each answer is told what it depends on, and nothing else', () => {
    const byLabel = cnp('label', { ingress: [{ action: 'Deny', from: [{ namespaces: { matchLabels: { team: 'z' } } }] }] });
    const deny = cnp('deny', { priority: 6, ingress: [{ action: 'Deny', from: everybody }] });
    const accept = cnp('accept', { priority: 6, ingress: [{ action: 'Accept', from: everybody }] });
    const world = readWorld([WEB, OTHER, pod('z/third', { status: { podIP: '10.0.0.3' } }), ...SPACES, byLabel, deny, accept]);
    const relation = new Relation(world, [ANYBODY]);
    const peers = new Peers(relation);
    const reasons = (from: string): string[] => {
      const kinds = peers.find(from).flatMap((peer) => peer.kinds);
      const to = peers.find('x/web').flatMap((peer) => peer.kinds);
      const found = reasonsFor(
        world,
        relation,
        kinds.flatMap((one) => to.map((other) => ({ from: one, to: other }))),
      );
      return found.map((text) => text.replace(/^ClusterNetworkPolicy\/(\w+) (?:and ClusterNetworkPolicy\/)?(\w+).*/, '$1 $2'));
    };
    expect(reasons('y/other')).toEqual(['deny accept']);
    expect(reasons('z/third')).toEqual(['label selects', 'deny accept']);
  });

  it('and so tenants are not proved to be apart', () => {
    const teams = {
      by: 'tenants',
      tenants: new Map([
        ['one', ['x/*']],
        ['two', ['y/*']],
      ]),
    } as const;
    const apart = (objects: readonly Raw[]): unknown =>
      tenants(new Relation(readWorld(objects)), teams).pairs.map((pair) => [pair.from, pair.apart, pair.unknown]);
    expect(apart([WEB, OTHER, byTeam])).toEqual([
      ['one', false, undefined],
      ['two', false, true],
    ]);
    // What is open only as long as a policy is for nobody is no proof that it is open.
    const closed = cnp('c', {
      subject: { namespaces: { matchLabels: { team: 'y' } } },
      ingress: [{ action: 'Deny', from: everybody }],
      egress: [{ action: 'Deny', to: everybody }],
    });
    expect(apart([WEB, OTHER, closed])).toEqual([
      ['one', false, true],
      ['two', false, true],
    ]);
    expect(apart([WEB, OTHER, byTeam, ...SPACES])).toEqual([
      ['one', false, undefined],
      ['two', false, undefined],
    ]);
  });
});
