/** Lists that the cluster forgets between two pages, and a server that refuses what is too much for it. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { objectsOf } from '../../../src/snapshot/index.ts';
import { runCommand } from '../command.ts';
import { describeCluster } from '../describe-cluster.ts';
import type { TestCluster } from '../test-cluster.ts';
import { type Truth, expectHonest, fill, keyOf, read, truthOf } from './reading.ts';

const ALONE = ['kube-controller-manager', 'kube-scheduler'] as const;
const PAGE = 500;

/** Since 1.34 a server remembers moments that etcd has forgotten, unless it is told not to. */
const SERVERS = [
  { release: '1.31.0', forgets: true, features: {} },
  { release: '1.36.3', forgets: true, features: { ListFromCacheSnapshot: false } },
  { release: '1.36.3', forgets: false, features: {} },
] as const;

for (const { release, forgets, features } of SERVERS) {
  const name = `${release} ${forgets ? 'that forgets' : 'that remembers what etcd forgets'}`;
  describeCluster(name, { release, skip: ALONE, features }, (cluster) => {
    let truth: Truth;

    beforeAll(async () => {
      await fill(cluster());
      truth = await truthOf(cluster());
    });

    it('once: the list is complete, from the start if need be', async () => {
      const parts = await read(cluster(), { at: afterPages(() => forget(cluster()), 1) });
      expect(expiredIn(cluster())).toBe(forgets ? 1 : 0);
      expect(expectHonest(parts, truth)).toBe(0);
      expect(parts.gaps.map(({ code }) => code)).not.toContain('list-changed');
    });

    it('after every page: the list is read to its end, and it is told if that took more than one moment', async () => {
      const before = expiredIn(cluster());
      const parts = await read(cluster(), { at: afterPages(() => forget(cluster()), Infinity) });
      expect(expiredIn(cluster()) - before).toBeGreaterThan(forgets ? 3 : -1);
      expect(expectHonest(parts, truth)).toBe(0);
      const told = parts.gaps.filter(({ code }) => code === 'list-changed').map(({ scope }) => scope);
      expect(told).toEqual(forgets ? ['configmaps'] : []);
    });

    it('after every page while objects go: those that stay are there once', async () => {
      const gone: string[] = [];
      const leave = (): void => {
        // Near the end of the list, which is in the order of names.
        const name = `many-99${gone.length}`;
        gone.push(`many/${name}`);
        etcd(cluster(), ['del', `/registry/configmaps/many/${name}`]);
        forget(cluster());
      };
      const { header, segments } = await read(cluster(), { at: afterPages(leave, 9) });
      const found = segments.filter(({ resource }) => resource === 'configmaps').flatMap((segment) => [...objectsOf(segment)].map(keyOf));
      const before = truth.get('v1 configmaps') ?? [];
      expect(gone.length).toBeGreaterThan(2);
      expect(header.complete).toBe(true);
      expect(new Set(found).size).toBe(found.length);
      expect(before).toEqual(expect.arrayContaining(found));
      expect(found).toEqual(expect.arrayContaining(before.filter((key) => !gone.includes(key))));
    });
  });
}

/** Does something after each page of ConfigMaps, so many times at most. */
function afterPages(act: () => void, times: number): (configMaps: number) => void {
  let last = 0;
  let left = times;
  return (configMaps) => {
    if (configMaps === last) return;
    last = configMaps;
    if (configMaps % PAGE !== 0 || left === 0) return;
    left -= 1;
    act();
  };
}

const ONE_AT_A_TIME = ['--enable-priority-and-fairness=false', '--max-requests-inflight=1'];

describeCluster('a server that takes one request at a time', { skip: ALONE, extraApiServerArgs: ONE_AT_A_TIME }, (cluster) => {
  it('is read in full by whoever it refuses now and then', async () => {
    await fill(cluster());
    // Administrators are never refused.
    const jane = cluster().user('jane');
    await cluster().kubectl(['apply', '-f', '-'], (await runCommand(['permissions'])).stdout);
    await cluster().kubectl(['create', 'clusterrolebinding', 'jane', '--clusterrole=castellan-scan', '--user=jane']);
    const reasons: string[] = [];
    const parts = await read(cluster(), { kubeconfig: jane, onRetry: (reason) => reasons.push(reason) });
    expect(reasons.join()).toMatch(/429/);
    expect(expectHonest(parts, await truthOf(cluster()))).toBe(0);
  });
});

/** Makes etcd forget every moment before this one, as it does by itself after some minutes. */
function forget(cluster: TestCluster): void {
  // A write, so that there is a later moment than that of the list.
  const { header } = JSON.parse(etcd(cluster, ['put', '/test/forget', String(Date.now()), '-w', 'json'])) as {
    header: { revision: number };
  };
  etcd(cluster, ['compact', String(header.revision)]);
}

/** Nothing else of the test runs meanwhile: the next page is asked for after it. */
function etcd({ ports, pki, bin }: TestCluster, args: readonly string[]): string {
  const env = {
    ...process.env,
    ETCDCTL_ENDPOINTS: `https://127.0.0.1:${ports.etcd}`,
    ETCDCTL_CACERT: pki.path('etcd-ca.crt'),
    ETCDCTL_CERT: pki.path('etcd-client.crt'),
    ETCDCTL_KEY: pki.path('etcd-client.key'),
  };
  const { stdout, stderr, status } = spawnSync(join(bin, 'etcdctl'), args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** How often the server said that a moment is forgotten. */
function expiredIn({ auditLog }: TestCluster): number {
  const lines = readFileSync(auditLog, 'utf8').split('\n');
  return lines.filter((line) => line.includes('"code":410') && line.includes('/configmaps?')).length;
}
