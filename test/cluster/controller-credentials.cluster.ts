/** With which credentials controllers act: what `scan` tells from the audit log of managers that are started both ways. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCommand } from './command.ts';
import { describeCluster } from './describe-cluster.ts';
import type { TestCluster } from './test-cluster.ts';
import { waitFor } from './wait.ts';
import { RELEASES_OF_LONG_SUITES } from './releases.ts';

const FLAG = '--use-service-account-credentials';
const PAIR = 'cm-sa-credentials,controllers-share-credentials';

interface Report {
  findings: { rule: string; status: string; message: string; evidence: { source: string; path: string; value: unknown }[] }[];
}

/** A manager's pod as kubeadm would leave it, to be told something else than what runs. */
function pod(flag: string): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'kube-controller-manager-cp1', namespace: 'kube-system' },
    spec: { nodeName: 'cp1', containers: [{ name: 'kube-controller-manager', command: ['kube-controller-manager', flag] }] },
  };
}

async function judged(cluster: TestCluster, given: readonly string[], flag: string): Promise<string[]> {
  const file = join(cluster.dir, 'manager.json');
  writeFileSync(file, JSON.stringify(pod(flag)));
  const args = ['scan', file, '--only', PAIR, ...given, '--all', '-q', '-f', 'json'];
  const { stdout, stderr, exit } = await runCommand(args);
  expect(stderr).toBe('');
  expect(exit).toBe(0);
  const { findings } = JSON.parse(stdout) as Report;
  return findings.map(({ rule, status, evidence: [seen] }) => `${rule} ${status} ${seen?.path}`);
}

/** With one credential the roles of Kubernetes refuse most of what controllers ask for; that they ask is what is looked for. */
async function worked(cluster: TestCluster): Promise<void> {
  await cluster.kubectl(['create', 'deployment', 'web', '--image=x']);
  const isAsked = (): Promise<boolean> => Promise.resolve(/"create".*"replicasets"/.test(readFileSync(cluster.auditLog, 'utf8')));
  await waitFor('replica set', isAsked, { seconds: 50, check: () => cluster.programs.check() });
}

for (const release of RELEASES_OF_LONG_SUITES) {
  describeCluster(`controllers of ${release} with accounts of their own`, { release }, (cluster) => {
    it('are seen in the log, and a flag that says otherwise is told', async () => {
      await worked(cluster());
      const log = ['--audit', cluster().auditLog];
      expect(await judged(cluster(), log, `${FLAG}=true`)).toEqual([
        expect.stringMatching(/^controllers-share-credentials pass system:serviceaccount:kube-system:/),
      ]);
      expect(await judged(cluster(), log, `${FLAG}=false`)).toEqual(['controllers-share-credentials fail spec.containers[0].command[1]']);
    });

    it('are seen in a record of it as well', async () => {
      const record = join(cluster().dir, 'use.record');
      expect((await runCommand(['record', 'add', cluster().auditLog, '--record', record, '-q'])).exit).toBe(0);
      expect(await judged(cluster(), ['--record', record], `${FLAG}=true`)).toEqual([
        expect.stringMatching(/^controllers-share-credentials pass /),
      ]);
    });
  });

  describeCluster(`controllers of ${release} with one credential`, { release, extraControllerArgs: [`${FLAG}=false`] }, (cluster) => {
    it('are seen in the log, whatever the flag says', async () => {
      await worked(cluster());
      const log = ['--audit', cluster().auditLog];
      for (const flag of [`${FLAG}=true`, `${FLAG}=false`])
        expect(await judged(cluster(), log, flag)).toEqual(['controllers-share-credentials fail system:kube-controller-manager']);
    });
  });
}
