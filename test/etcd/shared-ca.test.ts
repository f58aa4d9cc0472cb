import { expect, it } from 'vitest';
import { nodeFacts } from '../rule-tester.ts';
import { runHere } from '../run-here.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Scan {
  findings: { rule: string; status: string }[];
  summary: { byFramework: Record<string, Record<string, number>> };
}

async function scanned(fingerprintOfEtcd: string): Promise<Scan> {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-ca-'));
  const certificates: [string, Record<string, unknown>][] = [
    ['/pki/etcd/ca.crt ca', { ca: true, fingerprint: fingerprintOfEtcd }],
    ['/pki/ca.crt ca', { ca: true, fingerprint: 'AA:01' }],
  ];
  const processes = [
    ['etcd', '--trusted-ca-file=/pki/etcd/ca.crt'],
    ['kube-apiserver', '--client-ca-file=/pki/ca.crt'],
  ];
  writeFileSync(join(folder, 'facts.json'), nodeFacts({ node: 'n1', processes, certificates }));
  const args = ['scan', '--node-facts', 'facts.json', '--benchmark', 'cis-1.12', '--all', '-f', 'json', '-q'];
  const { stdout } = await runHere(args, { cwd: folder });
  rmSync(folder, { recursive: true });
  return JSON.parse(stdout) as Scan;
}

it('a copy of the CA of the cluster fails CIS 2.7, though its file has another name', async () => {
  const [copy, own] = [await scanned('AA:01'), await scanned('BB:02')];
  const statusOf = ({ findings }: Scan): unknown => findings.find(({ rule }) => rule === 'etcd-ca-shared')?.status;
  expect([statusOf(copy), statusOf(own)]).toEqual(['fail', 'pass']);
  const failed = ({ summary }: Scan): number => summary.byFramework['cis-1.12']?.fail ?? 0;
  expect(failed(copy) - failed(own)).toBe(1);
});
