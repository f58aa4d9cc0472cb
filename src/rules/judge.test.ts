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
    expect(summary(judged([workloadRule('sharp', [undefined], ['blunt']), workloadRule('blunt', ['a', 'b'], [])]))).toEqual(['sharp - +blunt']);
    expect(summary(judged([workloadRule('sharp', ['a'], ['blunt']), workloadRule('blunt', [undefined], [])]))).toEqual(['sharp a +blunt']);
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
    const found = judged(RULES.filter((rule) => ids.has(rule.id)), false, yaml);
    expect(summary(found).toSorted()).toEqual([
      'host-path zone +volume-types',
      'host-path-sensitive etc +host-path +volume-types',
      'host-path-writable data +host-path +volume-types',
      'runtime-socket sock +host-path-writable +host-path +volume-types',
      'volume-types share',
    ]);
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
