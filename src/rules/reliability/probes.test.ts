import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import { lacksProbe } from './probes.ts';

const PROBED = '{name: b, livenessProbe: {tcpSocket: {port: 1}}}';

function lacking(spec: string, kind = 'Pod'): string[] {
  const body = kind === 'Pod' ? spec : `{template: {spec: ${spec}}}`;
  const [workload] = clusterOf(
    objectsOf(`{apiVersion: ${kind === 'Pod' ? 'v1' : 'batch/v1'}, kind: ${kind}, metadata: {name: a}, spec: ${body}}`),
  ).workloads;
  return (workload?.containers ?? []).filter((container) => lacksProbe(container, 'livenessProbe')).map(({ name }) => name);
}

describe('lacksProbe', () => {
  it.each([
    ['{containers: [{name: a}]}', ['a']],
    [`{containers: [{name: a}, ${PROBED}]}`, []],
    [`{containers: [{name: a, ports: [{containerPort: 80}]}, ${PROBED}]}`, ['a']],
    ['{containers: [{name: a}, {name: c}]}', ['a', 'c']],
    ['{initContainers: [{name: i}, {name: s, restartPolicy: Always}], containers: [{name: a}]}', ['s', 'a']],
    ['{restartPolicy: Never, containers: [{name: a}]}', []],
    ['{ephemeralContainers: [{name: e}]}', []],
  ])('%s', (spec, names) => {
    expect(lacking(spec)).toEqual(names);
  });
  it('needs none in a Job', () => {
    expect(lacking('{containers: [{name: a}]}', 'Job')).toEqual([]);
  });
});
