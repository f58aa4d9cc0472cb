/** Two states as people name them, and what the comparison says of them. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeSnapshot } from '../../test/write-snapshot.ts';
import { runHere, runProcess } from '../../test/run-here.ts';
import { SCHEMAS } from '../report/schemas/index.ts';

const SHOP = join(import.meta.dirname, '../../examples/shop');
const validate = new Ajv2020({ strict: true, strictRequired: true, allowUnionTypes: true }).compile(SCHEMAS.diff ?? {});

let folder: string;
let after: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-'));
  after = join(folder, 'after');
  cpSync(SHOP, after, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const GRANT = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: debug}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: User, name: ann, apiGroup: rbac.authorization.k8s.io}]
`;

function edit(file: string, from: string | RegExp, to: string): void {
  const path = join(after, file);
  const text = readFileSync(path, 'utf8');
  const edited = text.replace(from, to);
  expect(edited).not.toBe(text);
  writeFileSync(path, edited);
}

interface Document {
  verdict: string;
  newPaths: { entry: string; target: string; foothold: string; witness: string }[];
  closedPaths: { entry: string }[];
  cut?: { kind: string; parts: string[] };
  reachability: { added: { src: string; dst: string; conns: unknown }[]; removed: { src: string; dst: string; conns: unknown }[] };
  levels: unknown[];
  findings: { new: { rule: string }[]; gone: { rule: string }[] };
  proof: { denies: { who: string }[] };
}

async function diff(...args: readonly string[]): Promise<Document> {
  const { stdout, status, stderr } = await runHere(['diff', SHOP, after, '-f', 'json', ...args]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const document = JSON.parse(stdout) as Document;
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return document;
}

describe('castellan diff', () => {
  it('of the same twice says that nothing differs', async () => {
    expect(await diff()).toMatchObject({
      verdict: 'nothing differs',
      newPaths: [],
      closedPaths: [],
      reachability: { added: [], removed: [] },
      levels: [],
    });
  });

  it('names the ways that a grant opens, what undoes it, and fails the gate', async () => {
    writeFileSync(join(after, 'debug.yaml'), GRANT);
    const document = await diff();
    expect(document.newPaths).toMatchObject([{ entry: 'User/ann', target: 'ClusterAdmin', foothold: 'exposed' }]);
    expect(document.newPaths[0]?.witness).toContain('user ann can use what the binding grants');
    expect(document.cut).toMatchObject({ kind: 'take-back', parts: ['ClusterRoleBinding/debug'] });
    expect(document.verdict).toMatch(/^opens 1 way to cluster control, 1 from what outsiders can have; /);
    expect(document.findings.new.map(({ rule }) => rule)).toEqual(['rbac-cluster-admin']);
    const gate = await runProcess(['diff', SHOP, after, '--fail-on', 'lower-level,new-path']);
    expect(gate).toMatchObject({ status: 1, stderr: 'castellan: the gate failed: new-path\n' });
    expect((await runHere(['diff', SHOP, after, '--fail-on', 'lower-level'])).status).toBe(0);
    expect((await runHere(['diff', after, SHOP, '--fail-on', 'new-path', '--fail-on', 'new-critical'])).status).toBe(0);
  });

  it('says what a change closes, in both kinds of footholds', async () => {
    rmSync(join(after, 'ci/runner.yaml'));
    const document = await diff();
    expect(document.closedPaths.map(({ entry }) => entry)).toContain('ServiceAccount/ci/runner');
    expect(document.closedPaths.some(({ entry }) => entry.startsWith('Container/'))).toBe(true);
    expect(document.cut).toBeUndefined();
    expect(document.verdict).toMatch(/^closes \d+ ways to cluster control/);
  });

  it('finds what opened by going: a field that kept a token from pods', async () => {
    const account = `apiVersion: v1
kind: ServiceAccount
metadata: {name: agent, namespace: tools}
automountServiceAccountToken: false
---
apiVersion: v1
kind: Namespace
metadata: {name: tools, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: agent, namespace: tools}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {serviceAccountName: agent, containers: [{name: agent, image: agent}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: agent}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: agent, namespace: tools}]
`;
    const [one, other] = [join(folder, 'one.yaml'), join(folder, 'other.yaml')];
    writeFileSync(one, account);
    writeFileSync(other, account.replace('automountServiceAccountToken: false\n', '').replace('enforce: restricted', 'enforce: baseline'));
    const document = JSON.parse((await runHere(['diff', one, other, '-f', 'json'])).stdout) as Document;
    expect(document.newPaths).toMatchObject([{ entry: 'Container/tools/agent/agent', foothold: 'workloads' }]);
    expect(document.cut).toMatchObject({ kind: 'take-back', parts: ['ServiceAccount/tools/agent'] });
    const namespace = { subject: 'Namespace/tools', what: 'enforced', before: 'restricted', after: 'baseline', lowered: true };
    expect(document.levels).toEqual([namespace]);
    expect((await runHere(['diff', one, other, '--fail-on', 'lower-level'])).status).toBe(1);
  });

  it('tells connections that came and went, those that did both under both', async () => {
    edit('payments/network.yaml', 'port: https', 'port: 8444');
    const { reachability } = await diff();
    const row = { src: expect.any(String), dst: 'payments/payments-api[Deployment]' };
    expect(reachability.added).toContainEqual(expect.objectContaining({ ...row, conns: { TCP: ['8444'] } }));
    expect(reachability.removed).toContainEqual(expect.objectContaining({ ...row, conns: { TCP: ['8443'] } }));
  });

  it('tells which recorded use would be refused', async () => {
    edit('cluster/access.yaml', /subjects:[^]*?(?=\n---|\n$|$)/, 'subjects: []');
    const log = join(folder, 'audit.log');
    const events = ['a', 'b'].map((id) =>
      JSON.stringify({
        kind: 'Event',
        apiVersion: 'audit.k8s.io/v1',
        auditID: id,
        stage: 'ResponseComplete',
        verb: 'get',
        requestURI: '/api/v1/nodes/n1',
        user: { username: 'ivy', groups: ['fernhill:ops', 'system:authenticated'] },
        objectRef: { resource: 'nodes', name: 'n1', apiVersion: 'v1' },
        responseStatus: { code: 200 },
        stageTimestamp: '2026-03-01T10:00:00.000000Z',
        annotations: { 'authorization.k8s.io/decision': 'allow' },
      }),
    );
    writeFileSync(log, `${events.join('\n')}\n`);
    const { stdout, status, stderr } = await runHere(['diff', SHOP, after, '--audit', log, '--fail-on', 'lost-use']);
    expect(stderr).toBe('castellan: the gate failed: lost-use\n');
    expect(status).toBe(1);
    expect(stdout).toContain('ivy: get nodes n1, 2 times');
    expect(await runHere(['diff', SHOP, after, '--fail-on', 'lost-use'])).toMatchObject({ status: 2 });
  });

  it('is a comment in which nothing of the input is markup', async () => {
    writeFileSync(join(after, 'debug.yaml'), GRANT.replace('name: ann', 'name: "@team ![x](http://evil.example) </details>"'));
    const { stdout } = await runHere(['diff', SHOP, after, '-f', 'markdown']);
    expect(stdout).toMatch(/^### 🔴 Castellan: opens 1 way to cluster control/);
    expect(stdout).toContain('**Take back the change of ClusterRoleBinding/debug to close the new way.**');
    expect(stdout).not.toMatch(/@team|!\[x\]|<\/details>(?! ?$|\n)/);
    expect(stdout.length).toBeLessThan(65_536);
  });

  it('judges both as applied to a cluster, and takes away what only the first has', async () => {
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'runner', namespace: 'ci' } };
    const controller = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'runner-1', uid: '1', controller: true };
    const pod = { serviceAccountName: 'runner', containers: [{ name: 'runner', image: 'x' }] };
    const cluster = [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'runner', namespace: 'ci' } },
      { ...owner, spec: { selector: { matchLabels: { app: 'x' } }, template: { metadata: { labels: { app: 'x' } }, spec: pod } } },
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name: 'runner-1', namespace: 'ci', ownerReferences: [{ ...controller, kind: 'Deployment', name: 'runner' }] },
        spec: { replicas: 1, selector: { matchLabels: { app: 'x' } }, template: { metadata: { labels: { app: 'x' } }, spec: pod } },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'runner-1-a', namespace: 'ci', labels: { app: 'x' }, ownerReferences: [controller] },
        spec: pod,
        status: { phase: 'Running' },
      },
    ];
    const [snapshot, one, other] = ['prod.snapshot', 'one.yaml', 'other.yaml'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeSnapshot(snapshot, cluster);
    const binding = GRANT.replace(/subjects.*/, 'subjects: [{kind: ServiceAccount, name: runner, namespace: ci}]');
    const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: ci}\n';
    writeFileSync(one, settings);
    writeFileSync(other, `${settings}---\n${binding}`);
    const opened = JSON.parse((await runHere(['diff', one, other, '--on', snapshot, '-f', 'json'])).stdout) as Document;
    expect(opened.newPaths.map(({ entry }) => entry)).toEqual(['Container/ci/runner/runner']);
    // By themselves the files know of no pod.
    const alone = JSON.parse((await runHere(['diff', one, other, '-f', 'json'])).stdout) as Document;
    expect(alone.newPaths.map(({ entry }) => entry)).toEqual([]);
    writeFileSync(one, `${JSON.stringify(cluster[1])}\n---\n${binding}`);
    writeFileSync(other, binding);
    const closed = JSON.parse((await runHere(['diff', one, other, '--on', snapshot, '-f', 'json'])).stdout) as Document;
    expect(closed.closedPaths.map(({ entry }) => entry)).toEqual(['Container/ci/runner/runner']);
    expect(await runHere(['diff', one, other, '--on', other])).toMatchObject({ status: 2 });
  });

  it('does not pass over what it could not read', async () => {
    writeFileSync(join(after, 'broken.yaml'), 'apiVersion: v1\nkind: Secret\nmetadata: [\n');
    const { status, stderr } = await runHere(['diff', SHOP, after, '--strict']);
    expect(status).toBe(4);
    expect(stderr).toBe('castellan: 1 part of the input was not read\n');
    const { stdout } = await runHere(['diff', SHOP, after, '-f', 'markdown']);
    expect(stdout).toMatch(/^### 🟡 Castellan: [^\n]+; 1 part of the input was not read, so that this may not be all\n/);
    expect(stdout).toContain('broken.yaml');
  });
});
