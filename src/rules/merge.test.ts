import { describe, expect, it } from 'vitest';
import { cpuTimer } from '../../test/cpu-timer.ts';
import { clusterOf } from '../../test/rule-tester.ts';
import { Exceptions, type Finding, type JudgeOptions, RULES, judge } from './index.ts';

function judged(containers: readonly unknown[], options: Partial<JudgeOptions> = {}): Finding[] {
  const found: Finding[] = [];
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'shop' }, spec: { containers } };
  judge(clusterOf([object]), { rules: RULES, ...options }, (finding) => found.push(finding));
  return found.filter(({ status }) => status === 'fail');
}

const of = (found: readonly Finding[], rule: string): Finding[] => found.filter((finding) => finding.rule.id === rule);

describe('merging', () => {
  it('keeps apart containers that have no name', () => {
    const found = judged([
      { image: 'a:1', securityContext: { privileged: true } },
      { image: 'b:1', securityContext: { capabilities: { add: ['SYS_ADMIN'] } } },
    ]);
    expect(of(found, 'privileged').map(({ evidence }) => evidence[0]?.path)).toEqual(['spec.containers[0].securityContext.privileged']);
    expect(of(found, 'sys-admin').map(({ evidence }) => evidence[0]?.path)).toEqual([
      'spec.containers[1].securityContext.capabilities.add[0]',
    ]);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(found.length);
  });

  it('happens after exceptions, which take only what they name', () => {
    const container = { name: 'app', image: 'a:1', securityContext: { privileged: true } };
    const exceptions = new Exceptions([{ id: 'x', rules: ['privileged'], subject: { name: 'a' }, reason: 'known' }], '2026-01-01');
    expect(of(judged([container]), 'seccomp-missing')).toEqual([]);
    const found = judged([container], { except: (finding) => exceptions.apply(finding) });
    expect(of(found, 'privileged')).toEqual([]);
    expect(of(found, 'seccomp-missing')).toHaveLength(1);
    expect(of(found, 'allow-privilege-escalation')).toHaveLength(1);
  });

  it('tells what a finding stands for, each with its own fingerprint', () => {
    const [privileged] = of(judged([{ name: 'app', image: 'a:1', securityContext: { privileged: true } }]), 'privileged');
    expect(privileged?.also).toContain('seccomp-missing');
    expect(privileged?.covered.map(({ rule }) => rule.id)).toEqual(privileged?.also);
    expect(new Set(privileged?.covered.map(({ fingerprint }) => fingerprint)).size).toBe(privileged?.covered.length);
  });

  it('takes no more than time in proportion for a pod with thousands of containers', () => {
    const containers = (count: number): unknown[] =>
      Array.from({ length: count }, (_, index) => ({ name: `c${index}`, image: 'a:1', securityContext: { privileged: true } }));
    judged(containers(500));
    const time = (count: number): number => {
      const worked = cpuTimer();
      judged(containers(count), { rules: RULES.filter(({ area }) => area === 'pod-security') });
      return worked();
    };
    const small = time(1000);
    expect(time(4000)).toBeLessThan(Math.max(small, 20) * 12);
  });
});
