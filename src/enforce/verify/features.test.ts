import { describe, expect, it } from 'vitest';
import { FEATURES, type Feature, titleOf, usesOf } from './features.ts';

type Fields = Record<string, unknown>;

function used(spec: Fields, kind = 'NetworkPolicy'): Feature[] {
  return [...usesOf([{ apiVersion: 'x/v1', kind, metadata: { name: 'p', namespace: 'n' }, spec }]).keys()];
}

describe('what a policy uses', () => {
  it.each<[string, Fields, Feature[]]>([
    ['nothing but ingress', { podSelector: {} }, ['ingress-deny']],
    ['egress by its rules', { podSelector: {}, egress: [{}] }, ['ingress-deny', 'egress-deny']],
    ['egress alone', { podSelector: {}, policyTypes: ['Egress'], ingress: [{ ports: [{ port: 1 }] }] }, ['egress-deny']],
    ['peers', { ingress: [{ from: [{ podSelector: {} }] }] }, ['ingress-deny', 'ingress-pod-selectors']],
    ['namespaces', { ingress: [{ from: [{ namespaceSelector: {} }] }] }, ['ingress-deny', 'ingress-namespace-selectors']],
    ['both', { ingress: [{ from: [{ namespaceSelector: {}, podSelector: {} }] }] }, ['ingress-deny', 'ingress-pods-in-namespaces']],
    ['a range', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }, ['ingress-deny', 'ingress-blocks']],
    [
      'exceptions',
      { policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }] },
      ['egress-deny', 'egress-blocks', 'egress-block-exceptions'],
    ],
    [
      'ports of every form',
      {
        ingress: [
          { ports: [{ port: 80 }, { port: 'web' }, { port: 80, endPort: 90 }, { protocol: 'UDP' }, { protocol: 'SCTP', port: 1 }] },
        ],
      },
      ['ingress-deny', 'ingress-ports', 'ingress-named-ports', 'ingress-port-ranges', 'ingress-udp', 'ingress-sctp'],
    ],
  ])('%s', (_name, spec, wanted) => expect(used(spec)).toEqual([...wanted, 'across-nodes']));

  it('of the cluster-scoped kinds', () => {
    expect(used({}, 'AdminNetworkPolicy')).toEqual(['admin-network-policy', 'across-nodes']);
    expect(used({}, 'BaselineAdminNetworkPolicy')).toEqual(['baseline-admin-network-policy', 'across-nodes']);
    expect(used({ tier: 'Baseline' }, 'ClusterNetworkPolicy')).toEqual(['cluster-network-policy-baseline', 'across-nodes']);
    expect(used({ tier: 'Admin' }, 'ClusterNetworkPolicy')).toEqual(['cluster-network-policy-admin', 'across-nodes']);
  });

  it('names those that use it, each once', () => {
    const policy = (name: string): Fields => ({
      kind: 'NetworkPolicy',
      metadata: { name, namespace: 'n' },
      spec: { ingress: [{ ports: [{ port: 1 }, { port: 2 }] }] },
    });
    expect(usesOf([policy('a'), policy('b')]).get('ingress-ports')).toEqual(['NetworkPolicy/n/a', 'NetworkPolicy/n/b']);
  });

  it('is nothing where there are none', () => expect(usesOf([]).size).toBe(0));
});

it('every feature has words of its own', () => {
  expect(new Set(FEATURES.map(titleOf)).size).toBe(FEATURES.length);
});
