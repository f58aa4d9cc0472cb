/**
 * A real Kubernetes cluster for one test: etcd, API server, controllers and scheduler as plain processes, ready in
 * seconds. Any number run side by side. docs/testing-cluster.md tells how to use it.
 */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinNodes } from './node/join.ts';
import { startMachines } from './node/machines.ts';
import { startRelay } from './node/reach.ts';
import { type ClusterOptions, DEFAULT_RELEASE } from './options.ts';
import { builtPart } from './parts.ts';
import { freePorts } from './ports.ts';
import { startControlPlane } from './start.ts';
import { Supervision } from './supervision.ts';
import { TestCluster } from './test-cluster.ts';

const ATTEMPTS = 4;

/** Whoever starts a cluster stops it; one that is left ends with the process that started it. */
export async function startCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  for (let attempt = 1; ; attempt += 1) {
    const cluster = await prepare(options);
    try {
      if (cluster.machines.length > 0) await startRelay(cluster);
      await startControlPlane(cluster, options);
      if (cluster.machines.length > 0) await joinNodes(cluster, options);
      return cluster;
    } catch (error) {
      const again = cluster.programs.lostPort() && attempt < ATTEMPTS;
      await cluster.stop();
      if (!again) throw error;
    }
  }
}

async function prepare({ release = DEFAULT_RELEASE, nodes = 0 }: ClusterOptions): Promise<TestCluster> {
  const bin = builtPart(`control-${release}`);
  const ports = await freePorts();
  const dir = mkdtempSync(join(tmpdir(), 'castellan-cluster-'));
  mkdirSync(join(dir, 'logs'));
  mkdirSync(join(dir, 'users'));
  const supervision = new Supervision(dir);
  try {
    const machines = nodes > 0 ? await startMachines(supervision, nodes) : [];
    return new TestCluster({ dir, bin, release, ports, supervision, machines });
  } catch (error) {
    await supervision.stop();
    throw error;
  }
}
