/** From the disk of a server of k3s to who comes to its snapshots: what is collected must still name the Secret. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runHere } from '../run-here.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-bucket-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const OBJECTS = `
apiVersion: v1
kind: Node
metadata: {name: s1, labels: {node-role.kubernetes.io/control-plane: "true"}}
---
apiVersion: v1
kind: Secret
metadata: {name: backups, namespace: kube-system}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: kube-system}
rules: [{apiGroups: [""], resources: [secrets], resourceNames: [backups], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: kube-system}
roleRef: {kind: Role, name: reader, apiGroup: rbac.authorization.k8s.io}
subjects: [{kind: ServiceAccount, name: default, namespace: apps}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: apps}
spec: {containers: [{name: c, image: web:1}]}
`;

it.each([
  ['a drop-in', 'server --cluster-init', 'etcd-s3: true\netcd-s3-config-secret: backups\ntoken: join-with-4f9c2e71\n'],
  ['two words of the unit', 'server --cluster-init --etcd-s3 --etcd-s3-config-secret backups', ''],
  ['one word of the unit', 'server --cluster-init --etcd-s3 --etcd-s3-config-secret=backups', ''],
])('finds who may read the Secret that %s names', async (_where, command, dropIn) => {
  put('root/etc/os-release', 'ID=ubuntu\n');
  put('root/usr/local/bin/k3s', 'x');
  put('root/etc/systemd/system/k3s.service', `[Service]\nExecStart=/usr/local/bin/k3s ${command}\n`);
  put('root/var/lib/rancher/k3s/server/db/etcd/member/snap/db', 'x');
  if (dropIn !== '') put('root/etc/rancher/k3s/config.yaml.d/10.yaml', dropIn);
  put('objects.yaml', OBJECTS);
  await runHere(['node', 'collect', '--root', 'root', '--node', 's1', '-o', 'facts.json'], { cwd: folder });
  const facts = readFileSync(join(folder, 'facts.json'), 'utf8');
  expect(facts).not.toContain('join-with-4f9c2e71');
  const { stdout } = await runHere(['etcd', 'reach', 'objects.yaml', '--node-facts', 'facts.json', '--all'], { cwd: folder });
  expect(stdout).toContain('what Secret kube-system/backups says');
  expect(stdout).toMatch(/a process in apps\/web[^]*in the bucket that the Secret signs in to/);
});
