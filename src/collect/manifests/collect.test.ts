import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../snapshot/index.ts';
import { collectManifests } from './collect.ts';

const KUBECTL = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'kubectl')));
const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\n`;

let root = '';
let before: string | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'castellan-collect-'));
  mkdirSync(join(root, 'in'));
  mkdirSync(join(root, 'bin'));
  before = process.env.PATH;
});
afterEach(() => {
  process.env.PATH = before;
  rmSync(root, { recursive: true, force: true });
});

function put(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, 'in', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** A program of that name, before all others; without a script no program of that name is found at all. */
function program(name: string, script?: string): void {
  process.env.PATH = script === undefined ? join(root, 'bin') : `${join(root, 'bin')}:${before}`;
  if (script === undefined) return;
  writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, 'bin', name), 0o755);
}

const collect = (...names: string[]): ReturnType<typeof collectManifests> =>
  collectManifests((names.length === 0 ? [''] : names).map((name) => join(root, 'in', name)));
const names = ({ objects }: Snapshot): string[] => [...objects].map(({ object }) => (object.metadata as { name: string }).name);
const gaps = (snapshot: Snapshot): string[] =>
  snapshot.gaps.map(({ scope, code }) => `${scope.slice(join(root, 'in').length + 1)} ${code}`);

describe('files', () => {
  it('give objects, counts and gaps', async () => {
    put({
      'a.yaml': `${pod('a')}---\n# nothing\n---\n${pod('b')}`,
      'values.yaml': 'x: 1\n',
      'broken.yaml': 'kind: Pod\nspec: [\n',
      'empty.yaml': '',
    });
    const snapshot = await collect();
    expect(names(snapshot)).toEqual(['a', 'b']);
    expect(snapshot.counts).toEqual({ files: 4, documents: 4, judged: 2, foreign: 1 });
    expect(gaps(snapshot)).toEqual(['broken.yaml:3 yaml-syntax']);
    expect(snapshot.header).toEqual({ kind: 'manifests', complete: false });
    expect(snapshot.objects[1]?.origin).toMatchObject({ source: join(root, 'in', 'a.yaml'), line: 6 });
  });

  it('that are named and cannot be parsed are lost, those found in a folder only where they look like Kubernetes', async () => {
    put({ 'a.yaml': pod('a'), 'broken.yaml': 'a: [\n', 'broken.json': '{"a": 1,', 'values.yaml': 'x: 1\n' });
    expect((await collect()).gaps).toEqual([]);
    const named = await collect('a.yaml', 'broken.yaml', 'broken.json', 'values.yaml');
    expect(gaps(named)).toEqual(['broken.yaml:2 yaml-syntax', 'broken.json:1 json-syntax']);
    expect(named.counts).toEqual({ files: 4, documents: 4, judged: 1, foreign: 1 });
  });

  it('carry the release that is judged for', async () => {
    put({ 'a.yaml': pod('a') });
    expect((await collectManifests([join(root, 'in')], { kubernetesVersion: '1.30' })).header.kubernetesVersion).toBe('1.30');
  });

  it('count what could not be reached as skipped', async () => {
    put({ 'a.yaml': pod('a') });
    symlinkSync('absent', join(root, 'in', 'gone.yaml'));
    const { counts } = await collect();
    expect(counts).toEqual({ files: 1, documents: 2, judged: 1, foreign: 0 });
  });

  it('that are named are read whatever they are called', async () => {
    put({ manifest: pod('a') });
    expect(names(await collect('manifest'))).toEqual(['a']);
  });
});

describe('a chart', () => {
  const CHART = {
    'chart/Chart.yaml': 'name: chart\nversion: 1.0.0\n',
    'chart/templates/a.yaml': 'kind: {{ .x }}\n',
    'chart/templates/b.yaml': 'kind: {{ .x }}\n',
    'other.yaml': pod('other'),
  };

  it('is a named gap without helm', async () => {
    put(CHART);
    program('helm');
    const snapshot = await collect();
    expect(names(snapshot)).toEqual(['other']);
    expect(snapshot.gaps).toMatchObject([
      { scope: join(root, 'in/chart'), code: 'helm-missing', effect: expect.stringContaining('(2)') as string },
    ]);
    expect(snapshot.counts).toEqual({ files: 1, documents: 2, judged: 1, foreign: 0 });
  });

  it('is rendered by helm, and objects name the template', async () => {
    put(CHART);
    program(
      'helm',
      `printf -- '---\\n# Source: chart/templates/a.yaml\\n'; printf '${pod('made').replaceAll('\n', '\\n')}'; echo "$@" > '${root}/args'`,
    );
    const snapshot = await collect();
    expect(names(snapshot)).toEqual(['other', 'made']);
    expect(snapshot.gaps).toEqual([]);
    expect(snapshot.objects[1]?.origin).toEqual({
      source: `${join(root, 'in/chart')}#chart/templates/a.yaml`,
      line: 1,
      format: 'yaml',
      prefix: [],
    });
  });

  it('is rendered once, together with the charts inside', async () => {
    put({ ...CHART, 'chart/charts/sub/Chart.yaml': 'name: sub\nversion: 1.0.0\n' });
    program('helm', `echo x >> '${root}/calls'; printf '${pod('made').replaceAll('\n', '\\n')}'`);
    expect(names(await collect())).toEqual(['other', 'made']);
  });

  it('beside a folder with charts is none of them', async () => {
    put({ ...CHART, 'chart/charts-extra/sub/Chart.yaml': 'name: sub\nversion: 1.0.0\n' });
    program('helm', `printf '${pod('made').replaceAll('\n', '\\n')}'`);
    expect(names(await collect())).toEqual(['other', 'made', 'made']);
  });

  it('that helm cannot render is a gap with what helm said last', async () => {
    put(CHART);
    program('helm', 'echo one >&2; echo "Error: values are missing" >&2; exit 1');
    const snapshot = await collect();
    expect(snapshot.gaps).toMatchObject([{ code: 'helm-failed', reason: 'helm could not render it: Error: values are missing' }]);
    expect(names(snapshot)).toEqual(['other']);
  });
});

describe('a kustomization', () => {
  const BASE = {
    'base/kustomization.yaml': 'resources: [a.yaml]\n',
    'base/a.yaml': pod('a'),
    'over/kustomization.yaml': 'resources: [../base]\nnamePrefix: my-\n',
    'alone.yaml': pod('alone'),
  };

  it('is a named gap without a tool, and its files are judged as they are', async () => {
    put(BASE);
    program('kustomize');
    const snapshot = await collect();
    expect(gaps(snapshot)).toEqual(['over kustomize-missing']);
    expect(names(snapshot)).toEqual(['alone', 'a']);
  });

  it('is built by kustomize, once for what builds on what', async () => {
    put(BASE);
    program('kustomize', `echo "$@" >> '${root}/calls'; printf '${pod('built').replaceAll('\n', '\\n')}'`);
    const snapshot = await collect();
    expect(names(snapshot)).toEqual(['alone', 'built']);
    expect(gaps(snapshot)).toEqual([]);
  });

  it.skipIf(!KUBECTL)('is built by kubectl where there is no kustomize', async () => {
    put(BASE);
    const snapshot = await collect();
    expect(gaps(snapshot)).toEqual([]);
    expect(names(snapshot)).toEqual(['alone', 'my-a']);
    expect(snapshot.counts).toEqual({ files: 2, documents: 2, judged: 2, foreign: 0 });
  });

  it.skipIf(!KUBECTL)('that cannot be built is a gap, and its files are judged', async () => {
    put({
      'k/kustomization.yaml': 'resources: [a.yaml]\npatches: [{path: a.yaml, target: {kind: Nothing, name: "["}}]\n',
      'k/a.yaml': pod('a'),
    });
    const snapshot = await collect();
    expect(gaps(snapshot)).toEqual(['k kustomize-failed']);
    expect(names(snapshot)).toEqual(['a']);
  });

  it.each<[string, string]>([
    ['an address', 'resources: ["https://example.com/a.yaml"]\n'],
    ['a repository', 'resources: ["github.com/x/y//base?ref=v1"]\n'],
    ['a repository by ssh', 'resources: ["git@example.com:x/y"]\n'],
    ['a host without a scheme', 'resources: ["git.example.com/x/y"]\n'],
    ['a component', 'components: ["https://example.com/x"]\n'],
    ['a patch', 'patches: [{path: "https://example.com/p.yaml"}]\n'],
    ['a replacement', 'replacements: [{path: "https://example.com/p.yaml"}]\n'],
    ['a configuration', 'configurations: ["https://example.com/p.yaml"]\n'],
    ['a schema', 'openapi: {path: "https://example.com/p.json"}\n'],
    ['a file of a ConfigMap', 'configMapGenerator: [{name: x, files: ["key=https://example.com/p"]}]\n'],
    ['a chart', 'helmCharts: [{name: x, repo: "https://example.com"}]\n'],
    ['a base that does', 'resources: [../far]\n'],
    ['an address, whatever the case of the key', 'Resources: ["https://example.com/a.yaml"]\n'],
    ['an address with a long s in the key', 're\u017fources: ["https://example.com/a.yaml"]\n'],
    ['an address beside a folder of its name', 'resources: ["https://example.com/here"]\n'],
    ['a repository beside a folder of its name', 'resources: ["github.com/x/y"]\n'],
    ['a file of its name', 'patches: [{path: "https://example.com/here/p.txt"}]\n'],
    ['a patch, whatever the case of the key', 'patches: [{Path: "https://example.com/p.yaml"}]\n'],
    ['an address that ends in a line break', 'resources: ["https://example.com/a.yaml\\n"]\n'],
    ['an address, with a bracket at the first column', 'resources: [\n  "https://example.com/a.yaml"\n]\n'],
  ])('that builds on %s is never run', async (_name, text) => {
    for (const place of ['https:/example.com/here', 'github.com/x/y']) put({ [`k/${place}/p.txt`]: '' });
    put({ 'k/kustomization.yaml': text, 'k/a.yaml': pod('a'), 'far/kustomization.yaml': 'resources: ["https://example.com/a.yaml"]\n' });
    program('kustomize', `touch '${root}/ran'; printf '${pod('built').replaceAll('\n', '\\n')}'`);
    const snapshot = await collect();
    expect(names(snapshot)).toEqual(['a']);
    expect(new Set(gaps(snapshot).map((gap) => gap.split(' ')[1]))).toEqual(new Set(['kustomize-remote']));
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['two documents', { 'k/kustomization.yaml': 'resources: ["https://example.com/a.yaml"]\n---\n{}\n' }],
    ['broken YAML', { 'k/kustomization.yaml': 'resources: ["https://example.com/a.yaml"\nx: [\n' }],
    ['no mapping', { 'k/kustomization.yaml': '- "https://example.com/a.yaml"\n' }],
    ['two keys that are one', { 'k/kustomization.yaml': 'resources: ["https://example.com/a.yaml"]\nRESOURCES: [a.yaml]\n' }],
    ['two paths that are one', { 'k/kustomization.yaml': 'patches: [{Path: "https://example.com/a.yaml", path: a.yaml}]\n' }],
    ['nothing', { 'k/kustomization.yaml': '# nothing\n' }],
    [
      'two files',
      { 'k/kustomization.yaml': 'resources: [a.yaml]\n', 'k/kustomization.yml': 'resources: ["https://example.com/a.yaml"]\n' },
    ],
    [
      'two documents in its base',
      { 'k/kustomization.yaml': 'resources: [../far]\n', 'far/kustomization.yaml': 'resources: []\n---\n{}\n' },
    ],
    [
      'broken YAML in a base of its base',
      {
        'k/kustomization.yaml': 'resources: [../near]\n',
        'near/kustomization.yaml': 'resources: [../far]\n',
        'far/kustomization.yaml': 'resources: [\n',
      },
    ],
    ['a base without a kustomization', { 'k/kustomization.yaml': 'resources: [../far]\n', 'far/b.txt': '' }],
  ])('that cannot be read is never run: %s', async (_name, files) => {
    put({ ...files, 'k/a.yaml': pod('a') });
    for (const name of ['kustomize', 'kubectl']) program(name, `touch '${root}/ran'; printf '${pod('built').replaceAll('\n', '\\n')}'`);
    const snapshot = await collect();
    expect(existsSync(join(root, 'ran'))).toBe(false);
    expect(names(snapshot)).toEqual(['a']);
    expect(gaps(snapshot)).toEqual(['k kustomize-failed']);
  });

  it('with a bracket at the first column is built', async () => {
    put({ 'k/kustomization.yaml': 'resources: [\n  a.yaml\n]\n', 'k/a.yaml': pod('a') });
    program('kustomize', `printf '${pod('built').replaceAll('\n', '\\n')}'`);
    expect(names(await collect())).toEqual(['built']);
  });

  it.each([
    'resources: 5\n',
    'resources: [null, 5, {path: 7}, ""]\n',
    'patches: [{patch: "x"}]\n',
    '- x\n',
    'a: [\n',
    'openapi: x\n',
    'configMapGenerator: [null, {files: 5}]\n',
  ])('of a wrong shape breaks nothing: %j', async (text) => {
    put({ 'k/kustomization.yaml': text, 'ok.yaml': pod('ok') });
    program('kustomize', 'exit 1');
    expect(names(await collect())).toEqual(['ok']);
  });

  it('whose bases go round in circles ends', async () => {
    put({ 'a/kustomization.yaml': 'resources: [../b]\n', 'b/kustomization.yaml': 'resources: [../a]\n', 'ok.yaml': pod('ok') });
    program('kustomize', 'exit 1');
    expect(names(await collect())).toEqual(['ok']);
  });
});
