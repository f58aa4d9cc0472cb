import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { expect, it } from 'vitest';
import { buildCluster } from '../model/index.ts';
import { RULES, judge } from '../rules/index.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

function manifest(...args: readonly string[]): { text: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [MAIN, 'node', 'manifest', ...args], { encoding: 'utf8' });
  return { text: stdout + stderr, status };
}

interface Job {
  kind: string;
  metadata: { name: string };
  spec: { template: { spec: Record<string, unknown> } };
}

it('prints a Job for each node, named within the length of labels', () => {
  const long = `${'a'.repeat(60)}.example.com`;
  const { text } = manifest('--image', 'example.test/castellan:1', '--node', 'n1,node/n2', '--node', long);
  const jobs = (loadAll(text) as Job[]).filter(({ kind }) => kind === 'Job');
  expect(jobs.map(({ spec }) => spec.template.spec.nodeName)).toEqual(['n1', 'n2', long]);
  for (const { metadata } of jobs) expect(metadata.name).toMatch(/^[a-z0-9-]{1,63}$/);
  expect(new Set(jobs.map(({ metadata }) => metadata.name)).size).toBe(3);
});

it('asks for the disk of the node and no more', () => {
  const objects = loadAll(manifest('--image', 'example.test/castellan:1.0.0', '--node', 'n1').text) as Record<string, unknown>[];
  const cluster = buildCluster({
    header: { kind: 'manifests', complete: false },
    objects: objects.map((object) => ({ object, origin: { source: 'm.yaml', line: 1, format: 'yaml', prefix: [] } })),
    counts: { files: 1, documents: 2, judged: 2, foreign: 0 },
    gaps: [],
  });
  const grave = new Set<string>();
  judge(cluster, { rules: RULES }, ({ rule, status, severity }) => {
    if (status === 'fail' && (severity === 'critical' || severity === 'high')) grave.add(rule.id);
  });
  expect([...grave].toSorted()).toEqual(['host-path-sensitive']);
});

it.each([
  [['--node', 'n1'], /no image is named/],
  [['--image', 'x'], /no node is named/],
  [['--image', 'x', '--node', 'Bad_Name'], /no name of Kubernetes/],
  [['--image', 'x\nkind: Pod', '--node', 'n'], /takes an image/],
])('%j is refused', (args, message) => {
  const { text, status } = manifest(...args);
  expect(status).toBe(2);
  expect(text).toMatch(message);
});
