/** How findings of several rules about the same subject become one finding a fact. */
import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../test/rule-tester.ts';
import { RULES, judge } from './index.ts';
import type { Finding } from './finding.ts';
import { withContainer } from './examples.ts';
import { type Hit, type Rule, defineRule } from './rule.ts';

describe('covers', () => {
  it('swallows the blunter finding with the same key and leaves those with another', () => {
    const sharp = workloadRule('sharp', ['a'], ['blunt']);
    const blunt = workloadRule('blunt', ['a', 'b'], []);
    expect(summary(judged([sharp, blunt]))).toEqual(['sharp a +blunt', 'blunt b']);
  });

  it('takes a hit without a key for the whole subject', () => {
    expect(summary(judged([workloadRule('sharp', [undefined], ['blunt']), workloadRule('blunt', ['a', 'b'], [])]))).toEqual([
      'sharp - +blunt',
    ]);
    expect(summary(judged([workloadRule('sharp', ['a'], ['blunt']), workloadRule('blunt', [undefined], [])]))).toEqual(['sharp a +blunt']);
  });

  it.each([
    ['blunt to sharp', [2, 1, 0]],
    ['sharp to blunt', [0, 1, 2]],
    ['any', [1, 2, 0]],
  ] as const)('ends a chain of three in one finding when the rules run from %s', (_order, order) => {
    const chain = [workloadRule('sharp', ['a'], ['middle']), workloadRule('middle', ['a'], ['blunt']), workloadRule('blunt', ['a'], [])];
    expect(summary(judged(order.flatMap((index) => chain[index] ?? [])))).toEqual(['sharp a +middle +blunt']);
  });

  it('never goes in a circle, in which all would be lost', () => {
    const covered = new Map(RULES.map(({ id, covers = [], coversSameField = [] }) => [id, [...covers, ...coversSameField]]));
    const reaches = (from: string, seen: Set<string>): Set<string> => {
      for (const id of covered.get(from) ?? []) if (!seen.has(id)) reaches(id, seen.add(id));
      return seen;
    };
    for (const { id } of RULES) expect(reaches(id, new Set()), id).not.toContain(id);
  });

  it('keeps everything when every rule is asked for', () => {
    const rules = [workloadRule('sharp', ['a'], ['blunt']), workloadRule('blunt', ['a'], [])];
    expect(summary(judged(rules, true))).toEqual(['sharp a', 'blunt a']);
  });

  it('makes one finding of each volume of a pod', () => {
    const yaml = withContainer(
      'volumeMounts: [{name: sock, mountPath: /sock}, {name: etc, mountPath: /host/etc, readOnly: true}, {name: data, mountPath: /data}, {name: zone, mountPath: /zone, readOnly: true}]',
      'volumes: [{name: sock, hostPath: {path: /var/run/docker.sock}}, {name: etc, hostPath: {path: /etc}}, {name: data, hostPath: {path: /data}}, {name: zone, hostPath: {path: /etc/localtime}}, {name: share, nfs: {server: 10.0.0.5, path: /}}]',
    );
    const ids = new Set(['runtime-socket', 'host-path-sensitive', 'host-path-writable', 'host-path', 'volume-types']);
    const found = judged(
      RULES.filter((rule) => ids.has(rule.id)),
      false,
      yaml,
    );
    expect(summary(found).toSorted()).toEqual([
      'host-path zone +volume-types',
      'host-path-sensitive etc +host-path +volume-types',
      'host-path-writable data +host-path +volume-types',
      'runtime-socket sock +host-path-writable +host-path +volume-types',
      'volume-types share',
    ]);
  });

  it.each<[string, string, readonly string[], readonly string[]]>([
    [
      'of a privileged container',
      withContainer('securityContext: {privileged: true, capabilities: {add: [SYS_ADMIN]}}'),
      ['privileged', 'sys-admin', 'added-capabilities', 'drop-all-capabilities', 'allow-privilege-escalation', 'seccomp-missing'],
      ['privileged - +sys-admin +added-capabilities +drop-all-capabilities +allow-privilege-escalation +seccomp-missing'],
    ],
    [
      'of a container without any security context',
      withContainer(''),
      ['run-as-non-root', 'no-security-context'],
      ['run-as-non-root - +no-security-context'],
    ],
    [
      'of a HostProcess pod',
      withContainer('', 'hostNetwork: true\nsecurityContext: {windowsOptions: {hostProcess: true}}'),
      ['windows-host-process', 'host-network'],
      ['windows-host-process  +host-network'],
    ],
    [
      'of a container that says nothing of resources',
      withContainer(''),
      ['memory-limit', 'memory-request', 'cpu-limit', 'cpu-request', 'ephemeral-storage'],
      ['memory-limit - +memory-request +cpu-limit +cpu-request +ephemeral-storage'],
    ],
    [
      'but not of each resource that is left out',
      withContainer('resources: {requests: {cpu: 1, memory: 1Gi}}'),
      ['memory-limit', 'memory-request', 'cpu-limit', 'cpu-request'],
      ['memory-limit -', 'cpu-limit -'],
    ],
    ['of an image by tag', withContainer(''), ['image-digest', 'image-pull-policy'], ['image-digest - +image-pull-policy']],
    ['of a container without probes', withContainer(''), ['liveness-probe', 'readiness-probe'], ['liveness-probe - +readiness-probe']],
    [
      'of a pod with the token of the account default',
      withContainer(''),
      ['automount-token', 'default-service-account'],
      ['automount-token - +default-service-account'],
    ],
    [
      'of a pod on the host network',
      withContainer('ports: [{containerPort: 80, hostPort: 80}]', 'hostNetwork: true'),
      ['host-network', 'host-port'],
      ['host-network - +host-port'],
    ],
  ])('makes one finding %s', (_case, yaml, ids, expected) => {
    const order = ids.map((id) => RULES.find((rule) => rule.id === id)).filter((rule) => rule !== undefined);
    const found = summary(judged(order, false, yaml)).map((line) => line.split(' +'));
    expect(found.map(([head, ...also]) => [head, also.toSorted()])).toEqual(
      expected.map((line) => line.split(' +')).map(([head, ...also]) => [head, also.toSorted()]),
    );
    const told = expected.join(' ').match(/[a-z][a-z-]+/g) ?? [];
    expect(new Set(judged(order, true, yaml).map(({ rule }) => rule.id))).toEqual(new Set(told));
  });
});

describe('what is said of a namespace', () => {
  const ids = new Set(['ns-without-netpol', 'pod-without-netpol']);
  const rules = RULES.filter((rule) => ids.has(rule.id));
  const told = (yaml: string, everyRule = false): string[] =>
    judged(rules, everyRule, yaml).map(({ rule, status, subject }) => `${status} ${rule.id} ${subject.kind}`);
  const GLOBAL =
    "{apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: deny}, spec: {selector: 'has(app)', types: [Ingress, Egress]}}";

  it('is not repeated for its workloads', () => {
    expect(told(withContainer(''))).toEqual(['fail ns-without-netpol Namespace']);
    expect(told(withContainer(''), true)).toEqual(['fail ns-without-netpol Namespace', 'fail pod-without-netpol Deployment']);
  });

  it('is not repeated where it cannot be known', () => {
    const yaml = `${GLOBAL}\n---\n${withContainer('')}`;
    expect(told(yaml)).toEqual(['unknown ns-without-netpol Namespace']);
    expect(told(yaml, true)).toEqual(['unknown ns-without-netpol Namespace', 'unknown pod-without-netpol Deployment']);
  });
});

describe('where only is asked which rules fail', () => {
  const failing = (onlyWhether: boolean): string[] => {
    const ids: string[] = [];
    const objects = RULES.flatMap((rule) => rule.examples().bad.slice(0, 1)).flatMap(({ yaml }) => objectsOf(yaml));
    judge(clusterOf(objects), { rules: RULES, everyRule: true, onlyWhether }, ({ rule, status }) => {
      if (status === 'fail') ids.push(rule.id);
    });
    return ids;
  };

  it('finds the same ones, each asked until it fails', () => {
    const [all, some] = [failing(false), failing(true)];
    expect(new Set(some)).toEqual(new Set(all));
    expect(new Set(some).size).toBeGreaterThan(100);
    expect(some.length).toBeLessThan(all.length / 4);
  });
});

function workloadRule(id: string, keys: readonly (string | undefined)[], covers: readonly string[]): Rule {
  return defineRule({
    id,
    title: id,
    severity: 'low',
    area: 'pod-security',
    rationale: '',
    remedy: '',
    controls: [],
    covers,
    scope: 'workload',
    check: ({ podPath }) => keys.map((key): Hit => ({ message: id, path: podPath, ...(key !== undefined && { key }) })),
    examples: () => ({ good: [], bad: [] }),
  });
}

function judged(rules: readonly Rule[], everyRule = false, yaml = withContainer('')): Finding[] {
  const found: Finding[] = [];
  judge(clusterOf(objectsOf(yaml)), { rules, everyRule }, (finding) => found.push(finding));
  return found;
}

function summary(found: readonly Finding[]): string[] {
  return found.map(({ rule, key, also }) => [rule.id, key ?? '-', ...also.map((id) => `+${id}`)].join(' '));
}
