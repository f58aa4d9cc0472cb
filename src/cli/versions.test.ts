import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeFacts } from '../../test/rule-tester.ts';
import { runHere } from '../../test/run-here.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-versions-'));
  const status = { nodeInfo: { kubeletVersion: 'v1.30.1', operatingSystem: 'linux' } };
  writeFileSync(join(folder, 'node.yaml'), JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, status }));
  writeFileSync(join(folder, 'n1.json'), nodeFacts({ node: 'n1', processes: [['kubelet', '--read-only-port=0']] }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function appliesIn(...args: string[]): Promise<unknown> {
  const { stdout, stderr } = await runHere(['versions', ...args, '-f', 'json', '-q'], { cwd: folder });
  if (stdout === '') throw new Error(stderr);
  const { cves } = JSON.parse(stdout) as { cves: { id: string; applies: string; where: unknown }[] };
  return cves.find(({ id }) => id === 'CVE-2025-0426');
}

it('a hole that needs a setting is decided by what was collected on the node', async () => {
  expect(await appliesIn('node.yaml')).toMatchObject({ applies: 'unknown' });
  const where = expect.arrayContaining([{ object: 'KubeletConfiguration/n1', path: 'kind' }]) as unknown;
  // The list of files ends where the next is none of facts.
  expect(await appliesIn('--node-facts', 'n1.json', 'node.yaml')).toMatchObject({ applies: 'no', where });
});

it('facts alone name no versions', async () => {
  const { status, stderr } = await runHere(['versions', 'n1.json'], { cwd: folder });
  expect([status, stderr]).toEqual([2, expect.stringContaining('n1.json holds facts of a node and no manifests')]);
});
