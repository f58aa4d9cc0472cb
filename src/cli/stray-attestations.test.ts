import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runHere } from '../../test/run-here.ts';

it('an attestation of what is not in the input is told, and so is a number of servers that is too small', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-stray-'));
  const of = (name: string): string =>
    `attestations: [{not-needed: get pods, of: ServiceAccount/app/${name}, who: ann, why: gone, until: 2999-01-01}]\n`;
  writeFileSync(join(folder, 'in.yaml'), 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: app}\n');
  for (const name of ['web', 'wbe']) writeFileSync(join(folder, `${name}.yaml`), of(name));
  const said = async (name: string): Promise<string> =>
    (await runHere(['fixes', 'in.yaml', '--config', `${name}.yaml`], { cwd: folder })).stderr;
  expect(await said('web')).toBe(
    'castellan: attestation "get pods" is of a right that nothing in the input gives to ServiceAccount/app/web\n',
  );
  expect(await said('wbe')).toBe('castellan: attestation "get pods" is of ServiceAccount/app/wbe, which the input does not hold\n');
  const entry = (verb: string): string => `{not-needed: ${verb} pods, of: ServiceAccount/app/wbe, who: ann, why: gone, until: 2999-01-01}`;
  writeFileSync(join(folder, 'three.yaml'), `attestations: [${['get', 'list', 'watch'].map(entry).join(', ')}]\n`);
  expect(await said('three')).toBe(
    'castellan: attestation "get pods" is of ServiceAccount/app/wbe, which the input does not hold; and 2 more like it\n',
  );
  // Rights that nobody has, connections of nobody, and fewer servers than there are.
  const right = (text: string, of = 'User/ann'): string =>
    `attestations: [{needed: '${text}', of: '${of}', who: ann, why: gone, until: 2999-01-01}]\n`;
  const ann = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
rules: [{apiGroups: [apps], resources: [deployments], verbs: [create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: r}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: app}
spec: {containers: [{name: c, image: x}]}
---
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver-b, namespace: kube-system, labels: {component: kube-apiserver}}
spec: {containers: [{name: c, image: x}]}
---
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver-a, namespace: kube-system, labels: {component: kube-apiserver}}
spec: {containers: [{name: c, image: x}]}
`;
  writeFileSync(join(folder, 'in.yaml'), ann);
  const config = (name: string, text: string): void => writeFileSync(join(folder, `${name}.yaml`), text);
  config('right', right('create deployments.apps'));
  config('wrong', right('create deployment.apps'));
  config('to', right('connection to app/web[Pod]', 'app/wbe[Pod]'));
  expect(await said('right')).toBe('');
  expect(await said('wrong')).toBe(
    'castellan: attestation "create deployment.apps" is of a right that nothing in the input gives to User/ann\n',
  );
  expect(await said('to')).toContain('names an end that the network of the input does not have');
  const servers = await runHere(['fixes', 'in.yaml', '--servers', '1'], { cwd: folder });
  expect(servers.stderr).toBe('castellan: the input tells of 2 API servers, so that --servers 1 is passed over\n');
  rmSync(folder, { recursive: true });
});
