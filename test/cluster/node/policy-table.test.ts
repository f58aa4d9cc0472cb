import { describe, expect, it } from 'vitest';
import type { Pod, Policy } from './policy-objects.ts';
import { policyTable } from './policy-table.ts';

function pod(name: string, ip: string, namespace = 'shop'): Pod {
  const metadata = { uid: name, name, namespace, labels: { app: name } };
  return { metadata, spec: { nodeName: 'node1', containers: [{ ports: [{ name: 'http', containerPort: 8080 }] }] }, status: { podIP: ip } };
}

function policy(spec: Policy['spec']): Policy {
  return { metadata: { uid: 'p', name: 'p', namespace: 'shop' }, spec };
}

/** The chains of one pod, by name. */
function chains(policies: readonly Policy[]): Record<string, string[]> {
  const pods = [pod('web', '10.0.0.1'), pod('friend', '10.0.0.2'), pod('far', '10.0.0.3', 'other')];
  const namespaces = ['shop', 'other'].map((name) => ({ metadata: { uid: name, name, namespace: '', labels: { name } } }));
  const text = policyTable({ node: 'node1', pods, namespaces, policies });
  return Object.fromEntries(
    [...text.matchAll(/chain (\S+) \{\n([^}]*(?:\{[^}]*\}[^}]*)*?)\n\}/gu)].map(([, name = '', body = '']) => [name, body.split('\n')]),
  );
}

const WEB = { matchLabels: { app: 'web' } };

describe('network policies as a table of the packet filter', () => {
  it('let everything pass where none selects a pod', () => {
    expect(Object.keys(chains([]))).toEqual(['forward']);
  });

  it('deny what no rule lets in, in the directions that they are about', () => {
    const all = chains([policy({ podSelector: WEB })]);
    expect(all).toMatchObject({ ingress0: ['drop'] });
    expect(all.forward?.at(-1)).toBe('ip daddr 10.0.0.1 jump ingress0');
    expect(Object.keys(chains([policy({ podSelector: WEB, policyTypes: ['Ingress', 'Egress'] })]))).toEqual([
      'ingress0',
      'egress0',
      'forward',
    ]);
  });

  it('let in whom they name: pods of the own namespace, of others, blocks', () => {
    const from = [
      { podSelector: { matchLabels: { app: 'friend' } } },
      { namespaceSelector: { matchLabels: { name: 'other' } } },
      { ipBlock: { cidr: '10.1.0.0/16', except: ['10.1.1.0/24'] } },
    ];
    expect(chains([policy({ podSelector: WEB, ingress: [{ from }] })]).ingress0).toEqual([
      'ip saddr { 10.0.0.2 } return',
      'ip saddr { 10.0.0.3 } return',
      'ip saddr 10.1.0.0/16 ip saddr != { 10.1.1.0/24 } return',
      'drop',
    ]);
  });

  it('look up the names of ports at the pod that is connected to', () => {
    const ports = [{ port: 'http' }, { port: 9000, endPort: 9009 }, { protocol: 'UDP' }];
    expect(chains([policy({ podSelector: WEB, ingress: [{ ports }] })]).ingress0).toEqual([
      'tcp dport 8080 return',
      'tcp dport 9000-9009 return',
      'meta l4proto udp return',
      'drop',
    ]);
    const egress = chains([policy({ podSelector: WEB, policyTypes: ['Egress'], egress: [{ ports: [{ port: 'http' }] }] })]).egress0;
    expect(egress).toContain('ip daddr 10.0.0.2 tcp dport 8080 return');
  });

  it('an empty rule lets in everything, an empty list of peers too', () => {
    expect(chains([policy({ podSelector: WEB, ingress: [{}] })]).ingress0).toEqual(['return', 'drop']);
  });
});
