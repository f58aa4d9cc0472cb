/** What could not be read lowers every answer about the network, and is told with each. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stdout } from '../lib/sink.ts';
import { runNetAssert } from './net-assert.ts';
import { runNetCompare } from './net-compare.ts';
import { runNetDiff } from './net-diff.ts';
import { runNetGenerate } from './net-generate.ts';
import { runNetLint } from './net-lint.ts';
import { runNetList } from './net-list.ts';
import { runNetQuery } from './net-query.ts';
import { runNetReach } from './net-reach.ts';
import { runNetTenants } from './net-tenants.ts';

const BASE = ['a', 'b']
  .flatMap((namespace) => [
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${namespace}, labels: {team: ${namespace}}}\n`,
    `apiVersion: v1\nkind: Pod\nmetadata: {name: app, namespace: ${namespace}}\nspec: {containers: [{name: c, image: i}]}\n`,
  ])
  .join('---\n');
const BROKEN = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: [\n';

let folder = '';
let told = '';
let written = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-net-'));
  put('base.yaml', BASE);
  put('in/base.yaml', BASE);
  put('in/broken.yaml', BROKEN);
  told = written = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((told += String(text)), true));
  vi.spyOn(stdout, 'write').mockImplementation((text) => void (written += text));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function put(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const at = (name: string): string => join(folder, name);
const ENDS = { from: 'a/app', to: 'b/app' };

interface Flags {
  format?: string;
  strict?: boolean;
}
type Run = (input: string, flags: Flags) => Promise<number>;
const GATES: [string, Run][] = [
  ['query', (input, flags) => runNetQuery([input], { ...ENDS, ...flags })],
  ['tenants', (input, flags) => runNetTenants([input], { tenantLabel: 'team', ...flags })],
  ['diff', (input, flags) => runNetDiff(at('base.yaml'), input, flags)],
  ['compare', (input, flags) => runNetCompare(at('base.yaml'), input, { question: 'equivalent', ...flags })],
  ['lint', (input, flags) => runNetLint([input], flags)],
  ['assert', (input, flags) => runNetAssert(put('rules', 'allow a/app -> b/app\n'), [input], flags)],
];
const OTHERS: [string, Run][] = [
  ['list', (input, flags) => runNetList([input], flags)],
  ['reach', (input, flags) => runNetReach('a/app', [input], flags)],
];

describe('what could not be read', () => {
  it.each([...GATES, ...OTHERS])('stands in the document of net %s', async (_name, run) => {
    expect(await run(at('in'), { format: 'json' })).toBe(0);
    expect((JSON.parse(written) as { gaps?: unknown }).gaps).toEqual([
      { scope: `${at('in/broken.yaml')}:4`, code: 'yaml-syntax', reason: expect.any(String) as string, effect: 'it was not judged' },
    ]);
    expect(told).toContain(`${at('in/broken.yaml')}:4 is not in this: `);
  });

  it.each([...GATES, ...OTHERS])('is no field of net %s where all was read', async (_name, run) => {
    await run(at('base.yaml'), { format: 'json' });
    expect(JSON.parse(written)).not.toHaveProperty('gaps');
    expect(told).toBe('');
  });

  it.each(GATES)('makes net %s --strict exit with 4', async (_name, run) => {
    expect(await run(at('in'), { strict: true })).toBe(4);
    expect(await run(at('base.yaml'), { strict: true })).toBe(0);
  });

  it('comes after an example against what was asked', async () => {
    const apart = put(
      'apart.yaml',
      `${BASE}---\n${BROKEN.replace('spec: [', 'metadata: {name: p, namespace: b}\nspec: {podSelector: {}}')}`,
    );
    expect(await runNetCompare(at('in'), apart, { question: 'equivalent', strict: true })).toBe(1);
  });

  it('stands apart from what is closed in the document of net generate', async () => {
    await runNetGenerate([at('in')], { format: 'json' });
    expect((JSON.parse(written) as { unread: { scope: string }[] }).unread.map(({ scope }) => scope)).toEqual([
      `${at('in/broken.yaml')}:4`,
    ]);
  });

  it('is named on standard error, ten times at most', async () => {
    for (let each = 0; each < 12; each += 1) put(`in/broken-${each}.yaml`, BROKEN);
    await runNetList([at('in')], {});
    const lines = told.trimEnd().split('\n');
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('castellan: and 3 more');
  });

  it('is told of a file that is named, whatever it seems to be', async () => {
    await runNetQuery([put('broken.yaml', 'a: [\n'), at('base.yaml')], ENDS);
    expect(told).toContain(`${at('broken.yaml')}:2 is not in this: `);
  });

  it('is not a key that stands twice, which is told all the same', async () => {
    const policy = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: b}\n';
    const path = put('twice.yaml', `${policy}spec:\n  podSelector: {}\n  ingress: []\n  ingress: [{}]\n`);
    expect(await runNetQuery([at('base.yaml'), path], { ...ENDS, strict: true })).toBe(0);
    expect(written).toContain('yes');
    expect(told).toBe(`castellan: ${path}:7: a key stands twice in one mapping: ingress; the last one was judged, as kubectl applies it\n`);
  });
});
