/** What the rules of governance and reliability say only of a whole cluster, or of one whose version is known. */
import { describe, expect, it } from 'vitest';
import { objectsOf } from '../../../test/rule-tester.ts';
import { buildCluster } from '../../model/index.ts';
import { type Rule, judge } from '../index.ts';
import { rule as danglingConfigRef } from '../reliability/dangling-config-ref.ts';
import { rule as unusedObject } from '../reliability/unused-object.ts';
import { rule as deprecatedApi } from './deprecated-api.ts';
import { rule as k8sVersion } from './k8s-version.ts';
import { rule as storageClass } from './storage-class.ts';

function messages(rule: Rule, yaml: string, kubernetesVersion = '1.36.0'): string[] {
  const cluster = buildCluster({
    header: { kind: 'cluster', complete: true, kubernetesVersion },
    objects: objectsOf(yaml).map((object) => ({
      object: object as Record<string, unknown>,
      origin: { source: 'cluster', line: 1, format: 'json', prefix: [] },
    })),
    counts: { files: 0, documents: 1, judged: 1, foreign: 0 },
    gaps: [],
  });
  const found: string[] = [];
  judge(cluster, { rules: [rule] }, ({ severity, message }) => found.push(`${severity} ${message}`));
  return found;
}

const CLAIM = '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {storageClassName: fast}}';

describe('a whole cluster', () => {
  it('has a version, and its nodes have theirs', () => {
    const node = (name: string, version: string): string =>
      `{apiVersion: v1, kind: Node, metadata: {name: ${name}}, status: {nodeInfo: {kubeletVersion: ${version}}}}`;
    const yaml = [node('a', 'v1.33.1'), node('b', 'v1.33.2+k3s1'), node('c', 'v1.36.0'), node('d', 'nonsense')].join('\n---\n');
    expect(messages(k8sVersion, yaml, '1.36.1')).toEqual([
      expect.stringMatching(/^high the kubelets of 2 nodes are Kubernetes 1\.33, without support since 2026-06-28 /),
      'high the kubelet of node "d" tells no version',
    ]);
    expect(messages(k8sVersion, node('c', 'v1.36.0'), '1.30.2')).toEqual([
      expect.stringMatching(/^high the API server is Kubernetes 1\.30, /),
    ]);
  });
  it('decides what is deprecated', () => {
    const budget = '{apiVersion: policy/v1beta1, kind: PodDisruptionBudget, metadata: {name: a}}';
    expect(messages(deprecatedApi, budget, '1.20.0')).toEqual([]);
    expect(messages(deprecatedApi, budget, '1.24.0')).toEqual([
      'low policy/v1beta1 PodDisruptionBudget is deprecated since Kubernetes 1.21 and goes in 1.25; use policy/v1',
    ]);
    expect(messages(deprecatedApi, budget, '1.25.0')).toEqual([
      'medium policy/v1beta1 PodDisruptionBudget is not served since Kubernetes 1.25; use policy/v1',
    ]);
  });
  it('knows which storage classes there are', () => {
    expect(messages(storageClass, CLAIM)).toEqual(['low claim "data" names storage class "fast", which does not exist']);
    expect(messages(storageClass, `${CLAIM}\n---\n{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}}`)).toEqual(
      [],
    );
    expect(
      messages(
        storageClass,
        `${CLAIM}\n---\n{apiVersion: v1, kind: PersistentVolume, metadata: {name: disk}, spec: {storageClassName: fast}}`,
      ),
    ).toEqual([]);
  });
  it('knows what is missing and what is left over', () => {
    const pod =
      '{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {containers: [{name: a, envFrom: [{secretRef: {name: api}}]}]}}';
    expect(messages(danglingConfigRef, pod)).toEqual(['medium Secret "api" does not exist']);
    expect(messages(unusedObject, '{apiVersion: v1, kind: Secret, metadata: {name: old, namespace: shop}}')).toEqual([
      'info nothing in the cluster refers to Secret "old"',
    ]);
    expect(messages(unusedObject, '{apiVersion: v1, kind: Secret, metadata: {name: old, namespace: kube-system}}')).toEqual([]);
  });
});
