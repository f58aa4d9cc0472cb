/** The harness itself: what tests of the product against a cluster rely on. */
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startCluster } from './cluster.ts';
import { describeCluster, describeWith } from './describe-cluster.ts';
import { RELEASES } from './parts.ts';

for (const release of RELEASES) {
  describeCluster(`control plane ${release}`, { release }, (cluster) => {
    it('says which release it is, and that it is ready', async () => {
      const version = await cluster().request('GET', '/version');
      expect(version.json()).toMatchObject({ gitVersion: `v${release}` });
      expect((await cluster().request('GET', '/readyz')).text).toBe('ok');
    });

    it('refuses a user without rights', async () => {
      const jane = cluster().user('jane', ['developers']);
      expect((await cluster().request('GET', '/api/v1/secrets', { as: jane })).status).toBe(403);
    });
  });
}

describeWith('stop', {}, () => {
  it('removes the folder', async () => {
    const cluster = await startCluster();
    await cluster.stop();
    expect(existsSync(cluster.dir)).toBe(false);
  });
});
