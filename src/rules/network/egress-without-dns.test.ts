import { expect, it } from 'vitest';
import { clusterOf } from '../../../test/rule-tester.ts';
import { judge } from '../judge.ts';
import { rule } from './egress-without-dns.ts';

const pod = (name: string, namespace: string, labels: Record<string, string>): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: { containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 53, protocol: 'UDP' }] }] },
});
const SERVER = pod('dns', 'kube-system', { 'k8s-app': 'kube-dns' });

function message(ports: readonly unknown[], ...more: Record<string, unknown>[]): string | undefined {
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'x' },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports }] },
  };
  const found: string[] = [];
  judge(clusterOf([pod('web', 'x', {}), policy, ...more]), { rules: [rule] }, (finding) => found.push(finding.message));
  return found[0];
}

it('says on which protocol no name server is reached', () => {
  for (const more of [[], [SERVER]]) {
    expect(message([{ port: 443 }], ...more)).toMatch(/on UDP or TCP$/);
    expect(message([{ port: 53 }], ...more)).toContain('on UDP, by which resolvers ask');
    expect(message([{ port: 53, protocol: 'UDP' }], ...more)).toBeUndefined();
  }
});
