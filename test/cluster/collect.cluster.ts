/** What is read of a real cluster: all of it, no values of secrets, the same again, and by nothing but reading. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { collectCluster, connect } from '../../src/collect/cluster/index.ts';
import { redact } from '../../src/collect/cluster/redact.ts';
import { steady } from '../../src/collect/cluster/steady.ts';
import { buildCluster } from '../../src/model/index.ts';
import { RULES, judge, publicNames } from '../../src/rules/index.ts';
import { type SnapshotParts, anonymized, objectsOf, toSnapshot } from '../../src/snapshot/index.ts';
import { runCommand } from './command.ts';
import { describeCluster } from './describe-cluster.ts';
import type { TestCluster } from './test-cluster.ts';
import { waitFor } from './wait.ts';
import { RELEASES_OF_LONG_SUITES } from './releases.ts';

type Fields = Record<string, unknown>;
const SHOP = join(import.meta.dirname, '../../examples/shop');
/** Planted wherever a secret may stand; nothing of it may come out anywhere. */
const MARK = 'Zq7vMarkedSecret81xK';
const ENCODED = Buffer.from(MARK).toString('base64');

const PLANTED = `
apiVersion: v1
kind: Secret
metadata:
  name: planted
  namespace: planted
  annotations: {note: ${MARK}, tool/copy: "data:\\n  a: ${MARK}", tool/encoded: ${ENCODED}}
stringData: {password: ${MARK}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: planted, namespace: planted}
data:
  DB_PASSWORD: ${MARK}
  app.properties: "name=a\\ndb.password=${MARK}\\nurl=postgres://shop:${MARK}@db/shop\\n"
  block.yaml: "db:\\n  password: |\\n    ${MARK}\\n  port: 1\\n"
  redis.conf: "port 1\\nrequirepass ${MARK}\\n"
  app.xml: "<a>\\n<password>${MARK}</password>\\n</a>\\n"
  pairs.json: '[{"name":"DB_PASSWORD","value":"${MARK}"}]'
  users.sql: "CREATE USER 'a' IDENTIFIED BY '${MARK}';\\n"
binaryData: {blob: ${ENCODED}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: planted, namespace: planted, annotations: {deploy-token: ${MARK}}}
spec:
  selector: {matchLabels: {app: planted}}
  template:
    metadata: {labels: {app: planted}, annotations: {api-key-secret: ${MARK}}}
    spec:
      containers:
      - name: app
        image: example.com/app:1
        env: [{name: API_TOKEN, value: ${MARK}}, {name: DB_URL, value: "postgres://shop:${MARK}@db/shop"}]
        args: [--password, ${MARK}, "--api-token=${MARK}"]
        livenessProbe: {httpGet: {path: /, port: 80, httpHeaders: [{name: X-Api-Key, value: ${MARK}}]}}
      - name: cache
        image: example.com/redis:1
        env: [{name: DSN, value: "app:${MARK}@tcp(db:3306)/shop"}, {name: STORE, value: "https://a.example/c?sv=1&sig=${MARK}"}]
        command: [redis-server, --requirepass, ${MARK}]
        lifecycle: {preStop: {exec: {command: [redis-cli, -a, ${MARK}, shutdown]}}}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: planted}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  mountOptions: ["username=a,password=${MARK}"]
  flexVolume: {driver: example.com/cifs, options: {password: ${MARK}}}
`;

async function parts(cluster: TestCluster, kubeconfig = cluster.kubeconfig): Promise<SnapshotParts> {
  return collectCluster(connect({ kubeconfig }), { version: '0.0.0' });
}

function held({ segments }: SnapshotParts): Map<string, Fields> {
  const all = new Map<string, Fields>();
  for (const segment of segments)
    for (const object of objectsOf(segment)) all.set(keyOf(segment.resource, segment.apiVersion, object), object);
  return all;
}

function keyOf(resource: string, apiVersion: string, { metadata }: Fields): string {
  const { namespace = '', name } = metadata as { namespace?: string; name: string };
  return `${resource}.${apiVersion} ${namespace}/${name}`;
}

const LEASE = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'lock', namespace: 'planted' },
  spec: { holderIdentity: 'cart-1_0c1d', leaseDurationSeconds: 15, renewTime: '2026-11-22T09:00:00.000000Z' },
};

for (const release of RELEASES_OF_LONG_SUITES) {
  describeCluster(`a reading of ${release}`, { release }, (cluster) => {
    beforeAll(async () => {
      await cluster().kubectl(['create', 'namespace', 'planted']);
      await cluster().kubectl(['apply', '-f', '-'], PLANTED);
      await cluster().kubectl(['apply', '-f', '-'], JSON.stringify(LEASE));
      // Kinds of custom resources that this cluster does not have are refused; the rest is what is read.
      await cluster()
        .kubectl(['apply', '-R', '-f', SHOP])
        .catch(() => '');
      // One of the shop's mistakes: with it nobody has few rights.
      await cluster().kubectl(['delete', 'clusterrolebinding', 'everybody-may-look']);
      await quiet(cluster());
    });

    it('holds what kubectl lists, object by object', async () => {
      const read = await parts(cluster());
      const objects = held(read);
      const listed = new Map<string, Fields>();
      for (const { resource, apiVersion } of read.segments) {
        const [group] = apiVersion.includes('/') ? apiVersion.split('/') : [''];
        const [version] = apiVersion.split('/').slice(-1);
        const name = group === '' ? resource : `${resource}.${version}.${group}`;
        const { items } = JSON.parse(await cluster().kubectl(['get', name, '-A', '-o', 'json'])) as { items: Fields[] };
        for (const item of items) listed.set(keyOf(resource, apiVersion, item), item);
      }
      expect([...objects.keys()].toSorted()).toEqual([...listed.keys()].toSorted());
      expect(objects.size).toBeGreaterThan(200);
      for (const [key, object] of objects) expect(withoutManagers(object), key).toEqual(expected(key, listed.get(key) ?? {}));
      expect(read.header.complete).toBe(true);
      expect(read.header.kubernetesVersion).toBe(release);
      // The one API server renews its Lease.
      expect(read.header.leases).toEqual({
        holders: [{ namespace: 'planted', name: 'lock', holder: 'cart-1_0c1d', renewed: Date.parse(LEASE.spec.renewTime) / 1000 }],
        servers: 1,
      });
      expect(read.header.features?.NodeRestriction ?? read.header.features?.AllAlpha).toMatchObject({
        enabled: expect.any(Boolean) as boolean,
      });
    });

    it('has every kind that can be listed, or says that it was left out', async () => {
      const { header, gaps } = await parts(cluster());
      const served = (await cluster().kubectl(['api-resources', '--verbs=list', '-o', 'name'])).trim().split('\n');
      const { COLLECTED } = await import('../../src/collect/cluster/index.ts');
      const known = Object.entries(COLLECTED).flatMap(([group, names]) => names.map((name) => (group === '' ? name : `${name}.${group}`)));
      const told = gaps.filter(({ code }) => code === 'not-collected').map(({ scope }) => scope);
      // A kind of the shop's own.
      expect(told).toEqual(['databases.db.fernhill.example']);
      expect(served.filter((name) => ![...known, ...told, ...(header.leftOut ?? [])].includes(name))).toEqual([]);
    });

    it('is the same bytes again while nothing changes', async () => {
      const first = await parts(cluster());
      const second = await parts(cluster());
      expect(second.segments.map(({ resource, sha256 }) => `${resource} ${sha256}`)).toEqual(
        first.segments.map(({ resource, sha256 }) => `${resource} ${sha256}`),
      );
      expect(Buffer.concat(second.segments.map(({ data }) => data)).equals(Buffer.concat(first.segments.map(({ data }) => data)))).toBe(
        true,
      );
    });

    it('holds no value of a secret, nor does any report or message', async () => {
      const text = [...held(await parts(cluster())).values()].map((object) => JSON.stringify(object)).join('\n');
      expect(text).toContain('"name":"planted"');
      expect(text).not.toContain(MARK);
      expect(text).not.toContain(ENCODED);
      const formats = ['table', 'list', 'json', 'sarif', 'junit', 'html', 'markdown', 'csv', 'gitlab', 'github'];
      const files = formats.map((format) => join(cluster().dir, `report.${format}`));
      const wanted = formats.flatMap((format, index) => ['-f', `${format}=${files[index]}`]);
      const { stdout, stderr } = await runCommand(['scan', '--kubeconfig', cluster().kubeconfig, '--all', '--gaps', ...wanted]);
      for (const [index, file] of files.entries()) {
        const report = readFileSync(file, 'utf8');
        expect(report, formats[index]).toContain('planted');
        expect(report.includes(MARK) || report.includes(ENCODED), formats[index]).toBe(false);
      }
      expect(stdout + stderr).not.toContain(MARK);
    });

    it('says the same when its names are replaced, and none of them is left', async () => {
      const read = await parts(cluster());
      const shared = anonymized(read, { seed: 'test', known: publicNames() });
      expect(told(shared)).toEqual(told(read));
      // Pods are still known as those of their templates.
      const workloads = (of: SnapshotParts): number => buildCluster(toSnapshot(of)).workloads.length;
      expect(workloads(shared)).toBe(workloads(read));
      const text = [...held(shared).values()].map((object) => JSON.stringify(object)).join('\n') + JSON.stringify(shared.header);
      for (const name of ['planted', 'payments-api', 'fernhill']) expect(text.includes(name), name).toBe(false);
    });

    it('says of the credentials what it says of the same manifests', async () => {
      const file = join(cluster().dir, 'planted.yaml');
      writeFileSync(file, PLANTED);
      const told = async (args: readonly string[]): Promise<string[]> => {
        const { stdout } = await runCommand(['scan', ...args, '-f', 'json', '--only', 'credential-in-env,credential-in-configmap']);
        const { findings } = JSON.parse(stdout) as {
          findings: { rule: string; severity: string; message: string; subject: { name: string; kind: string } }[];
        };
        return findings
          .filter(({ subject }) => subject.name === 'planted')
          .map(({ rule, severity, message }) => `${rule} ${severity} ${message}`);
      };
      const live = await told(['--kubeconfig', cluster().kubeconfig]);
      expect(live.length).toBeGreaterThan(2);
      expect(live.toSorted()).toEqual((await told([file])).toSorted());
    });

    it('leaves nothing but reading in the audit log; permissions asks for reviews', async () => {
      const jane = cluster().user('jane-of-the-log', ['auditors']);
      const role = (await runCommand(['permissions'])).stdout;
      await cluster().kubectl(['apply', '-f', '-'], role);
      await cluster().kubectl([
        'create',
        'clusterrolebinding',
        `reads-${release}`,
        '--clusterrole=castellan-scan',
        '--user=jane-of-the-log',
      ]);
      const { stdout } = await runCommand(['scan', '--kubeconfig', jane, '-f', 'json']);
      const { gaps, source } = JSON.parse(stdout) as { gaps: { code: string }[]; source: { cluster: { uid?: string } } };
      // The role that is printed is enough.
      expect(gaps.filter(({ code }) => code === 'forbidden')).toEqual([]);
      expect(source.cluster.uid).toMatch(/^[0-9a-f-]{36}$/);
      const events = (): { verb: string; requestURI: string; objectRef?: { resource?: string } }[] =>
        readFileSync(cluster().auditLog, 'utf8')
          .split('\n')
          .filter((line) => line.includes('"jane-of-the-log"'))
          .map((line) => JSON.parse(line) as { user: { username: string }; verb: string; requestURI: string })
          .filter(({ user }) => user.username === 'jane-of-the-log');
      const scanned = events();
      expect(scanned.length).toBeGreaterThan(30);
      for (const { verb, requestURI } of scanned) {
        expect(verb, requestURI).toMatch(/^(?:list|get)$/);
        if (verb === 'get') expect(requestURI).toMatch(/^\/(?:api|apis|version|metrics)$|^\/api\/v1\/namespaces\/kube-system$/);
      }
      const answer = JSON.parse((await runCommand(['permissions', '--kubeconfig', jane, '-f', 'json'])).stdout) as {
        needed: unknown[];
        missing: unknown[];
      };
      expect(answer.missing).toEqual([]);
      const asked = events().slice(scanned.length);
      const created = asked.filter(({ verb }) => verb === 'create');
      expect(created.length).toBeGreaterThan(30);
      for (const { objectRef } of created) expect(objectRef?.resource).toBe('selfsubjectaccessreviews');
      expect(asked.every(({ verb }) => verb === 'create' || verb === 'get')).toBe(true);
    });

    it('with few rights says what it may not see', async () => {
      const bob = cluster().user('bob');
      await cluster().kubectl(['create', 'clusterrole', 'few', '--verb=list', '--resource=pods,deployments.apps,namespaces']);
      await cluster().kubectl(['create', 'clusterrolebinding', 'few', '--clusterrole=few', '--user=bob']);
      const read = await parts(cluster(), bob);
      expect([...new Set(read.segments.map(({ resource }) => resource))].toSorted()).toEqual(['deployments', 'namespaces', 'pods']);
      const forbidden = read.gaps.filter(({ code }) => code === 'forbidden');
      expect(forbidden.map(({ scope }) => scope)).toContain('networkpolicies.networking.k8s.io');
      expect(forbidden.map(({ scope }) => scope)).not.toContain('pods');
      expect(read.header.complete).toBe(false);
      expect(read.header.cluster?.uid).toBeUndefined();
      expect(read.header.missing?.length).toBe(forbidden.length);
      const missing = JSON.parse((await runCommand(['permissions', '--kubeconfig', bob, '-f', 'json'])).stdout) as {
        missing: { resource: string }[];
      };
      expect(missing.missing.map(({ resource }) => resource)).toContain('secrets');
      expect(missing.missing.map(({ resource }) => resource)).not.toContain('pods');
    });

    it('of one namespace needs only rights in it', async () => {
      const eve = cluster().user('eve');
      await cluster().kubectl(['create', 'rolebinding', 'view', '-n', 'planted', '--clusterrole=view', '--user=eve']);
      const read = await collectCluster(connect({ kubeconfig: eve }), { version: '0.0.0', namespaces: ['planted'] });
      const objects = held(read);
      expect([...objects.keys()]).toContain('deployments.apps/v1 planted/planted');
      expect([...objects.values()].every(({ metadata }) => (metadata as { namespace?: string }).namespace === 'planted')).toBe(true);
    });
  });
}

/** How many findings of each kind there are. */
function told(parts: SnapshotParts): Record<string, number> {
  const counts: Record<string, number> = {};
  judge(buildCluster(toSnapshot(parts)), { rules: RULES }, ({ rule, status, severity }) => {
    const key = `${rule.id} ${status} ${severity}`;
    counts[key] = (counts[key] ?? 0) + 1;
  });
  return counts;
}

/** The controllers have made what they make of the manifests: nothing changes for a second. */
async function quiet(cluster: TestCluster): Promise<void> {
  let last = '';
  await waitFor('a cluster in which nothing changes', async () => {
    const { segments } = await parts(cluster);
    const now = segments.map(({ sha256 }) => sha256).join();
    const same = now === last;
    last = now;
    if (!same) await new Promise((resolve) => setTimeout(resolve, 1000));
    return same;
  });
}

/** What kubectl shows, less what is taken out on purpose. Of Secrets only what is not a value. */
function expected(key: string, object: Fields): Fields {
  const copy = structuredClone(object);
  if (key.startsWith('secrets.v1 ')) copy.numberOfKeys = Object.keys((copy.data as Fields | undefined) ?? {}).length;
  redact(copy);
  steady(copy);
  return withoutManagers(copy);
}

/** kubectl leaves them out of what it prints. */
function withoutManagers(object: Fields): Fields {
  const { managedFields: _, ...metadata } = object.metadata as Fields;
  return { ...object, metadata };
}
