/** A server that dies, hangs or tires in the middle of a reading: all of it is read, or what is missing is told. */
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { runCommand } from '../command.ts';
import { describeCluster } from '../describe-cluster.ts';
import type { TestCluster } from '../test-cluster.ts';
import { type Truth, expectHonest, fill, read, truthOf } from './reading.ts';

const ALONE = ['kube-controller-manager', 'kube-scheduler'] as const;
const SERVER = 'kube-apiserver';
/** In the second page. */
const MIDDLE = 700;
/** When most kinds are still to be listed. */
const EARLY = 20;

describeCluster('a server in trouble', { skip: ALONE }, (cluster) => {
  let truth: Truth;

  beforeAll(async () => {
    await fill(cluster());
    truth = await truthOf(cluster());
  });
  beforeEach(() => cluster().ready());

  it.each([
    ['SIGKILL', EARLY],
    ['SIGKILL', MIDDLE],
    ['SIGTERM', MIDDLE],
  ] as const)('that ends by %s after %i ConfigMaps and comes back is read in full', async (signal, after) => {
    let back: Promise<void> | undefined;
    const reasons: string[] = [];
    const parts = await read(cluster(), {
      at: (count) => {
        if (count !== after || back !== undefined) return;
        cluster().programs.signal(SERVER, signal);
        back = again(cluster(), SERVER);
      },
      onRetry: (reason) => reasons.push(reason),
    });
    await back;
    // Later on everything may have been sent when the server ends.
    if (after === EARLY) expect(reasons.length).toBeGreaterThan(0);
    expect(expectHonest(parts, truth)).toBe(0);
  });

  it('that dies and stays away is read as far as it went, and the rest is told', async () => {
    let dead = false;
    const parts = await read(cluster(), {
      at: (_count, all) => {
        if (all >= EARLY && !dead) cluster().programs.signal(SERVER, 'SIGKILL');
        dead ||= all >= EARLY;
      },
      attempts: 4,
    });
    await again(cluster(), SERVER);
    await cluster().ready();
    expect(expectHonest(parts, truth)).toBeGreaterThan(10);
    expect(parts.header.missing?.map(({ resource }) => resource)).toContain('configmaps');
    expect(parts.header.missing?.every(({ why }) => why === 'failed')).toBe(true);
  });

  it('whose etcd dies and comes back is read in full', async () => {
    let back: Promise<void> | undefined;
    const parts = await read(cluster(), {
      at: (count) => {
        if (count !== MIDDLE || back !== undefined) return;
        cluster().programs.signal('etcd', 'SIGKILL');
        back = again(cluster(), 'etcd');
      },
    });
    await back;
    expect(expectHonest(parts, truth)).toBe(0);
  });

  it('that stands still for some seconds is asked again, and read in full', async () => {
    let stopped = false;
    const reasons: string[] = [];
    const parts = await read(cluster(), {
      requestTimeout: '1s',
      at: (count) => {
        if (count !== MIDDLE || stopped) return;
        stopped = true;
        cluster().programs.signal(SERVER, 'SIGSTOP');
        setTimeout(() => cluster().programs.signal(SERVER, 'SIGCONT'), 3000);
      },
      onRetry: (reason) => reasons.push(reason),
    });
    expect(reasons.join()).toContain('--request-timeout (1000 ms)');
    expect(expectHonest(parts, truth)).toBe(0);
  });

  it('that stands still for good is given up', async () => {
    let stopped = false;
    const parts = await read(cluster(), {
      silence: 500,
      attempts: 2,
      at: (count) => {
        if (count === MIDDLE && !stopped) cluster().programs.signal(SERVER, 'SIGSTOP');
        stopped ||= count === MIDDLE;
      },
    });
    cluster().programs.signal(SERVER, 'SIGCONT');
    expect(expectHonest(parts, truth)).toBeGreaterThan(0);
  });

  it('that is away from the start, or answers too late, is an error and no report', async () => {
    await expect(read(cluster(), { requestTimeout: '1ms', attempts: 2 })).rejects.toThrow('--request-timeout');
    cluster().programs.signal(SERVER, 'SIGKILL');
    const { exit, stdout, stderr } = await runCommand(['scan', '--kubeconfig', cluster().kubeconfig, '--request-timeout', '2s']);
    await again(cluster(), SERVER);
    expect(stdout).toBe('');
    expect(stderr).toContain('could not be reached');
    expect(exit).toBeGreaterThan(1);
  });
});

/** Starts a program again once it is gone. */
async function again({ programs }: TestCluster, name: string): Promise<void> {
  await programs.end(name);
  await programs.again(name);
}
