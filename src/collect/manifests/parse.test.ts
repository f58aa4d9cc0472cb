import { describe, expect, it } from 'vitest';
import { cpuTimer } from '../../../test/cpu-timer.ts';
import { type Parsed, parseDocument } from './parse.ts';
import { parseTolerantly } from './tolerant.ts';

const parsed = async (text: string): Promise<Parsed> => parseDocument('x.yaml', { text, line: 10 }, parseTolerantly);

/** `Kind/name path` of each object, and `line code` of each gap. */
async function summary(text: string): Promise<{ empty: boolean; objects: string[]; gaps: string[] }> {
  const { empty, objects, gaps } = await parsed(text);
  return {
    empty,
    objects: objects.map(({ object, origin }) =>
      `${String(object.kind)}/${(object.metadata as { name?: string } | undefined)?.name ?? ''} ${origin.prefix.join('.')}`.trim(),
    ),
    gaps: gaps.map(({ scope, code }) => `${scope.replace('x.yaml:', '')} ${code}`),
  };
}

const POD = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}';

describe('what holds objects', () => {
  it.each<[string, string, string[]]>([
    ['YAML', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n', ['Pod/a']],
    ['JSON', POD, ['Pod/a']],
    ['YAML in flow style', '{apiVersion: v1, kind: Pod, metadata: {name: a}}', ['Pod/a']],
    ['JSON with a comment, which is YAML', `${POD} # x`, ['Pod/a']],
    ['a marker before it', '---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n', ['Pod/a']],
    ['a directive', '%YAML 1.1\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n', ['Pod/a']],
    ['a List', `{"kind": "List", "apiVersion": "v1", "items": [${POD}, ${POD}]}`, ['Pod/a items.0', 'Pod/a items.1']],
    ['a List in a List', `{"kind": "List", "apiVersion": "v1", "items": [{"kind": "List", "items": [${POD}]}]}`, ['Pod/a items.0.items.0']],
    [
      'Lists in Lists, however deep',
      `${'{"kind": "List", "apiVersion": "v1", "items": ['.repeat(6)}${POD}${']}'.repeat(6)}`,
      [`Pod/a ${'items.0.'.repeat(6).slice(0, -1)}`],
    ],
    [
      'a typed list, whose items name no kind',
      '{"kind": "PodList", "apiVersion": "v1", "items": [{"metadata": {"name": "a"}}]}',
      ['Pod/a items.0'],
    ],
    ['an empty List', '{"kind": "List", "apiVersion": "v1", "items": []}', []],
    ['a sequence of objects', `[${POD}, 5, null, ${POD}]`, ['Pod/a 0', 'Pod/a 3']],
    ['no apiVersion but metadata', 'kind: Pod\nmetadata: {name: a}\n', ['Pod/a']],
    ['an item that is null', `{"kind": "List", "apiVersion": "v1", "items": [null, ${POD}]}`, ['Pod/a items.1']],
    [
      'a tab that indents between brackets',
      'kind: Pod\nmetadata:\n  name: a\nspec:\n  x:\n    [\n      "a",\n\t   "b",\n    ]\n  apiVersion: v1\n',
      ['Pod/a'],
    ],
    ['a closing bracket at the first column', 'apiVersion: v1\nkind: Pod\nmetadata: {\n  name: a\n}\n', ['Pod/a']],
  ])('%s', async (_name, text, objects) => expect(await summary(text)).toEqual({ empty: false, objects, gaps: [] }));

  it('gives the type of the list to items of a typed list', async () => {
    const { objects } = await parsed('{"kind": "DeploymentList", "apiVersion": "apps/v1", "items": [{"metadata": {"name": "a"}}]}');
    expect(objects[0]?.object).toMatchObject({ apiVersion: 'apps/v1', kind: 'Deployment' });
  });

  it('remembers text, line and format', async () => {
    expect((await parsed(POD)).objects[0]?.origin).toEqual({ source: 'x.yaml', text: POD, line: 10, format: 'json', prefix: [] });
    expect((await parsed(`${POD} # x`)).objects[0]?.origin.format).toBe('yaml');
  });
});

describe('what holds none, without being a loss', () => {
  it.each<[string, string]>([
    ['a compose file', 'services: {web: {image: x}}\n'],
    ['values', 'replicas: 3\n'],
    ['a kustomization', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n'],
    ['a kind alone', 'kind: something\n'],
    ['text', 'hello\n'],
    ['a number', '5'],
    ['broken YAML of something else', 'services: [\n'],
    ['JSON of something else', '{"name": "x"}'],
    ['a kind that is no text', 'apiVersion: v1\nkind: [Pod]\n'],
    ['a list of something else', 'kind: ShoppingList\nitems: [{name: bread}]\n'],
  ])('%s', async (_name, text) => expect(await summary(text)).toEqual({ empty: false, objects: [], gaps: [] }));

  it.each(['# only a comment\n', '---\n', '', '---\n# x\n', '~', '\n\n'])('%j is empty', async (text) =>
    expect((await summary(text)).empty).toBe(true),
  );
});

describe('gaps', () => {
  const HEAD = 'apiVersion: v1\nkind: Pod\n';

  it.each<[string, string, string]>([
    ['broken YAML', `${HEAD}spec: [\n`, 'yaml-syntax'],
    ['broken JSON, with the line', '{"kind": "Pod",\n"spec": [1 2}', '11 json-syntax'],
    ['a template', `${HEAD}metadata: {name: {{ .Values.x }}}\n`, 'template'],
    ['too deep', `${HEAD}spec: ${'['.repeat(150)}${']'.repeat(150)}\n`, 'too-deep'],
    ['too deep JSON', `{"kind": "Pod", "spec": ${'['.repeat(300)}${']'.repeat(300)}}`, '10 too-deep'],
    ['a cycle', `${HEAD}spec: &a [*a]\n`, '10 alias-bomb'],
    ['metadata without a kind', 'apiVersion: v1\nmetadata: {name: a}\n', '10 incomplete-object'],
    ['an item that is no object', '{"kind": "List", "apiVersion": "v1", "items": [5]}', '10 incomplete-object'],
    ['an item without a kind', '{"kind": "List", "apiVersion": "v1", "items": [{"spec": {"hostPID": true}}]}', '10 incomplete-object'],
    ['an item with an apiVersion only', '{"kind": "List", "apiVersion": "v1", "items": [{"apiVersion": "v1"}]}', '10 incomplete-object'],
    ['an item with a kind only', '{"kind": "List", "apiVersion": "v1", "items": [{"kind": "Pod"}]}', '10 incomplete-object'],
    ['several documents without a marker', `${HEAD}...\n${HEAD}`, 'yaml-syntax'],
  ])('%s', async (_name, text, gap) => {
    const { objects, gaps } = await summary(text);
    expect(objects).toEqual([]);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toContain(gap);
  });

  it('items that are no whole objects are told one by one, up to a bound', async () => {
    const items = Array.from({ length: 25 }, () => '{"spec": {}}').join(', ');
    const { objects, gaps } = await parsed(`{"kind": "List", "apiVersion": "v1", "items": [${items}, ${POD}]}`);
    expect(objects).toHaveLength(1);
    expect(gaps).toHaveLength(11);
    expect(gaps[3]?.reason).toBe('item items.3 has no kind and no apiVersion');
    expect(gaps[10]?.reason).toBe('15 more items are no whole objects');
  });

  it.each([
    '{"kind": "Secret", "apiVersion": "v1", "stringData": {"password": "hunter2" "x": 1}}',
    '{"kind": "Secret", "apiVersion": "v1", "stringData": {"password": "a" hunter2}}',
    '{"kind": "Secret", "apiVersion": "v1", "stringData": {"password": hunter2, "x": ]}}',
    '{"kind": "Secret", "apiVersion": "v1", "stringData": {"password": "hunter2',
    '{"kind": "Secret", "apiVersion": "v1", "stringData": {"password": "hunter2\\q"}}',
    'kind: Secret\napiVersion: v1\nstringData: {password: *hunter2}\n',
    'kind: Secret\napiVersion: v1\nstringData: {password: !hunter2 [x}\n',
    'kind: Secret\napiVersion: v1\nstringData:\n  password: a\n  password: hunter2\n',
  ])('say nothing of what %j holds', async (text) => {
    const { gaps } = await parsed(text);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]?.reason).not.toContain('hunter2');
  });

  it('are told in linear time of text that opens templates without end', async () => {
    const worked = cpuTimer();
    for (const text of ['{{'.repeat(100_000), `x: ${'{{-'.repeat(70_000)}`, `x: [${'{{ '.repeat(70_000)}}`]) await parsed(`${HEAD}${text}`);
    expect(worked()).toBeLessThan(3000);
  });

  it('a key that stands twice is told, and the last one counts', async () => {
    const { objects, gaps } = await parsed(`${HEAD}metadata: {name: a}\nspec:\n  hostPID: false\n  hostPID: true\n`);
    expect(objects[0]?.object.spec).toEqual({ hostPID: true });
    expect(gaps).toMatchObject([{ code: 'duplicate-key', scope: 'x.yaml:15', effect: expect.stringContaining('last one') as string }]);
  });

  it('JSON of depth 200 is still read, brackets in texts do not count', async () => {
    const text = `{"kind": "Pod", "apiVersion": "v1", "spec": ${'['.repeat(198)}${']'.repeat(198)}, "x": "${'['.repeat(500)}\\"${'['.repeat(500)}"}`;
    expect(await summary(text)).toEqual({ empty: false, objects: ['Pod/'], gaps: [] });
  });

  it('sharing by alias is no bomb', async () => {
    expect((await summary(`${HEAD}metadata: {name: a}\nspec: {x: &x {a: 1}, y: *x, z: [*x, *x]}\n`)).objects).toEqual(['Pod/a']);
  });
});
