/** Changes as edits of files: what is written, read again, is the change; everything else in the files stays. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { type FileEdit, type Sources, type Unplaced, fileEdits } from '../src/changes/edits/index.ts';
import { refIn } from '../src/changes/index.ts';
import { SOURCE_FILES } from '../src/cli/source-files.ts';
import { collectManifests } from '../src/collect/manifests/index.ts';
import type { Patch } from '../src/rules/index.ts';
import { CLUSTER, type SourceObject } from '../src/snapshot/index.ts';
import { type RanHere, runHere, runProcess } from './run-here.ts';
import { RUNS } from './runs.ts';
import { writeSnapshot } from './write-snapshot.ts';

// Each starts the command several times.
vi.setConfig({ testTimeout: 180_000 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SHOP = join(import.meta.dirname, '../examples/shop');

async function edited(
  files: Readonly<Record<string, string>>,
  patches: readonly Patch[],
): Promise<{ edits: FileEdit[]; unplaced: Unplaced[] }> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { objects } = await collectManifests([folder]);
  const { edits, unplaced } = fileEdits(objects, [{ patches: [...patches], effort: 'low' }], SOURCE_FILES);
  return { edits: edits.map((edit) => ({ ...edit, path: edit.path.slice(folder.length + 1) })), unplaced: [...unplaced] };
}

const remove = (target: string): Patch => ({ target, operation: 'delete', patch: [] });
const config = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

describe('what a chart renders', () => {
  const object = (replicas: number): Record<string, unknown> => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas },
  });
  const patch: Patch = {
    target: 'Deployment/default/web',
    operation: 'patch',
    patch: [{ op: 'replace', path: '/spec/replicas', value: 2 }],
  };
  const placed = (template: string | undefined): ReturnType<typeof fileEdits> => {
    const origin = { source: 'chart#shop/templates/web.yaml', line: 1, format: 'yaml' as const, prefix: [] };
    const texts: Record<string, string | undefined> = {
      'chart/Chart.yaml': 'name: shop\n',
      'chart/templates/web.yaml': template,
      'chart/values.yaml': 'web:\n  replicas: 1 # one will do\n',
    };
    const list = (): string[] => Object.keys(texts).map((path) => path.replace('chart/', ''));
    return fileEdits([{ object: object(1), origin }], [{ patches: [patch], effort: 'low' }], {
      read: (path) => texts[path],
      list,
      folder: '',
    });
  };

  it('is changed in its values, where the template takes it plainly from there', () => {
    const { edits, unplaced, notes } = placed('kind: Deployment\nspec:\n  replicas: {{ .Values.web.replicas }}\n');
    expect(unplaced).toEqual([]);
    expect(edits).toEqual([
      { path: 'chart/values.yaml', before: 'web:\n  replicas: 1 # one will do\n', after: 'web:\n  replicas: 2 # one will do\n' },
    ]);
    expect(notes).toEqual(['chart/values.yaml: set web.replicas to 2; what a release sets of that by itself comes before it']);
  });

  it('is told with its template where it does not, or is not there', () => {
    const otherwise =
      'Deployment/default/web is rendered by the chart chart: change its values, or templates/web.yaml of the chart; its templates do not say plainly which of its values decides';
    expect(placed('kind: Deployment\nspec:\n  replicas: {{ include "x" . }}\n').unplaced.map(({ why }) => why)).toEqual([otherwise]);
    expect(placed(undefined)).toMatchObject({ edits: [], unplaced: [{ why: otherwise }] });
  });
});

describe('what a cluster has of a source', () => {
  const cluster = (metadata: Record<string, unknown>): SourceObject => ({
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', ...metadata },
      spec: { replicas: 1, more: 1 },
    },
    origin: CLUSTER,
  });
  const patch: Patch = { target: 'Deployment/shop/web', operation: 'patch', patch: [{ op: 'replace', path: '/spec/replicas', value: 2 }] };
  const put = (one: SourceObject, sources: Sources, texts: Readonly<Record<string, string>>): ReturnType<typeof fileEdits> =>
    fileEdits([one], [{ patches: [patch], effort: 'low' }], { read: (path) => texts[path], list: () => [], folder: '', sources });

  it('is changed in the file that says it', () => {
    const text = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  replicas: 1 # one\n';
    const written = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec: { replicas: 1 } };
    const origin = { source: 'web.yaml', text, line: 1, format: 'yaml' as const, prefix: [] };
    const { edits, unplaced } = put(cluster({}), { objects: [{ object: written, origin }], charts: new Map() }, { 'web.yaml': text });
    expect([edits, unplaced]).toEqual([[{ path: 'web.yaml', before: text, after: text.replace('1 #', '2 #') }], []]);
    // It says nothing of what the server filled in.
    const [{ why } = { why: '' }] = put(
      cluster({}),
      { objects: [{ object: { ...written, spec: {} }, origin }], charts: new Map() },
      { 'web.yaml': text },
    ).unplaced;
    expect(why).toMatch(/^web\.yaml says another thing of Deployment\/shop\/web than the cluster: /);
  });

  it('gets a patch for a kustomization where its chart cannot be edited, and only then', () => {
    const metadata = {
      labels: { 'helm.sh/chart': 'my-shop-1.2.3-rc.1' },
      annotations: { 'meta.helm.sh/release-name': 'prod', 'meta.helm.sh/release-namespace': 'shop' },
    };
    const texts = { 'charts/shop/values.yaml': 'replicas: 1\n' };
    const [first] = put(cluster(metadata), { objects: [], charts: new Map([['my-shop', 'charts/shop']]) }, texts).unplaced;
    expect(first?.why).toBe(
      'Deployment/shop/web is rendered by the chart charts/shop: change its values, or the template of the chart; its templates do not say plainly which of its values decides',
    );
    expect(first?.kustomize).toBe(
      '- target:\n    group: apps\n    version: v1\n    kind: Deployment\n    name: web\n    namespace: shop\n  patch: |\n    - op: replace\n      path: /spec/replicas\n      value: 2\n',
    );
    const [second] = put(cluster(metadata), { objects: [], charts: new Map([['shop', 'charts/shop']]) }, texts).unplaced;
    expect(second).toEqual({ patch, why: 'Deployment/shop/web is of the cluster: change it there, or name its file too' });
  });
});

describe('castellan fixes --source', () => {
  const RBAC = 'rbac.authorization.k8s.io';
  const binding = { apiVersion: `${RBAC}/v1`, kind: 'ClusterRoleBinding', metadata: { name: 'devs' } };
  const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name: 'everything' };
  const text = `# who runs the shop
apiVersion: ${RBAC}/v1
kind: ClusterRoleBinding
metadata:
  name: devs
roleRef: {apiGroup: ${RBAC}, kind: ClusterRole, name: everything}
subjects:
- {apiGroup: ${RBAC}, kind: Group, name: devs} # all of them
- {apiGroup: ${RBAC}, kind: Group, name: ops}
`;
  const snapshot = (): string => {
    const file = join(folder, 'prod.snapshot');
    const role = {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'everything' },
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
    };
    const subjects = ['devs', 'ops'].map((name) => ({ apiGroup: RBAC, kind: 'Group', name }));
    const annotations = { 'argocd.argoproj.io/tracking-id': `shop:${RBAC}/ClusterRoleBinding:/devs` };
    writeSnapshot(file, [role, { ...binding, metadata: { name: 'devs', annotations }, roleRef, subjects } as never]);
    writeFileSync(join(folder, 'rbac.yaml'), text);
    return file;
  };

  it('changes in its repository what would be changed back in the cluster', async () => {
    const file = snapshot();
    const without = await runHere(['fixes', file, '-f', 'json']);
    expect(JSON.parse(without.stdout)).toMatchObject({ fixes: [{ owner: { kind: 'you' } }] });
    const source = ['--source', join(folder, 'rbac.yaml')];
    const { fixes } = JSON.parse((await runHere(['fixes', file, '-f', 'json', ...source])).stdout) as { fixes: { owner: unknown }[] };
    expect(fixes[0]).toMatchObject({ owner: { kind: 'gitops', name: 'Argo CD application shop' } });
    const { stdout } = await runHere(['fixes', file, '--patch', ...source]);
    expect(stdout).toMatch(/^-- \{apiGroup: .* name: devs\} # all of them$/m);
    expect(stdout).toMatch(/^-- \{apiGroup: .* name: ops\}$/m);
    expect((await runHere(['explain', '1', file, ...source])).stdout).toMatch(/^-- \{apiGroup: .* name: (devs|ops)\}/m);
  });

  it('says where there is nothing to change', async () => {
    const file = snapshot();
    mkdirSync(join(folder, 'empty'));
    expect(await runHere(['fixes', join(folder, 'rbac.yaml'), '--source', folder])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/the input is of no cluster/) as string,
    });
    expect(await runHere(['fixes', file, '--source', join(folder, 'empty')])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/holds neither manifests nor a chart/) as string,
    });
  });
});

describe('edits of files', () => {
  it('keep comments, order and layout', async () => {
    const text = `# ours\napiVersion: v1\nkind: ConfigMap\nmetadata:\n    name:   a   # odd\ndata: {b: "1",\n  c: '2'}\n`;
    const patch: Patch['patch'] = [
      { op: 'test', path: '/data/b', value: '1' },
      { op: 'replace', path: '/data/b', value: '3' },
    ];
    const { edits } = await edited({ 'a.yaml': text }, [{ target: 'ConfigMap/default/a', operation: 'patch', patch }]);
    expect(edits).toEqual([{ path: 'a.yaml', before: text, after: text.replace('"1"', '"3"') }]);
  });

  it('of several in one file each find their place', async () => {
    const text = [config('a'), config('b'), config('c'), config('d')].join('---\n# next\n');
    const set: Patch = { target: 'ConfigMap/default/d', operation: 'patch', patch: [{ op: 'add', path: '/data', value: { x: 'v' } }] };
    const { edits } = await edited({ 'a.yaml': text }, [remove('ConfigMap/default/b'), set, remove('ConfigMap/default/a')]);
    expect(edits[0]?.after).toBe(`---\n# next\n${config('c')}---\n# next\n${config('d')}data:\n  x: v\n`);
  });

  it('of items of a List move with those before them', async () => {
    const item = (name: string): string => `- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: ${name}} # ${name}\n`;
    const text = `apiVersion: v1\nkind: List\nitems:\n${['a', 'b', 'c', 'd'].map(item).join('')}`;
    const set: Patch = { target: 'ConfigMap/default/d', operation: 'patch', patch: [{ op: 'add', path: '/data', value: { x: 'v' } }] };
    const two = [remove('ConfigMap/default/a'), remove('ConfigMap/default/c')];
    const { edits } = await edited({ 'a.yaml': text }, [...two, set]);
    expect(edits[0]?.after).toBe(`apiVersion: v1\nkind: List\nitems:\n${item('b')}${item('d')}  data:\n    x: v\n`);
    const all = await edited({ 'a.yaml': text }, [...two, remove('ConfigMap/default/d'), remove('ConfigMap/default/b')]);
    expect(all.edits).toEqual([{ path: 'a.yaml', before: text, after: undefined }]);
  });

  it('leave the head of a file, and no file of which nothing is left', async () => {
    const head = '# Copyright\n# Ours\n';
    const text = `${head}${config('a')}---\n${config('b')}`;
    const one = await edited({ 'a.yaml': text }, [remove('ConfigMap/default/a')]);
    expect(one.edits[0]?.after).toBe(`${head}---\n${config('b')}`);
    const both = await edited({ 'a.yaml': text }, [remove('ConfigMap/default/a'), remove('ConfigMap/default/b')]);
    expect(both.edits[0]?.after).toBeUndefined();
  });

  it('create objects in files of their own, beside what is near', async () => {
    const object = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'deny', namespace: 'shop' },
      spec: { podSelector: {} },
    };
    const near = config('a').replace('name: a', 'name: a, namespace: shop');
    const files = { 'x/a.yaml': near, 'y/b.yaml': config('b'), 'x/networkpolicy-deny.yaml': config('taken') };
    const create: Patch = { target: 'NetworkPolicy/shop/deny', operation: 'create', patch: [], object };
    const { edits } = await edited(files, [create]);
    expect(edits).toMatchObject([{ path: 'x/networkpolicy-deny-2.yaml', before: undefined }]);
    expect(edits[0]?.after).toBe(
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: deny\n  namespace: shop\nspec:\n  podSelector: {}\n',
    );
  });

  it('of what no text holds say where to go', async () => {
    const alias = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: &l {x: y}}\ndata: *l\n`;
    const patch: Patch['patch'] = [{ op: 'replace', path: '/data/x', value: 'z' }];
    const { edits, unplaced } = await edited({ 'a.yaml': alias }, [{ target: 'ConfigMap/default/a', operation: 'patch', patch }]);
    expect(edits).toEqual([]);
    expect(unplaced[0]?.why).toMatch(/a\.yaml cannot be edited for ConfigMap\/default\/a: .*alias/);
  });

  it('refuse a file that is not what was read', async () => {
    writeFileSync(join(folder, 'a.yaml'), config('a'));
    const { objects } = await collectManifests([folder]);
    writeFileSync(join(folder, 'a.yaml'), `# new\n${config('a')}`);
    expect(() => fileEdits(objects, [{ patches: [remove('ConfigMap/default/a')], effort: 'low' }], SOURCE_FILES)).toThrow(
      /a\.yaml is not what it was when it was read/,
    );
  });

  test('read again are the change, whatever the order', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const steps = fc.shuffledSubarray(names, { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), fc.integer({ min: 0, max: 2 }), async (order, isList, deleted) => {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
        const items = names
          .map((name) => `- {apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}, data: {x: "1", w: "2"}}\n`)
          .join('');
        const documents = names.map((name) => `${config(name)}data:\n  x: "1" # one\n  w: "2"\n`).join('---\n');
        const patches = order.map((name, index): Patch => {
          const target = `ConfigMap/default/${name}`;
          if (index % 3 === deleted) return remove(target);
          return {
            target,
            operation: 'patch',
            patch: [index % 2 === 0 ? { op: 'remove', path: '/data/x' } : { op: 'add', path: '/data/z', value: '3' }],
          };
        });
        const { edits, unplaced } = await edited(
          { 'a.yaml': isList ? `apiVersion: v1\nkind: List\nitems:\n${items}` : documents },
          patches,
        );
        expect(unplaced).toEqual([]);
        for (const { path, after } of edits) {
          if (after === undefined) rmSync(join(folder, path));
          else writeFileSync(join(folder, path), after);
        }
        const left = new Map((await collectManifests([folder])).objects.map(({ object }) => [refIn(object), object.data]));
        for (const name of names) {
          const index = order.indexOf(name);
          const expected =
            index >= 0 && index % 3 === deleted
              ? undefined
              : index < 0
                ? { x: '1', w: '2' }
                : index % 2 === 0
                  ? { w: '2' }
                  : { x: '1', w: '2', z: '3' };
          expect(left.get(`ConfigMap/default/${name}`)).toEqual(expected);
        }
      }),
      { numRuns: Math.min(RUNS, 100) },
    );
  });
});

const hasKustomize = ['kustomize', 'kubectl'].some((tool) => spawnSync(tool, ['version', '--client']).error === undefined);

describe.skipIf(!hasKustomize)('what a kustomization builds (needs kustomize or kubectl)', () => {
  const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: runner, namespace: ci}\n';
  const pods = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: runner, namespace: ci}\nspec:\n  selector: {matchLabels: {app: runner}}\n  template:\n    metadata: {labels: {app: runner}}\n    spec: {serviceAccountName: runner, containers: [{name: runner, image: x}]}\n`;
  const binding = (name: string, subjects: string): string =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: ${name}}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects:\n${subjects}`;
  const ops =
    '- {kind: Group, name: "system:masters", apiGroup: rbac.authorization.k8s.io}\n- {kind: User, name: ann, apiGroup: rbac.authorization.k8s.io}\n';
  const files = {
    'base/kustomization.yaml': 'resources: [all.yaml]\n',
    'base/all.yaml': [account, pods, binding('a.b', '- {kind: ServiceAccount, name: runner, namespace: ci}\n'), binding('ops', ops)].join(
      '---\n',
    ),
    'prod/kustomization.yaml': '# for production\nresources:\n- ../base   # all of it\n',
  };
  const write = (more: Readonly<Record<string, string>> = {}): void => {
    for (const [name, text] of Object.entries({ ...files, ...more })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };

  it('is changed in the kustomization, and then builds what the fix says', async () => {
    write();
    expect(await ways(folder)).toEqual({ exposed: 1, workloads: 1 });
    const { status, stdout } = await runHere(['apply', '1', '2', '--to-files', 'prod', 'base'], { cwd: folder });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^diff --git a\/prod\/kustomization\.yaml/);
    const text = readFileSync(join(folder, 'prod/kustomization.yaml'), 'utf8');
    expect(text.startsWith(files['prod/kustomization.yaml'])).toBe(true);
    expect(readFileSync(join(folder, 'base/all.yaml'), 'utf8')).toBe(files['base/all.yaml']);
    expect(await ways(folder)).toEqual({ exposed: 0, workloads: 0 });
  });

  it('is left to people where it renames what comes out', async () => {
    write({ 'prod/kustomization.yaml': 'namePrefix: prod-\nresources: [../base]\n' });
    const refused = await runHere(['apply', '1', '--to-files', '.'], { cwd: folder });
    expect(refused).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/prod cannot be edited for .*: its field namePrefix may change what comes out/) as string,
    });
  });

  it('gets new objects as resources', async () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'new', namespace: 'ci' } };
    const { edits } = await edited(files, [{ target: 'ConfigMap/ci/new', operation: 'create', patch: [], object }]);
    expect(edits.map(({ path }) => path)).toEqual(['prod/configmap-new.yaml', 'prod/kustomization.yaml']);
    expect(edits[1]?.after).toBe(`${files['prod/kustomization.yaml']}- configmap-new.yaml\n`);
  });
});

const hasHelm = spawnSync('helm', ['version']).error === undefined;

describe.skipIf(!hasHelm)('what a chart renders (needs helm)', () => {
  const template = `apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}-web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: x
          {{- with .Values.security }}
          securityContext:
            {{- toYaml . | nindent 12 }}
          {{- end }}
`;
  const values = 'security:\n  privileged: true # for the meter\nother: {}\n';
  const write = (more = ''): void => {
    mkdirSync(join(folder, 'chart/templates'), { recursive: true });
    writeFileSync(join(folder, 'chart/Chart.yaml'), 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
    writeFileSync(join(folder, 'chart/values.yaml'), values);
    writeFileSync(join(folder, 'chart/templates/web.yaml'), template + more);
  };

  it('is changed in its values, and then renders what the fix says', async () => {
    write();
    const { status, stderr } = await runHere(['apply', '1', '--to-files', 'chart'], { cwd: folder });
    expect([status, stderr]).toEqual([0, expect.stringMatching(/values\.yaml: set security\.privileged to false; what a release sets/)]);
    expect(readFileSync(join(folder, 'chart/values.yaml'), 'utf8')).toBe(values.replace('privileged: true', 'privileged: false'));
    const rendered = execFileSync('helm', ['template', 'x', 'chart'], { cwd: folder, encoding: 'utf8' });
    expect(rendered).toMatch(/privileged: false/);
  });

  it('is left to people where something else would change too', async () => {
    write('---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: seen}\ndata: {privileged: "{{ .Values.security.privileged }}"}\n');
    const refused = await runHere(['apply', '1', '--to-files', 'chart'], { cwd: folder });
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringMatching(/something else would differ too/) as string });
    expect(readFileSync(join(folder, 'chart/values.yaml'), 'utf8')).toBe(values);
  });
});

describe('castellan fixes -f markdown', () => {
  it('is a table that nothing of the input breaks', async () => {
    const name = 'a|b <img src=x> @team';
    const subjects = JSON.stringify([{ kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' }]);
    const binding = `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: ops}\nroleRef: {kind: ClusterRole, name: cluster-admin, apiGroup: rbac.authorization.k8s.io}\nsubjects: ${subjects}\n`;
    writeFileSync(join(folder, 'ops.yaml'), binding);
    const { stdout, status } = await runHere(['fixes', 'ops.yaml', '-f', 'markdown'], { cwd: folder });
    expect(status).toBe(0);
    const rows = stdout.split('\n').filter((line) => line.startsWith('| 1 |'));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.replaceAll(String.raw`\|`, '').split('|')).toHaveLength(6);
    expect(stdout).not.toMatch(/<img|@team/);
    expect(stdout).toContain('not known: nothing is recorded of what was used (`no-record`)');
  });
});

describe('castellan explain of a fix', () => {
  const explained = (fix: string): Promise<RanHere> => runHere(['explain', fix, 'ops.yaml'], { cwd: folder });

  it('shows the change on what those before it leave, by number and by id', async () => {
    const rule = (name: string): string => `  - kind: User # ${name}\n    name: ${name}\n    apiGroup: rbac.authorization.k8s.io\n`;
    const binding = `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: ops\nroleRef:\n  kind: ClusterRole\n  name: cluster-admin\n  apiGroup: rbac.authorization.k8s.io\nsubjects:\n`;
    writeFileSync(join(folder, 'ops.yaml'), `${binding}${rule('ann')}${rule('bob')}`);
    const { fixes } = JSON.parse((await runHere(['fixes', 'ops.yaml', '-f', 'json'], { cwd: folder })).stdout) as {
      fixes: { id: string; title: string }[];
    };
    expect(fixes).toHaveLength(2);
    const [first, second] = [(await explained('1')).stdout, (await explained('2')).stdout];
    const [one = '', other = ''] = fixes.map(({ title }) => /User (\w+)/.exec(title)?.[1]);
    expect(first).toContain(`-  - kind: User # ${one}\n`);
    expect(first).not.toContain(`-  - kind: User # ${other}\n`);
    expect(first).toContain(`from outside: user ${one} can use what the binding grants`);
    expect(second).toContain('deleted file mode 100644');
    expect(second).not.toContain(`# ${one}`);
    expect((await explained(fixes[1]?.id ?? '')).stdout).toBe(second);
    expect(first).toMatch(/no-record +nothing is recorded of what was used\n +Record what is used/);
    expect(await explained('3')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('CAS_NO_FIX') as string,
    });
    expect(await explained('0123456789abcdef')).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('CAS_NOT_FOUND') as string,
    });
  });
});

interface FixesDocument {
  before: Counts;
  after: Counts;
  fixes: { proof: { closes: Counts } }[];
}
interface Counts {
  exposed: number;
  workloads: number;
}

async function ways(path: string): Promise<Counts> {
  const { footholds } = JSON.parse((await runHere(['paths', path, '-f', 'json'])).stdout) as {
    footholds: { from: string; reaching: number }[];
  };
  const of = (name: string): number => footholds.find(({ from }) => from === name)?.reaching ?? -1;
  return { exposed: of('exposed'), workloads: of('workloads') };
}

function contents(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'utf8')]),
  );
}

describe.each([
  ['git apply', 'git', ['apply', '-'], ['apply', '-R', '-']],
  ['patch -p1', 'patch', ['-p1', '-s'], ['-p1', '-s', '-R']],
])('castellan fixes --patch with %s', (_name, tool, forward, back) => {
  it('closes exactly what it says, and is taken back to the byte', async () => {
    cpSync(SHOP, join(folder, 'shop'), { recursive: true });
    const before = contents(folder);
    const told = JSON.parse((await runHere(['fixes', 'shop', '-f', 'json'], { cwd: folder })).stdout) as FixesDocument;
    expect(await ways(join(folder, 'shop'))).toEqual({ exposed: told.before.exposed, workloads: told.before.workloads });
    const { stdout: input } = await runProcess(['fixes', 'shop', '--patch'], { cwd: folder });
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() };
    execFileSync(tool, forward, { cwd: folder, input, env });
    const left = await ways(join(folder, 'shop'));
    expect(left).toEqual(told.after);
    const closed = (kind: keyof Counts): number => told.fixes.reduce((sum, { proof }) => sum + proof.closes[kind], 0);
    expect({ exposed: told.before.exposed - left.exposed, workloads: told.before.workloads - left.workloads }).toEqual({
      exposed: closed('exposed'),
      workloads: closed('workloads'),
    });
    execFileSync(tool, back, { cwd: folder, input, env });
    expect(contents(folder)).toEqual(before);
  });
});
