/**
 * A real Kubernetes cluster for one test: etcd, API server, controllers and scheduler as plain processes, ready in
 * seconds. Any number run side by side. docs/testing-cluster.md tells how to use it.
 */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControlPlane } from './start.ts';
import { type ClusterOptions, DEFAULT_RELEASE } from './options.ts';
import { builtFolder, type Part } from './parts.ts';
import { freePorts } from './ports.ts';
import { Supervision } from './supervision.ts';
import { TestCluster } from './test-cluster.ts';

const ATTEMPTS = 4;

export async function startCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  for (let attempt = 1; ; attempt += 1) {
    const cluster = await prepare(options);
    try {
      await startControlPlane(cluster, options);
      return cluster;
    } catch (error) {
      const clash = cluster.lostPort();
      await cluster.stop();
      if (!clash || attempt === ATTEMPTS) throw error;
    }
  }
}

async function prepare(options: ClusterOptions): Promise<TestCluster> {
  const { release = DEFAULT_RELEASE } = options;
  const bin = builtPart(`control-${release}`);
  const ports = await freePorts();
  const dir = mkdtempSync(join(tmpdir(), 'castellan-cluster-'));
  mkdirSync(join(dir, 'logs'));
  mkdirSync(join(dir, 'users'));
  return new TestCluster({ dir, bin, release, ports, supervision: new Supervision(dir) });
}

function builtPart(part: Part): string {
  const folder = builtFolder(part);
  if (folder === undefined) throw new Error(`${part} is not built; run: node test/cluster/build/build.ts ${part}`);
  return folder;
}
