import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import { configReferences } from './config-references.ts';
import { mentionedNames } from './mentions.ts';

const POD = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, annotations: {inject: "from-annotation"}}
spec:
  imagePullSecrets: [{name: pull}]
  initContainers:
  - name: i
    envFrom: [{configMapRef: {name: m1}}, {secretRef: {name: s1, optional: true}}]
  containers:
  - name: a
    args: ["--config-map=shop/by-argument", "\${NAMESPACE}/by-variable"]
    env:
    - {name: A, valueFrom: {secretKeyRef: {name: s2, key: k}}}
    - {name: B, value: by-value}
    - {name: C, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
  volumes:
  - {name: v1, configMap: {name: m2, items: [{key: x, path: y}]}}
  - {name: v2, projected: {sources: [{secret: {name: s3}}, {downwardAPI: {}}]}}
  - {name: v3, secret: {secretName: s4}}
  - {name: v4, csi: {driver: d, volumeAttributes: {secretName: by-csi}}}`;

describe('configReferences', () => {
  it('finds every place', () => {
    const [workload] = clusterOf(objectsOf(POD)).workloads;
    const found = workload === undefined ? [] : configReferences(workload);
    expect(
      found.map(({ kind, name, keys, optional, path }) => `${kind} ${name} [${keys.join()}] ${optional ? 'optional ' : ''}${path}`),
    ).toEqual([
      'ConfigMap m1 [] spec.initContainers[0].envFrom[0].configMapRef.name',
      'Secret s1 [] optional spec.initContainers[0].envFrom[1].secretRef.name',
      'Secret s2 [k] spec.containers[0].env[0].valueFrom.secretKeyRef.name',
      'ConfigMap m2 [x] spec.volumes[0].configMap.name',
      'Secret s3 [] spec.volumes[1].projected.sources[0].secret.name',
      'Secret s4 [] spec.volumes[2].secret.secretName',
    ]);
  });
});

/** Only what there is can be meant. */
const THERE = [
  'm1 s1 s2 m2 s3 s4 pull by-argument by-variable by-value by-csi from-annotation in-resource own-name in-copy in-label in-data anywhere by-knative by-role configmaps',
].flatMap((names) => names.split(' ').map((name) => `{apiVersion: v1, kind: Secret, metadata: {name: ${name}, namespace: shop}}`));

describe('mentionedNames', () => {
  const names = mentionedNames(
    clusterOf(
      objectsOf(
        [
          POD,
          ...THERE,
          '{apiVersion: example.com/v1, kind: Database, metadata: {name: own-name, namespace: shop, annotations: {kubectl.kubernetes.io/last-applied-configuration: "in-copy"}}, spec: {a: [{b: in-resource}], selector: {matchLabels: {app: in-label}}}}',
          '{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: sc}, parameters: {secret: anywhere}}',
          '{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {template: {spec: {volumes: [{secret: {secretName: by-knative}}]}}}}',
          '{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r, namespace: shop}, rules: [{resources: [configmaps], resourceNames: [by-role], verbs: [get]}]}',
          '{apiVersion: v1, kind: ConfigMap, metadata: {name: m, namespace: shop}, data: {a: in-data}}',
        ].join('\n---\n'),
      ),
    ).tables,
  );
  it.each([
    'm1',
    's1',
    's2',
    'm2',
    's3',
    's4',
    'pull',
    'by-argument',
    'by-variable',
    'by-value',
    'by-csi',
    'from-annotation',
    'in-resource',
    'by-knative',
    'by-role',
  ])('knows %s', (name) => {
    expect(names.has(`shop/${name}`)).toBe(true);
  });
  it.each(['own-name', 'in-copy', 'in-label', 'in-data', 'configmaps'])('does not take %s for a use', (name) => {
    expect(names.has(`shop/${name}`)).toBe(false);
  });
  it('counts what has no namespace everywhere', () => {
    expect(names.has('/anywhere')).toBe(true);
  });
});
