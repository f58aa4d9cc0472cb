/** The harness itself: what tests of the product against a control plane rely on. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startCluster } from './cluster.ts';
import { describeCluster, describeWith } from './describe-cluster.ts';
import { RELEASES } from './parts.ts';
import { NOBODY } from './test-cluster.ts';
import { waitFor } from './wait.ts';

for (const release of RELEASES) {
  describeCluster(`control plane ${release}`, { release }, (cluster) => {
    it('says which release it is, and that it is ready', async () => {
      const version = await cluster().request('GET', '/version');
      expect(version.json()).toMatchObject({ gitVersion: `v${release}` });
      expect((await cluster().request('GET', '/readyz')).text).toBe('ok');
    });

    it('makes the pods of a deployment', async () => {
      await cluster().kubectl(['create', 'namespace', 'shop']);
      await cluster().kubectl(['-n', 'shop', 'create', 'deployment', 'web', '--image=example.test/web:1', '--replicas=3']);
      const pods = (): Promise<string> => cluster().kubectl(['-n', 'shop', 'get', 'pods', '-o', 'name']);
      await waitFor('three pods', async () => (await pods()).trim().split('\n').length === 3);
    });

    it('refuses a user without rights, until a role is bound', async () => {
      const jane = cluster().user('jane', ['developers']);
      const path = '/api/v1/namespaces/default/pods';
      expect((await cluster().request('GET', path, { as: jane })).status).toBe(403);
      await expect(cluster().kubectl(['--kubeconfig', jane, 'get', 'pods'])).rejects.toThrow(/"jane" cannot list resource "pods"/u);
      await cluster().kubectl(['create', 'rolebinding', 'read', '--clusterrole=view', '--group=developers']);
      await waitFor('rights', async () => (await cluster().request('GET', path, { as: jane })).status === 200);
    });

    it('writes what is asked to the audit log before it answers', async () => {
      const mary = cluster().user('mary/of the\\night, "x"');
      await cluster().request('GET', '/api/v1/nodes', { as: mary });
      const lines = readFileSync(cluster().auditLog, 'utf8').trim().split('\n');
      const last = lines
        .map((line) => JSON.parse(line) as { user: { username: string } })
        .filter(({ user }) => user.username.startsWith('mary'));
      expect(last).toMatchObject([
        { user: { username: 'mary/of the\\night, "x"' }, verb: 'list', requestURI: '/api/v1/nodes', responseStatus: { code: 403 } },
      ]);
    });

    it('takes bodies, of any type', async () => {
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { colour: 'red' } };
      expect((await cluster().request('POST', '/api/v1/namespaces/default/configmaps', { body })).status).toBe(201);
      const path = '/api/v1/namespaces/default/configmaps/settings';
      const headers = { 'content-type': 'application/json-patch+json' };
      const patch = [{ op: 'replace', path: '/data/colour', value: 'blue' }];
      expect((await cluster().request('PATCH', path, { body: patch, headers })).json()).toMatchObject({ data: { colour: 'blue' } });
      expect((await cluster().request('PATCH', path, { body: { data: { colour: 'green' } } })).json()).toMatchObject({
        data: { colour: 'green' },
      });
    });
  });

  describeCluster(
    `encryption, and nobody at the health paths only, ${release}`,
    { release, encryption: 'aescbc', anonymous: 'health' },
    (cluster) => {
      it('keeps secrets unreadable in etcd', async () => {
        await cluster().kubectl(['create', 'secret', 'generic', 'word', '--from-literal=word=open-sesame']);
        await cluster().kubectl(['create', 'configmap', 'word', '--from-literal=word=open-door']);
        const secret = await cluster().etcdctl(['get', '/registry/secrets/default/word', '--print-value-only']);
        expect(secret).toMatch(/^k8s:enc:aescbc:v1:key1:/u);
        expect(secret).not.toContain('open-sesame');
        expect(await cluster().etcdctl(['get', '/registry/configmaps/default/word', '--print-value-only'])).toContain('open-door');
      });

      it('admits nobody to the health paths only', async () => {
        expect((await cluster().request('GET', '/readyz', { as: NOBODY })).status).toBe(200);
        expect((await cluster().request('GET', '/version', { as: NOBODY })).status).toBe(401);
      });
    },
  );
}

describeCluster(
  'settings',
  { runtimeConfig: { 'batch/v1': false }, skip: ['kube-controller-manager', 'kube-scheduler'], auditPolicy: 'off' },
  (cluster) => {
    it('are passed on', async () => {
      expect((await cluster().request('GET', '/apis/batch/v1')).status).toBe(404);
      expect((await cluster().request('GET', '/version', { as: NOBODY })).status).toBe(200);
      expect(existsSync(cluster().auditLog)).toBe(false);
      expect(cluster().programs.runs('kube-scheduler')).toBe(false);
    });

    it('outlive a restart of the API server, as does what it keeps', async () => {
      await cluster().kubectl(['create', 'namespace', 'kept']);
      await cluster().programs.end('kube-apiserver', 'SIGKILL');
      await expect(cluster().request('GET', '/version')).rejects.toThrow(/ECONNREFUSED/u);
      await cluster().programs.again('kube-apiserver');
      await cluster().ready();
      expect(await cluster().kubectl(['get', 'namespace', 'kept', '-o', 'name'])).toBe('namespace/kept\n');
      expect((await cluster().request('GET', '/apis/batch/v1')).status).toBe(404);
    });
  },
);

describeWith('two clusters side by side', {}, () => {
  it('know nothing of each other, and leave nothing', async () => {
    const both = await Promise.all([startCluster(), startCluster()]);
    const [one, other] = both;
    await one.kubectl(['create', 'namespace', 'mine']);
    expect((await other.request('GET', '/api/v1/namespaces/mine')).status).toBe(404);
    await one.stop();
    expect((await other.request('GET', '/readyz')).status).toBe(200);
    await other.stop();
    expect(both.map(({ dir }) => existsSync(dir))).toEqual([false, false]);
  });
});
