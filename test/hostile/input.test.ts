/** Input that is broken or made to break its reader: a gap with a code for each, and the rest is judged. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectManifests } from '../../src/collect/manifests/index.ts';
import { MemorySink } from '../../src/lib/sink.ts';
import { FORMATS, scan } from '../../src/report/index.ts';
import { EMPTY_CONFIG, RULES } from '../../src/rules/index.ts';
import { runHere, runProcess } from '../run-here.ts';
import { DEEP } from '../runs.ts';

const GOOD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: good}\nspec: {hostPID: true, containers: [{name: app, image: web}]}\n';

let root = '';
let made = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'castellan-hostile-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder of its own that also holds one good file, which must be judged whatever stands beside it. */
function folder(files: Readonly<Record<string, string | Buffer>>): string {
  made += 1;
  const path = join(root, String(made));
  mkdirSync(path);
  for (const [name, content] of Object.entries({ ...files, 'zz-good.yaml': GOOD })) writeFileSync(join(path, name), content);
  return path;
}

/** For root no file is unreadable: runs the work as another user then. */
async function withoutRoot<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  const NOBODY = 65_534;
  chmodSync(root, 0o755);
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

interface Result {
  /** `file code` of each gap, without the one about absent namespaces. */
  gaps: string[];
  coverage: { documents: number; judged: number; foreign: number; skipped: number };
  /** `rule subject` of what failed. */
  failed: string[];
}

async function scanned(path: string, ids: readonly string[] = ['host-pid']): Promise<Result> {
  const started = performance.now();
  const snapshot = await collectManifests([path]);
  const sink = new MemorySink();
  const writer = FORMATS.json?.(sink, { color: false, width: 120 });
  if (writer === undefined) throw new Error('there is no json writer');
  const rules = RULES.filter(({ id }) => ids.length === 0 || ids.includes(id));
  const options = {
    rules,
    config: EMPTY_CONFIG,
    today: '2027-01-01',
    version: 'test',
    targets: [path],
    all: false,
    clock: () => performance.now(),
    started,
  };
  const { totals } = scan(snapshot, options, [writer]);
  const { findings } = JSON.parse(sink.text) as { findings: { rule: string; status: string; subject: { name: string } }[] };
  const { documents, judged, foreign, skipped } = totals.coverage;
  expect(documents).toBe(judged + foreign + skipped);
  return {
    gaps: totals.gaps.filter(({ code }) => code !== 'namespace-absent').map(({ scope, code }) => `${scope.slice(path.length + 1)} ${code}`),
    coverage: { documents, judged, foreign, skipped },
    failed: findings.filter(({ status }) => status === 'fail').map(({ rule, subject }) => `${rule} ${subject.name}`),
  };
}

/** One file whose only document is lost, beside the good one. */
const lost = (file: string, code: string): Result => ({
  gaps: [`${file} ${code}`],
  coverage: { documents: 2, judged: 1, foreign: 0, skipped: 1 },
  failed: ['host-pid good'],
});

const HEAD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: bad}\n';
const DEPTH = 100_000;

describe('one broken file beside a good one', () => {
  it.each<[string, string, string | Buffer, string]>([
    ['YAML that ends in a quote', 'a.yaml', `${HEAD}spec: {containers: [{name: app, image: "we`, 'yaml-syntax'],
    ['YAML that ends in a flow mapping', 'a.yaml', `${HEAD}spec: {containers: [{name: app,`, 'yaml-syntax'],
    ['JSON that ends early', 'a.json', '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "ba', 'json-syntax'],
    ['large JSON that ends early', 'a.json', `{"apiVersion": "v1", "kind": "Pod", "x": "${'y'.repeat(2_000_000)}`, 'json-syntax'],
    ['a tab in the indentation', 'a.yaml', `${HEAD}spec:\n\thostPID: true\n`, 'yaml-syntax'],
    ['nested brackets in YAML', 'a.yaml', `${HEAD}spec: ${'['.repeat(DEPTH)}`, 'too-deep'],
    ['nested brackets that close', 'a.yaml', `${HEAD}spec: ${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}\n`, 'too-deep'],
    ['nested braces in YAML', 'a.yaml', `${HEAD}spec: ${'{a: '.repeat(DEPTH)}`, 'too-deep'],
    ['nested block sequences', 'a.yaml', `${HEAD}spec:\n  ${'- '.repeat(DEPTH)}x\n`, 'too-deep'],
    ['nested JSON', 'a.json', `{"apiVersion": "v1", "kind": "Pod", "spec": ${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`, 'too-deep'],
    ['nested JSON that does not close', 'a.json', `{"kind": "Pod", "spec": ${'{"a":'.repeat(DEPTH)}`, 'too-deep'],
    ['nothing but brackets', 'a.yaml', '['.repeat(DEPTH), 'too-deep'],
    ['a syntax error before nested brackets', 'a.yaml', `${HEAD}x: [ }\ny: ${'['.repeat(DEPTH)}`, 'yaml-syntax'],
    ['a billion laughs', 'a.yaml', `${HEAD}spec:\n${laughs(12, 10)}`, 'alias-bomb'],
    ['an anchor that holds itself', 'a.yaml', `${HEAD}spec: &a {x: *a}\n`, 'alias-bomb'],
    ['aliases that nest without end', 'a.yaml', `${HEAD}spec:\n${stairs(20_000)}`, 'alias-bomb'],
    [
      'merges that multiply',
      'a.yaml',
      `${HEAD}base: &base {${many(3000, (n) => `k${n}: 1`).join(', ')}}\nspec:\n${many(3000, () => '- <<: *base').join('\n')}\n`,
      'alias-bomb',
    ],
    ['a template', 'a.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n  {{- with .x }}\n', 'template'],
  ])('%s', { timeout: 20_000 }, async (_name, file, content, code) => {
    expect(await scanned(folder({ [file]: content }))).toEqual({
      gaps: [expect.stringMatching(new RegExp(String.raw`^${file}(?::\d+)? ${code}$`))],
      coverage: { documents: 2, judged: 1, foreign: 0, skipped: 1 },
      failed: ['host-pid good'],
    });
  });

  it('binary', async () => {
    expect(await scanned(folder({ 'a.yaml': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]) }))).toEqual(lost('a.yaml', 'binary'));
  });

  it('duplicate keys are told, and the last one counts as it does for kubectl', async () => {
    const result = await scanned(
      folder({ 'a.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: twice}\nspec:\n  hostPID: false\n  hostPID: true\n' }),
    );
    expect(result).toEqual({
      gaps: ['a.yaml:6 duplicate-key'],
      coverage: { documents: 2, judged: 2, foreign: 0, skipped: 0 },
      failed: ['host-pid twice', 'host-pid good'],
    });
  });

  it('bytes that are no UTF-8 are told and the document is judged', async () => {
    const latin = Buffer.from(
      'apiVersion: v1\nkind: Pod\nmetadata: {name: latin, annotations: {x: "caf\u00e9"}}\nspec: {hostPID: true}\n',
      'latin1',
    );
    const result = await scanned(folder({ 'a.yaml': latin }));
    expect(result).toEqual({
      gaps: ['a.yaml:1 encoding'],
      coverage: { documents: 2, judged: 2, foreign: 0, skipped: 0 },
      failed: ['host-pid latin', 'host-pid good'],
    });
  });

  it('documents around a broken one in the same file are judged', async () => {
    const pod = (name: string): string => GOOD.replace('good', name);
    const result = await scanned(
      folder({ 'a.yaml': [pod('one'), `${HEAD}spec: {`, pod('two'), 'services: {web: {image: x}}\n', '# nothing\n'].join('\n---\n') }),
    );
    expect(result.gaps).toEqual([expect.stringMatching(/^a\.yaml:\d+ yaml-syntax$/)]);
    expect(result.coverage).toEqual({ documents: 5, judged: 3, foreign: 1, skipped: 1 });
    expect(result.failed).toEqual(['host-pid one', 'host-pid two', 'host-pid good']);
  });

  it('__proto__ and constructor as keys change nothing outside of the object', async () => {
    const yaml = `${HEAD}spec:\n  __proto__: {hostPID: true}\n  constructor: {prototype: {polluted: true}}\n  containers: [{name: app, image: web, __proto__: {polluted: true}}]\n`;
    const json = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'json' }, spec: {} }).replace(
      '"spec":{}',
      '"spec":{"__proto__":{"hostPID":true}},"__proto__":{"polluted":true}',
    );
    const result = await scanned(folder({ 'a.yaml': yaml, 'b.json': json }), []);
    expect(result.gaps).toEqual([]);
    expect(result.coverage.judged).toBe(3);
    expect(result.failed.filter((line) => line.startsWith('host-pid'))).toEqual(['host-pid good']);
    expect('polluted' in {}).toBe(false);
  });

  it('a List with a million things that are no objects', async () => {
    const result = await scanned(
      folder({
        'a.json': `{"apiVersion":"v1","kind":"List","items":[${'1,'.repeat(1_000_000)}${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'last' }, spec: { hostPID: true } })}]}`,
      }),
    );
    expect(result.failed).toEqual(['host-pid last', 'host-pid good']);
    expect(result.gaps).toHaveLength(11);
  });
});

describe('folders', () => {
  it('links that lead in a circle, out of the folder, or nowhere', async () => {
    const path = folder({});
    mkdirSync(join(path, 'sub'));
    symlinkSync('..', join(path, 'sub', 'up'));
    symlinkSync('loop.yaml', join(path, 'loop.yaml'));
    symlinkSync('/etc/hostname', join(path, 'out.yaml'));
    symlinkSync('absent', join(path, 'gone.yaml'));
    symlinkSync('zz-good.yaml', join(path, 'again.yaml'));
    const result = await scanned(path);
    expect(result.gaps.toSorted()).toEqual(['gone.yaml unreadable', 'loop.yaml symlink-loop', 'out.yaml unreadable']);
    expect(result.coverage).toEqual({ documents: 4, judged: 1, foreign: 0, skipped: 3 });
    expect(new Set(result.failed)).toEqual(new Set(['host-pid good']));
  });

  it('pipes and folders with the names of manifests and kustomizations', async () => {
    const path = folder({});
    mkdirSync(join(path, 'dir.yaml'));
    mkdirSync(join(path, 'k', 'kustomization.yaml'), { recursive: true });
    mkdirSync(join(path, 'p'));
    for (const name of ['pipe.yaml', 'p/kustomization.yaml']) expect(spawnSync('mkfifo', [join(path, name)]).status).toBe(0);
    const result = await scanned(path);
    expect(result.failed).toEqual(['host-pid good']);
    expect(result.gaps.toSorted()).toEqual(['k kustomize-failed', 'p kustomize-failed']);
  });

  it('files and folders that may not be read', async () => {
    const path = folder({ 'secret.yaml': GOOD });
    mkdirSync(join(path, 'closed'));
    chmodSync(join(path, 'secret.yaml'), 0);
    chmodSync(join(path, 'closed'), 0);
    const result = await withoutRoot(() => scanned(path));
    chmodSync(join(path, 'closed'), 0o700);
    expect(result.gaps.toSorted()).toEqual(['closed unreadable', 'secret.yaml unreadable']);
    expect(result.coverage).toEqual({ documents: 3, judged: 1, foreign: 0, skipped: 2 });
  });

  it('ten thousand files', { timeout: 120_000 }, async () => {
    const path = folder({});
    for (let index = 0; index < 10_000; index += 1) {
      if (index % 100 === 0) mkdirSync(join(path, `d${index / 100}`));
      writeFileSync(join(path, `d${Math.floor(index / 100)}`, `${index}.yaml`), GOOD.replace('good', `pod-${index}`));
    }
    const { coverage, failed } = await scanned(path);
    expect(coverage).toEqual({ documents: 10_001, judged: 10_001, foreign: 0, skipped: 0 });
    expect(failed).toHaveLength(10_001);
  });
});

describe('large files, by the command with bounded memory', () => {
  it('200 MB of zeros are no text, and take no time', { timeout: 60_000 }, () => {
    const path = folder({});
    const descriptor = openSync(join(path, 'big.yaml'), 'w');
    ftruncateSync(descriptor, 200_000_000);
    closeSync(descriptor);
    const { gaps, coverage, seconds } = command(path, 96);
    expect(gaps).toEqual(['big.yaml binary']);
    expect(coverage).toMatchObject({ documents: 2, judged: 1, skipped: 1 });
    expect(seconds).toBeLessThan(10);
  });

  it(`${DEEP ? 200 : 20} MB of documents`, { timeout: 600_000 }, () => {
    const path = folder({});
    const megabytes = DEEP ? 200 : 20;
    const descriptor = openSync(join(path, 'big.yaml'), 'w');
    let documents = 0;
    let written = 0;
    while (written < megabytes * 1_000_000) {
      let text = '';
      for (let index = 0; index < 1000; index += 1, documents += 1) text += `---\n${configMap(documents)}`;
      written += writeSync(descriptor, text);
    }
    closeSync(descriptor);
    // Objects and their text stay in memory: a report shows lines of them.
    const { gaps, coverage, seconds } = command(path, 64 + megabytes * 5);
    expect(gaps).toEqual([]);
    expect(coverage).toMatchObject({ documents: documents + 1, judged: documents + 1, skipped: 0 });
    expect(seconds).toBeLessThan(megabytes);
  });

  it('one document of 70 MB is refused, those around it are judged', { timeout: 120_000 }, () => {
    const path = folder({});
    const descriptor = openSync(join(path, 'big.yaml'), 'w');
    writeSync(descriptor, `${GOOD.replace('good', 'before')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: huge}\ndata:\n`);
    const line = `  key-XXXXXXXX: ${'x'.repeat(980)}\n`;
    for (let index = 0; index < 70; index += 1) writeSync(descriptor, line.repeat(1000));
    writeSync(descriptor, `---\n${GOOD.replace('good', 'after')}`);
    closeSync(descriptor);
    const { gaps, coverage, failed } = command(path, 512);
    expect(gaps).toEqual(['big.yaml:5 too-large']);
    expect(coverage).toMatchObject({ documents: 4, judged: 3, skipped: 1 });
    expect(failed).toEqual(['before', 'after', 'good']);
  });
});

describe('names made to trick a terminal', () => {
  const NAME = String.raw`x\u001b[2J\u009b1m\u202ey`;

  it('come out as code points, on every line that the command writes', { timeout: 60_000 }, async () => {
    const path = folder({
      'a\u001B[31m\u202E.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: "${NAME}", namespace: "${NAME}"}\nspec: {hostPID: true}\n`,
      'b\u001B[2J.yaml': `${HEAD}spec: {"${NAME}`,
    });
    for (const more of [['-v'], ['--gaps'], ['--all'], []]) {
      const run = more.length === 0 ? runProcess : runHere;
      const { stdout, stderr } = await run(['scan', path, '--only', 'host-pid,privileged', ...more, '--no-color']);
      expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(stdout).toContain(String.raw`\u{1b}`);
    }
  });

  it('in arguments and errors as well', { timeout: 60_000 }, async () => {
    const path = folder({});
    for (const argv of [
      ['scan', '/absent\u001B[2J'],
      ['scan', path, '-f', 'x\u001B[2J'],
      ['x\u001B[2J'],
      ['explain', 'x\u001B[2J'],
      ['scan', path, '--only', '\u009B1m'],
    ]) {
      const { stdout, stderr, status } = await runHere(argv);
      expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(status).toBeGreaterThan(1);
    }
  });
});

function many(count: number, make: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Each line of aliases is ten times the one before. */
function laughs(levels: number, times: number): string {
  return many(levels, (level) => `  l${level}: &l${level} [${level === 0 ? 'ha' : many(times, () => `*l${level - 1}`).join(', ')}]\n`).join(
    '',
  );
}

/** Each alias one level deeper than the one before. */
function stairs(levels: number): string {
  return many(levels, (level) => `  l${level}: &l${level} [${level === 0 ? 'x' : `*l${level - 1}`}]\n`).join('');
}

function configMap(index: number): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map-${index}\n  namespace: shop\n  labels: {app: shop}\ndata:\n  text: ${'lorem ipsum '.repeat(60)}\n  more: ${'dolor sit '.repeat(60)}\n`;
}

interface Told {
  gaps: string[];
  coverage: Record<string, number>;
  failed: string[];
  seconds: number;
}

/** Runs the command as a process of its own with so many megabytes of heap. */
function command(path: string, heap: number): Told {
  const output = `${path}.json`;
  const started = performance.now();
  const argv = [`--max-old-space-size=${heap}`, 'src/cli/main.ts', 'scan', path, '--only', 'host-pid', '-f', `json=${output}`, '-q'];
  const { status, stderr, signal } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  expect({ status, stderr, signal }).toEqual({ status: 0, stderr: '', signal: null });
  const seconds = (performance.now() - started) / 1000;
  const { gaps, coverage, findings } = JSON.parse(readFileSync(output, 'utf8')) as {
    gaps: { scope: string; code: string }[];
    coverage: Record<string, number>;
    findings: { subject: { name: string } }[];
  };
  return {
    gaps: gaps.filter(({ code }) => code !== 'namespace-absent').map(({ scope, code }) => `${scope.slice(path.length + 1)} ${code}`),
    coverage,
    failed: findings.map(({ subject }) => subject.name),
    seconds,
  };
}
