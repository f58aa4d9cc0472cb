/** Fixes made in files, and on a cluster that keeps what it is told. */
import { appendFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeepingCluster } from '../../test/fakes/keeping-cluster.ts';
import { type RanHere, runHere, runProcess } from '../../test/run-here.ts';
import type { Journal } from '../enforce/apply/index.ts';
import { SCHEMAS } from '../report/schemas/index.ts';
import { fixesAndPaths } from './chosen-fixes.ts';

const SHOP = join(import.meta.dirname, '../../examples/shop');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

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

describe('what is a fix and what a path', () => {
  it.each<[string[], string[], string[]]>([
    [['1'], ['1'], []],
    [
      ['1', '2,3', '0123456789abcdef', 'deploy', '4'],
      ['1', '2', '3', '0123456789abcdef'],
      ['deploy', '4'],
    ],
    [['./1'], [], ['./1']],
    [['0'], [], ['0']],
  ])('%j', (words, fixes, paths) => {
    expect(fixesAndPaths(words)).toEqual({ fixes, paths });
  });
});

describe('castellan apply --to-files', () => {
  const shop = (): string => join(folder, 'shop');
  beforeEach(() => cpSync(SHOP, shop(), { recursive: true }));

  it('writes what the dry run shows, and closes exactly what it says', async () => {
    const text = readFileSync(join(shop(), 'cluster/access.yaml'), 'utf8');
    const trial = await runHere(['apply', '1,3', '--to-files', 'shop', '--dry-run'], { cwd: folder });
    expect(trial.status).toBe(0);
    expect(readFileSync(join(shop(), 'cluster/access.yaml'), 'utf8')).toBe(text);
    const before = await ways(shop());
    const real = await runProcess(['apply', '1', '3', '--to-files', 'shop'], { cwd: folder });
    expect(real.stdout).toBe(trial.stdout);
    const [, exposed = '', workloads = ''] = /closes (\d+) footholds? of outsiders and (\d+) workloads?/.exec(real.stderr) ?? [];
    const after = await ways(shop());
    expect({ exposed: before.exposed - after.exposed, workloads: before.workloads - after.workloads }).toEqual({
      exposed: Number(exposed),
      workloads: Number(workloads),
    });
    expect(Number(exposed) + Number(workloads)).toBeGreaterThan(0);
    expect(readdirSync(join(shop(), 'ci')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('makes what somebody looked at only while its proof holds', async () => {
    const proof = join(folder, 'proof.json');
    const looked = await runHere(['fixes', 'shop', '-f', 'json'], { cwd: folder });
    const file = join(shop(), 'cluster/access.yaml');
    const make = (): Promise<RanHere> => runHere(['apply', '1', '--to-files', 'shop', '--dry-run', '--proof', proof], { cwd: folder });
    writeFileSync(proof, looked.stdout);
    expect(await make()).toMatchObject({ status: 0 });
    const document = JSON.parse(looked.stdout) as { fixes: { proof: { expiresAt?: string } }[] };
    const old = {
      ...document,
      fixes: document.fixes.map((fix) => ({ ...fix, proof: { ...fix.proof, expiresAt: '2026-01-01T00:00:00Z' } })),
    };
    writeFileSync(proof, JSON.stringify(old));
    expect(await make()).toMatchObject({ status: 3, stderr: expect.stringContaining('CAS_PROOF_EXPIRED') as string });
    writeFileSync(proof, JSON.stringify({ ...document, fixes: [] }));
    expect(await make()).toMatchObject({ status: 3, stderr: expect.stringContaining('CAS_PROOF_VOID') as string });
    writeFileSync(proof, '{"schema": "castellan/scan/v1"}');
    expect(await make()).toMatchObject({ status: 2, stderr: expect.stringContaining('CAS_NOT_PROOF') as string });
    writeFileSync(proof, looked.stdout);
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'more' }, rules: [] };
    appendFileSync(file, `---\n${JSON.stringify(role)}\n`);
    expect(await make()).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('is void: rights is not what it was worked out from') as string,
    });
  });

  it('leaves nothing behind where one of the files cannot be written', async () => {
    // Its own name is as long as one may be: what is written beside it has none.
    const long = `${'z'.repeat(250)}.yaml`;
    renameSync(join(shop(), 'cluster/access.yaml'), join(shop(), 'cluster', long));
    const before = new Set(readdirSync(shop(), { recursive: true, encoding: 'utf8' }));
    const failed = await runHere(['apply', '1,2,3', '--to-files', 'shop'], { cwd: folder });
    expect(failed).toMatchObject({ status: 3, stderr: expect.stringContaining('CAS_WRITE') as string });
    expect(new Set(readdirSync(shop(), { recursive: true, encoding: 'utf8' }))).toEqual(before);
  });

  it('names fixes by their ids too, and refuses those that are not there', async () => {
    const { fixes } = JSON.parse((await runHere(['fixes', 'shop', '-f', 'json'], { cwd: folder })).stdout) as { fixes: { id: string }[] };
    const id = fixes[1]?.id ?? '';
    const one = await runHere(['apply', id, '--to-files', 'shop', '--dry-run'], { cwd: folder });
    expect(one.stdout).toBe((await runHere(['apply', '2', '--to-files', 'shop', '--dry-run'], { cwd: folder })).stdout);
    expect(one.stdout).toMatch(/^--- a\/shop\//m);
    expect(await runHere(['apply', '9', '--to-files', 'shop'], { cwd: folder })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('CAS_NO_FIX') as string,
    });
    expect(await runHere(['apply', '1', 'shop'], { cwd: folder })).toMatchObject({ status: 2 });
    expect(await runHere(['apply', '--to-files', 'shop'], { cwd: folder })).toMatchObject({ status: 2 });
  });
});

const RBAC = 'rbac.authorization.k8s.io';
const ACCOUNT = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'runner', namespace: 'ci' } };
const WORKLOAD = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'runner', namespace: 'ci' },
  spec: {
    selector: { matchLabels: { app: 'runner' } },
    template: {
      metadata: { labels: { app: 'runner' } },
      spec: { serviceAccountName: 'runner', containers: [{ name: 'runner', image: 'x' }] },
    },
  },
};
const binding = (name: string, ...subjects: object[]): Record<string, unknown> => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name, annotations: { why: "it's ours" } },
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
  subjects,
});
const RUNNER = { kind: 'ServiceAccount', name: 'runner', namespace: 'ci' };
const OPS = { kind: 'Group', name: 'ops', apiGroup: RBAC };
const BOB = { kind: 'User', name: 'bob', apiGroup: RBAC };

describe('castellan apply on a cluster', () => {
  let cluster: KeepingCluster;
  let server: string;
  beforeEach(async () => {
    cluster = new KeepingCluster();
    for (const name of ['ci', 'kube-system']) cluster.add({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const admin = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
    const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
    cluster.add({ apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name: 'cluster-admin', labels }, rules: [admin] });
    for (const object of [ACCOUNT, WORKLOAD, binding('ci', RUNNER, OPS), binding('bob', BOB)]) cluster.add(object);
    server = await cluster.start();
  });
  afterEach(() => cluster.stop());

  const asked = (by: typeof runHere, args: readonly string[]): Promise<RanHere> => {
    const kubeconfig = join(folder, 'config');
    const contexts = [{ name: 'prod', context: { cluster: 'c' } }];
    writeFileSync(kubeconfig, JSON.stringify({ clusters: [{ name: 'c', cluster: { server } }], contexts, 'current-context': 'prod' }));
    return by([...args, '--kubeconfig', kubeconfig], { cwd: folder });
  };
  const run = (...args: readonly string[]): Promise<RanHere> => asked(runHere, args);
  const journal = (): Journal => JSON.parse(readFileSync(join(folder, 'done.json'), 'utf8')) as Journal;
  const kept = (): string =>
    JSON.stringify(
      [...cluster.objects.values()]
        .map(({ metadata: { resourceVersion: _v, uid: _u, ...metadata }, ...rest }) => ({ ...rest, metadata }))
        .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    );

  it('tries, makes, keeps, looks again, and takes back exactly', async () => {
    const before = kept();
    const made = await asked(runProcess, ['apply', '1', '2', '3', '--yes', '--journal', 'done.json']);
    expect(made.stderr).toContain('changes the cluster of the context "prod"');
    expect(made).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/ways to cluster control: 2 · 1 before, 0 · 0 now, as foretold/) as string,
    });
    expect(cluster.objects.has('clusterrolebindings /ci')).toBe(false);
    expect(cluster.objects.has('clusterrolebindings /bob')).toBe(false);
    // Every write was tried first.
    const half = cluster.writes.length / 2;
    expect(cluster.writes.slice(0, half).every(({ method, url }) => method === 'DELETE' || url.includes('dryRun=All'))).toBe(true);
    const validate = new Ajv2020({ strict: true, strictRequired: true, allowUnionTypes: true }).compile(SCHEMAS.applied ?? {});
    expect(validate(journal()), JSON.stringify(validate.errors)).toBe(true);
    expect(statSync(join(folder, 'done.json')).mode & 0o777).toBe(0o600);
    const back = await asked(runProcess, ['apply', '--undo', 'done.json', '--yes']);
    expect(back).toMatchObject({ status: 0, stdout: '2 steps taken back\n' });
    expect(kept()).toBe(before);
    expect(await run('apply', '--undo', 'done.json', '--yes')).toMatchObject({ status: 2 });
  });

  it('takes one subject out with a patch that fits this version alone, and puts it back in its place', async () => {
    const before = kept();
    const listed = await run('fixes', '--patch');
    const [number = ''] =
      /^# (\d) take ClusterRole cluster-admin from (?:Group ops|ServiceAccount ci\/runner)/m.exec(listed.stdout)?.slice(1) ?? [];
    const start = `kubectl patch clusterrolebinding.rbac.authorization.k8s.io ci --type=json -p '[{"op":"test","path":"/metadata/resourceVersion"`;
    expect(listed.stdout).toContain(`\n${start}`);
    expect(await run('apply', number, '--yes', '--journal', 'done.json')).toMatchObject({ status: 0 });
    expect(cluster.writes.at(-1)).toMatchObject({ method: 'PATCH', type: 'application/json-patch+json' });
    expect(cluster.objects.get('clusterrolebindings /ci')?.subjects).toHaveLength(1);
    expect(await run('apply', '--undo', 'done.json', '--yes')).toMatchObject({ status: 0 });
    expect(kept()).toBe(before);
  });

  it('writes nothing without a yes, in a dry run, and where the server refuses one of the steps', async () => {
    const before = kept();
    expect(await run('apply', '1')).toMatchObject({ status: 2, stderr: expect.stringContaining('CAS_NOT_CONFIRMED') as string });
    expect(await run('apply', '1', '--dry-run')).toMatchObject({ status: 0, stdout: '' });
    cluster.refuse = (method, url) => (method === 'DELETE' && url.pathname.endsWith('/bob') ? { status: 403, message: 'no' } : undefined);
    const refused = await run('apply', '1', '2', '3', '--yes', '--journal', 'done.json');
    expect(refused).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/would not delete ClusterRoleBinding\/bob \(403\): no \(CAS_NOT_APPLIED\)/) as string,
    });
    expect(kept()).toBe(before);
    expect(readdirSync(folder)).toEqual(['config']);
  });

  it('stops where an answer is lost, and says what is done and what is not known', async () => {
    let writes = 0;
    cluster.refuse = (method, url) => {
      if (method === 'GET' || url.searchParams.has('dryRun')) return undefined;
      writes += 1;
      // Two trials of deletions, then the first is meant, and the second is lost.
      return writes === 4 ? 'break' : undefined;
    };
    const lost = await run('apply', '1', '2', '3', '--yes', '--journal', 'done.json');
    expect(lost.status).toBe(3);
    expect(journal().steps.map(({ state }) => state)).toEqual(['done', 'asked']);
    cluster.refuse = () => undefined;
    expect(await run('apply', '--undo', 'done.json', '--yes')).toMatchObject({ stdout: '1 step taken back\n' });
  });

  it('says what it cannot take back, and ends with 1', async () => {
    let writes = 0;
    cluster.refuse = (method, url) => {
      if (method === 'GET' || url.searchParams.has('dryRun')) return undefined;
      writes += 1;
      if (writes !== 4) return undefined;
      // The second is made, and its answer lost.
      cluster.objects.delete(`clusterrolebindings /${url.pathname.split('/').at(-1)}`);
      return 'break';
    };
    expect(await run('apply', '1', '2', '3', '--yes', '--journal', 'done.json')).toMatchObject({ status: 3 });
    cluster.refuse = () => undefined;
    const back = await run('apply', '--undo', 'done.json', '--yes');
    expect(back).toMatchObject({ status: 1, stdout: '1 step taken back, 1 not\n' });
    expect(back.stderr).toMatch(/not taken back: ClusterRoleBinding\/\w+ \(delete\): its answer was lost, and the object is gone\n/);
  });

  it('writes over no file, and asks for no object that the file does not name', async () => {
    const before = kept();
    writeFileSync(join(folder, 'done.json'), 'earlier');
    expect(await run('apply', '1', '--yes', '--journal', 'done.json')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('done.json is there already') as string,
    });
    expect(kept()).toBe(before);
    rmSync(join(folder, 'done.json'));
    expect(await run('apply', '1', '2', '3', '--yes', '--journal', 'done.json')).toMatchObject({ status: 0 });
    const { steps, ...rest } = journal();
    const path = steps[0]?.path.replace(/\w+$/, 'cluster-admin').replace('bindings', 's');
    writeFileSync(join(folder, 'done.json'), JSON.stringify({ ...rest, steps: steps.map((step) => ({ ...step, path })) }));
    const after = kept();
    expect(await run('apply', '--undo', 'done.json', '--yes')).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('CAS_NOT_JOURNAL') as string,
    });
    expect(kept()).toBe(after);
  });

  it('watches the log for what it refuses, and for nothing else', async () => {
    const log = join(folder, 'audit.log');
    const event = (id: number, user: string, decision: string): string =>
      `${JSON.stringify({
        kind: 'Event',
        apiVersion: 'audit.k8s.io/v1',
        auditID: String(id),
        stage: 'ResponseComplete',
        verb: 'list',
        requestURI: '/api/v1/nodes',
        user: { username: user, groups: ['system:authenticated'] },
        objectRef: { resource: 'nodes', apiVersion: 'v1' },
        responseStatus: { code: decision === 'allow' ? 200 : 403 },
        stageTimestamp: '2026-03-01T10:00:00.000000Z',
        annotations: { 'authorization.k8s.io/decision': decision },
      })}\n`;
    // Longer than what a log is recognised by.
    writeFileSync(
      log,
      Array.from({ length: 8 }, (_, id) => event(id, id % 2 === 0 ? 'bob' : 'eve', id % 2 === 0 ? 'allow' : 'forbid')).join(''),
    );
    cluster.refuse = (method, url) => {
      // As soon as the change is made, both are refused.
      if (method === 'DELETE' && url.pathname.endsWith('/bob') && cluster.writes.length > 1)
        appendFileSync(log, event(20, 'bob', 'forbid') + event(21, 'eve', 'forbid'));
      return undefined;
    };
    const listed = await run('fixes', '-f', 'json');
    const { fixes } = JSON.parse(listed.stdout) as { fixes: { title: string; id: string }[] };
    const { id = '' } = fixes.find(({ title }) => title.includes('bob')) ?? {};
    const watched = await run('apply', id, '--yes', '--journal', 'done.json', '--audit', log, '--watch', '3s');
    expect(watched.stderr).toContain('castellan: refused since: bob: list nodes, once\n');
    expect(watched.stderr).not.toContain('since: eve');
    expect(watched).toMatchObject({ status: 1, stdout: expect.stringContaining('apply --undo done.json takes it back') as string });
    cluster.refuse = () => undefined;
    await run('apply', '--undo', 'done.json', '--yes');
    const silent = await run('apply', id, '--yes', '--journal', 'silent.json', '--audit', log, '--watch', '1s');
    expect(silent).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('no request came into the log in 1s: whether the change refuses any is not known') as string,
    });
    const [more, rest] = [[event(30, 'eve', 'forbid')], [event(31, 'bob', '')]];
    cluster.refuse = (method, url) => {
      const isMeant = method === 'DELETE' && url.pathname.endsWith('/bob') && cluster.writes.at(-2)?.method === 'DELETE';
      if (isMeant) appendFileSync(log, more.splice(0).join(''));
      return undefined;
    };
    await run('apply', '--undo', 'silent.json', '--yes');
    const quiet = await run('apply', id, '--yes', '--journal', 'quiet.json', '--audit', log, '--watch', '1s');
    expect(quiet).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('nothing of 1 request in the log was refused because of it in 1s') as string,
    });
    await run('apply', '--undo', 'quiet.json', '--yes');
    more.push(...rest);
    const unclear = await run('apply', id, '--yes', '--journal', 'unclear.json', '--audit', log, '--watch', '1s');
    expect(unclear.stderr).toContain('castellan: perhaps refused since (the log does not say by whom): bob: list nodes, once\n');
    expect(unclear.status).toBe(1);
    expect(await run('apply', id, '--watch', '1s')).toMatchObject({ status: 2 });
  });

  it('refuses what somebody changed meanwhile', async () => {
    let reads = 0;
    cluster.refuse = (method, url) => {
      // After the lists, before the object is read by itself.
      if (method === 'GET' && /clusterrolebindings\/\w+$/.test(url.pathname) && (reads += 1) === 1)
        cluster.add(binding('ci', RUNNER, OPS, BOB));
      return undefined;
    };
    const late = await run('apply', '1', '2', '3', '--yes');
    expect(late).toMatchObject({ status: 3, stderr: expect.stringContaining('CAS_CHANGED') as string });
    expect(cluster.writes.filter(({ method }) => method !== 'POST')).toEqual([]);
  });
});
