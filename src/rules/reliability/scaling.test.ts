import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import { replicaFloor, scalersOf } from './scaling.ts';

const deployment = (spec: string): string =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {${spec}template: {spec: {containers: [{name: a}]}}}}`;
const hpa = (spec: string): string =>
  `{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h, namespace: shop}, spec: {${spec}scaleTargetRef: {kind: Deployment, name: web}}}`;

function floor(...yaml: string[]): number | undefined {
  const { workloads, tables } = clusterOf(objectsOf(yaml.join('\n---\n')));
  const [workload] = workloads;
  return workload === undefined ? Number.NaN : replicaFloor(workload, tables);
}

describe('replicaFloor', () => {
  it.each([
    [[deployment('replicas: 3, ')], 3],
    [[deployment('')], undefined],
    [[deployment('replicas: 1, '), hpa('minReplicas: 4, ')], 4],
    [[deployment('replicas: 5, '), hpa('')], undefined],
    [[deployment('replicas: 5, '), hpa('minReplicas: 2, ').replace('shop', 'other')], 5],
    [[deployment('replicas: 5, '), hpa('minReplicas: 2, ').replace('kind: Deployment', 'kind: StatefulSet')], 5],
    [
      [
        deployment('replicas: 5, '),
        '{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: k, namespace: shop}, spec: {scaleTargetRef: {name: web}}}',
      ],
      0,
    ],
  ])('%j', (yaml, expected) => {
    expect(floor(...yaml)).toBe(expected);
  });
  it('finds every scaler of a target', () => {
    const { tables } = clusterOf(objectsOf([hpa(''), hpa('').replace('name: h', 'name: i')].join('\n---\n')));
    expect(scalersOf({ kind: 'Deployment', namespace: 'shop', name: 'web' }, tables).map(({ object }) => object.name)).toEqual(['h', 'i']);
  });
});
