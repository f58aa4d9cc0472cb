/** Which shapes of policies the API server refuses, and that the engine says the same of each. */
import { expect, it } from 'vitest';
import { readWorld } from '../../src/engines/network/index.ts';
import { describeCluster } from './describe-cluster.ts';
import { RELEASES } from './parts.ts';
import { ADMIN_DEFINITIONS } from './policies/admin-definitions.ts';
import { SHAPES } from './policies/policy-shapes.ts';

const PATHS: Readonly<Record<keyof typeof SHAPES, string>> = {
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies',
  ClusterNetworkPolicy: '/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies',
  AdminNetworkPolicy: '/apis/policy.networking.k8s.io/v1alpha1/adminnetworkpolicies',
  BaselineAdminNetworkPolicy: '/apis/policy.networking.k8s.io/v1alpha1/baselineadminnetworkpolicies',
};
/** What is refused and counts all the same: other releases take it, or what it means is plain. */
function toldOf(release: string): ReadonlySet<string> {
  const always = ['name-invalid', 'metadata-invalid', 'selector-missing', 'port-missing'];
  return new Set(release === '1.31.0' ? always : [...always, 'cidr-not-canonical']);
}

const KINDS = Object.keys(PATHS) as (keyof typeof SHAPES)[];

for (const release of RELEASES) {
  describeCluster(`policies that ${release} refuses`, { release, skip: ['kube-controller-manager', 'kube-scheduler'] }, (cluster) => {
    it.each(KINDS)('%s', async (kind) => {
      if (kind !== 'NetworkPolicy') {
        await cluster().kubectl(['apply', '-f', '-'], ADMIN_DEFINITIONS);
        await cluster().kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
      }
      const said: Record<string, string> = {};
      const meant: Record<string, string> = {};
      for (const { name, object } of SHAPES[kind]) {
        const { status, text } = await cluster().request('POST', `${PATHS[kind]}?dryRun=All`, { body: object });
        expect([201, 400, 422], text).toContain(status);
        const { policies, problems } = readWorld([object]);
        expect(problems.some(({ refused }) => refused)).toBe(policies.length === 0);
        // Told of, and judged as what they mean.
        const isStrict = problems.some(
          ({ category, path }) => toldOf(release).has(category) && !(kind === 'ClusterNetworkPolicy' && path.endsWith('namespaceSelector')),
        );
        said[name] = status === 201 ? 'taken' : 'refused';
        meant[name] = policies.length === 1 && !isStrict ? 'taken' : 'refused';
      }
      expect(meant).toEqual(said);
    });
  });
}
