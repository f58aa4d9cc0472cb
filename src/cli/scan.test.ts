/** Exit codes of the gates, and what is said of input that was not judged. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { standardError } from '../lib/standard-error.ts';
import { type ScanFlags, runScan } from './scan.ts';

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: good}\nspec: {containers: [{name: app, image: web:1}]}\n';
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n';
const RULE = `export const rule = { id: 'own', title: 'Own', severity: 'low', area: 'governance', rationale: 'r', remedy: 'r', scope: 'workload',
  check: () => { throw new Error('broken'); } };`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-scan-'));
  put('in/good.yaml', POD);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function put(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

async function scanned(flags: ScanFlags): Promise<{ exit: number; stderr: string; gaps: string[]; skipped: number }> {
  const written = vi.spyOn(standardError, 'write').mockReturnValue();
  const report = join(folder, 'out.json');
  const exit = await runScan([join(folder, 'in')], {
    only: ['host-pid'],
    config: put('none.yaml', '{}'),
    format: [`json=${report}`],
    ...flags,
  });
  const stderr = written.mock.calls.map(([text]) => text).join('');
  written.mockRestore();
  const { gaps, coverage } = JSON.parse(readFileSync(report, 'utf8')) as { gaps: { code: string }[]; coverage: { skipped: number } };
  return { exit, stderr, gaps: gaps.map(({ code }) => code), skipped: coverage.skipped };
}

const LOST: [string, string, string | Buffer][] = [
  ['yaml-syntax', 'broken.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: x\n'],
  ['json-syntax', 'broken.json', '{"apiVersion": "v1", "kind": "Pod",\n'],
  ['template', 'template.yaml', 'kind: Pod\n{{- range .x }}\napiVersion: v1\n{{- end }}\n  a: b\n'],
  ['binary', 'image.yaml', Buffer.from([0, 1, 2, 3, 0, 255, 0, 254])],
  ['helm-missing', 'chart/Chart.yaml', 'name: chart\nversion: 1.0.0\n'],
  ['kustomize-missing', 'base/kustomization.yaml', 'resources: []\n'],
  [
    'incomplete-object',
    'list.yaml',
    `apiVersion: v1\nkind: List\nitems: [3, {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: []}}]\n`,
  ],
];

describe('what was not judged', () => {
  it.each(LOST)('%s makes --strict exit 4, and an open gate says so', async (code, name, text) => {
    vi.stubEnv('PATH', '');
    put(`in/${name}`, text);
    const strict = await scanned({ strict: true });
    expect(strict.gaps).toContain(code);
    expect(strict.exit).toBe(4);
    const gated = await scanned({ failOn: 'low' });
    expect(gated.exit).toBe(0);
    expect(gated.stderr).toMatch(
      /^castellan: the gate passed, but \d+ (?:documents?|parts? of the input) w(?:as|ere) not judged \(--gaps\); --strict makes this exit 4$/m,
    );
    expect((await scanned({ failOn: 'low', quiet: true })).stderr).toBe('');
    expect((await scanned({})).stderr).not.toContain('the gate');
  });

  it('says only of a gate that failed that it did', async () => {
    put('in/bad.yaml', POD.replace('spec: {', 'spec: {hostPID: true, '));
    put('in/broken.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: x\n');
    const { exit, stderr } = await scanned({ failOn: 'high', strict: true });
    expect(exit).toBe(1);
    expect(stderr).not.toContain('the gate passed');
    expect(stderr).toContain('the gate failed: findings of severity high or worse: 1 high');
  });

  it('keeps a gate shut when it was a rule that broke', async () => {
    const rules = [put('rule.mjs', RULE)];
    const { exit, gaps } = await scanned({ rules, only: ['own'], failOn: 'low' });
    expect(gaps).toContain('rule-failed');
    expect(exit).toBe(4);
  });
});

describe('what is told and was judged', () => {
  it.each<[string, string, string | Buffer]>([
    ['namespace-absent', 'other.yaml', POD],
    ['duplicate-key', 'twice.yaml', `${POD}---\n${NAMESPACE}kind: Namespace\n`],
    ['duplicate-key', 'values.yaml', `${NAMESPACE.replace('apiVersion: v1\nkind', 'a')}a: 2\n`],
    ['encoding', 'latin.yaml', Buffer.from(POD.replace('good', 'm\u00fcll'), 'latin1')],
  ])('%s neither fails --strict nor needs a word of the gate', async (code, name, text) => {
    put(`in/${name}`, text);
    const { exit, stderr, gaps, skipped } = await scanned({ strict: true, failOn: 'low' });
    expect(skipped).toBe(0);
    expect(gaps).toContain(code);
    expect(exit).toBe(0);
    expect(stderr).not.toContain('the gate');
    expect(stderr).not.toContain('not judged');
  });
});
