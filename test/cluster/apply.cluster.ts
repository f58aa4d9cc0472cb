/**
 * Fixes on a real cluster: made by the command and by the kubectl lines that it prints, the ways are gone when it is read
 * again, what they allowed is refused, and taken back everything is as it was.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type CommandResult, runCommand } from './command.ts';
import { describeCluster } from './describe-cluster.ts';
import { NOBODY, type TestCluster } from './test-cluster.ts';
import { waitFor } from './wait.ts';
import { RELEASES_OF_LONG_SUITES } from './releases.ts';

const OBJECTS = `
apiVersion: v1
kind: Namespace
metadata: {name: ci}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner, namespace: ci}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: runner, namespace: ci}
spec:
  replicas: 0
  selector: {matchLabels: {app: runner}}
  template:
    metadata: {labels: {app: runner}}
    spec: {serviceAccountName: runner, containers: [{name: runner, image: example.com/runner:1}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ci, annotations: {why: "it's ours"}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: Group, name: system:masters, apiGroup: rbac.authorization.k8s.io}
- {kind: User, name: carol, apiGroup: rbac.authorization.k8s.io}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: runner}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: runner, namespace: ci}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: bob}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: User, name: bob, apiGroup: rbac.authorization.k8s.io}]
`;

interface Fixes {
  before: { exposed: number; workloads: number };
  after: { exposed: number; workloads: number };
  fixes: { id: string; title: string; proof: { closes: { exposed: number; workloads: number } } }[];
}

for (const release of RELEASES_OF_LONG_SUITES) {
  describeCluster(`fixes on ${release}`, { release, skip: ['kube-scheduler'] }, (cluster) => {
    let folder: string;
    beforeAll(async () => {
      await cluster().kubectl(['apply', '-f', '-'], OBJECTS);
    });
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'castellan-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const run = async (...args: readonly string[]): Promise<CommandResult> => {
      const result = await runCommand([...args, '--kubeconfig', cluster().kubeconfig]);
      expect(result.exit, result.stderr).toBe(0);
      return result;
    };
    const fixes = async (): Promise<Fixes> => JSON.parse((await run('fixes', '-f', 'json', '--top', '9')).stdout) as Fixes;

    it('are made, seen, and taken back exactly', async () => {
      const journal = join(folder, 'done.json');
      const before = await written(cluster());
      const told = await fixes();
      expect(told.fixes.length).toBeGreaterThan(1);
      expect(await may(cluster(), 'bob')).toBe(true);
      const numbers = told.fixes.map((_, index) => String(index + 1));
      const { stdout } = await run('apply', ...numbers, '--top', '9', '--yes', '--journal', journal);
      const { exposed, workloads } = told.after;
      expect(stdout).toContain(`${told.before.exposed} · ${told.before.workloads} before, ${exposed} · ${workloads} now, as foretold`);
      expect((await fixes()).before).toMatchObject({ exposed, workloads });
      for (const user of ['bob', 'carol', 'system:serviceaccount:ci:runner']) expect(await may(cluster(), user)).toBe(false);
      await run('apply', '--undo', journal, '--yes');
      expect(await written(cluster())).toEqual(before);
      for (const user of ['bob', 'carol', 'system:serviceaccount:ci:runner']) expect(await may(cluster(), user)).toBe(true);
      expect(readFileSync(journal, 'utf8')).toContain('"undone"');
    }, 180_000);

    it('are lines for a shell that kubectl takes, and their way back too', async () => {
      const before = withoutLastApplied(await written(cluster()));
      const { before: counts } = await fixes();
      const { stdout } = await run('fixes', '--patch', '--top', '9');
      const script = (text: string): Promise<unknown> => {
        const env = { ...process.env, KUBECONFIG: cluster().kubeconfig, PATH: `${cluster().bin}:${process.env.PATH ?? ''}` };
        return promisify(execFile)('bash', ['-e', '-c', text], { env });
      };
      await script(stdout);
      expect((await fixes()).before).toEqual(expect.objectContaining({ exposed: 0, workloads: 0 }));
      expect(counts.exposed + counts.workloads).toBeGreaterThan(0);
      await script(backIn(stdout));
      expect(withoutLastApplied(await written(cluster()))).toEqual(before);
    }, 180_000);

    it('are watched in the audit log: whom they refuse is told', async () => {
      const { fixes: listed } = await fixes();
      // By its id: with a log the list is another one.
      const { id = '' } = listed.find(({ title }) => title.includes('User bob')) ?? {};
      const journal = join(folder, 'done.json');
      const bob = cluster().user('bob');
      const stop = new AbortController();
      const asking = (async () => {
        while (!stop.signal.aborted) {
          await cluster().request('GET', '/api/v1/nodes', { as: bob });
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
      })();
      const args = ['apply', id, '--top', '9', '--yes', '--journal', journal, '--audit', cluster().auditLog, '--watch', '15s'];
      const watched = await runCommand([...args, '--kubeconfig', cluster().kubeconfig]);
      stop.abort();
      await asking;
      expect(watched.exit, watched.stderr).toBe(1);
      expect(watched.stderr).toContain('refused since: bob: list nodes');
      await run('apply', '--undo', journal, '--yes');
    }, 180_000);

    it('know of a token that never expires that it was used, without a log', async () => {
      const annotations = { 'kubernetes.io/service-account.name': 'runner' };
      const type = 'kubernetes.io/service-account-token';
      const secret = { apiVersion: 'v1', kind: 'Secret', type, metadata: { namespace: 'ci', name: 'old', annotations } };
      const path = '/api/v1/namespaces/ci/secrets';
      await cluster().request('POST', path, { body: secret });
      const read = async (): Promise<{ data?: { token?: string }; metadata: { labels?: object } }> =>
        (await cluster().request('GET', `${path}/old`)).json() as Awaited<ReturnType<typeof read>>;
      const token = await waitFor('token', async () => (await read()).data?.token);
      const change = join(folder, 'change.yaml');
      writeFileSync(change, 'patches: [{target: Secret/ci/old, operation: delete}]');
      const proof = async (): Promise<unknown> => JSON.parse((await run('whatif', '--change', change, '-f', 'json')).stdout);
      // A server that has just been started has not watched for long.
      expect(await proof()).toMatchObject({ proof: { verdict: 'unknown', unknownBecause: ['token-untracked', 'token-reads-unseen'] } });
      const authorization = `Bearer ${Buffer.from(token, 'base64').toString()}`;
      await cluster().request('GET', '/api/v1/namespaces', { as: NOBODY, headers: { authorization } });
      await waitFor('day of its use', async () =>
        Object.keys((await read()).metadata.labels ?? {}).some((key) => key.endsWith('last-used')),
      );
      const who = 'system:serviceaccount:ci:runner';
      expect(await proof()).toMatchObject({ proof: { verdict: 'breaks', denies: [{ who, what: 'its token in Secret/ci/old' }] } });
      await cluster().request('DELETE', `${path}/old`);
    }, 180_000);

    it('meant for another version are refused by the server', async () => {
      const { stdout } = await run('fixes', '--patch', '--top', '9');
      const line = stdout.split('\n').find((one) => one.startsWith('kubectl patch')) ?? '';
      expect(line).toContain('/metadata/resourceVersion');
      await cluster().kubectl(['annotate', 'clusterrolebinding', 'ci', 'touched=yes']);
      const env = { ...process.env, KUBECONFIG: cluster().kubeconfig, PATH: `${cluster().bin}:${process.env.PATH ?? ''}` };
      await expect(promisify(execFile)('bash', ['-e', '-c', line], { env })).rejects.toThrow(/test failed|testing|invalid/i);
    }, 180_000);
  });
}

/** Commands behind `back:`, the last fix first; a command ends where the next remark begins. */
function backIn(script: string): string {
  const blocks = script.split('\n\n').map((block) => {
    const lines = block.split('\n').filter((line) => line.startsWith('# '));
    const first = lines.findIndex((line) => line.startsWith('# back: '));
    return first < 0
      ? ''
      : lines
          .slice(first)
          .map((line) => line.replace(/^# (back: )?/, ''))
          .join('\n');
  });
  return blocks.toReversed().join('\n');
}

/** What somebody wrote of the objects, without what the server adds. */
async function written(cluster: TestCluster): Promise<unknown> {
  const list = JSON.parse(await cluster.kubectl(['get', 'clusterrolebindings,serviceaccounts,deployments', '-A', '-o', 'json'])) as {
    items: { metadata: Record<string, unknown>; status?: unknown }[];
  };
  const items = list.items.map(
    ({
      status: _s,
      metadata: { resourceVersion: _v, uid: _u, creationTimestamp: _c, managedFields: _m, generation: _g, ...metadata },
      ...rest
    }) => ({
      ...rest,
      metadata,
    }),
  );
  // The controller counts how often a template was another one.
  return without(items, 'deployment.kubernetes.io/revision');
}

/** A copy of the object that no reading of a cluster takes along. */
function withoutLastApplied(objects: unknown): unknown {
  return without(objects, 'kubectl.kubernetes.io/last-applied-configuration');
}

function without(objects: unknown, annotation: string): unknown {
  return JSON.parse(
    JSON.stringify(objects, (key: string, value: unknown) => (key === annotation ? undefined : value)).replaceAll('"annotations":{},', ''),
  );
}

async function may(cluster: TestCluster, user: string): Promise<boolean> {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, resourceAttributes: { verb: 'delete', group: '', resource: 'secrets', namespace: 'kube-system' } },
  };
  const { json } = await cluster.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { body: review });
  const answer = json() as { status?: { allowed?: boolean } };
  return answer.status?.allowed === true;
}
