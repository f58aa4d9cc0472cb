/** API groups whose server is gone, as after an add-on that was removed by half. */
import { expect, it } from 'vitest';
import { describeCluster } from '../describe-cluster.ts';
import { RELEASES } from '../parts.ts';
import type { TestCluster } from '../test-cluster.ts';
import { waitFor } from '../wait.ts';
import { read } from './reading.ts';

for (const release of RELEASES) {
  describeCluster(`groups that nobody serves, ${release}`, { release, skip: ['kube-controller-manager', 'kube-scheduler'] }, (cluster) => {
    it('of no interest leave a reading complete', async () => {
      await register(cluster(), 'metrics.k8s.io');
      const { header, gaps } = await read(cluster());
      expect(gaps.map(({ scope, code }) => `${scope} ${code}`)).toEqual(['metrics.k8s.io/v1 not-collected']);
      expect(header.complete).toBe(true);
    });

    it('of interest are told as missing', async () => {
      await register(cluster(), 'gateway.networking.k8s.io');
      const { header, gaps } = await read(cluster());
      expect(gaps.map(({ scope, code }) => `${scope} ${code}`)).toContain('gateway.networking.k8s.io/v1 list-failed');
      expect(header.complete).toBe(false);
    });
  });
}

/** Names a service for a group that does not exist, and waits until the server has noticed. */
async function register(cluster: TestCluster, group: string): Promise<void> {
  const service = { namespace: 'default', name: 'gone' };
  const spec = { group, version: 'v1', service, groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true };
  const [apiVersion, kind, name] = ['apiregistration.k8s.io/v1', 'APIService', `v1.${group}`];
  const annotations = { 'api-approved.kubernetes.io': 'unapproved, for a test' };
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion, kind, metadata: { name, annotations }, spec }));
  await waitFor('group', async () => (await cluster.request('GET', '/apis')).text.includes(group));
}
