import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { type Finding, SEVERITIES, STATUSES, type Status } from './finding.ts';
import { FRAMEWORKS } from './frameworks.ts';
import { type Control, type Rule, cis, defineRule, pss } from './rule.ts';
import { type Ran, Tally } from './totals.ts';

function rule(id: string, controls: Control[]): Rule {
  return defineRule({
    id,
    title: id,
    severity: 'low',
    area: 'governance',
    rationale: '',
    remedy: '',
    controls,
    scope: 'cluster',
    check: () => undefined,
    examples: () => ({ good: [], bad: [] }),
  });
}

const finding = (of: Rule, status: Status, also: string[] = []): Finding =>
  ({ rule: of, status, severity: of.severity, also }) as unknown as Finding;

const A = rule('a', [...cis('5.2.2'), ...pss('baseline', 'privileged')]);
const B = rule('b', cis('5.2.2', '5.2.3'));
const C = rule('c', cis('5.2.4'));
const ALL = [A, B, C];

function ran(evaluated: string[], off: string[]): Ran {
  return { evaluated: new Set(evaluated), off: new Set(off), unanswered: () => 'not-applicable' };
}

function counted(
  findings: Finding[],
  evaluated: string[],
  off: string[] = [],
): { cis: Record<string, number>; cis2: Record<string, number>; pss: Record<string, number> } {
  const tally = new Tally();
  for (const each of findings) tally.add(each);
  const frameworks = tally.byFramework(ALL, FRAMEWORKS, ran(evaluated, off));
  const short = (id: string): Record<string, number> =>
    Object.fromEntries(Object.entries(frameworks[id] ?? {}).filter(([, count]) => count > 0));
  return { cis: short('cis-1.12'), cis2: short('cis-2.0'), pss: short('pss-baseline') };
}

describe('controls', () => {
  it.each<[string, Finding[], string[], Record<string, number>]>([
    ['that nothing was judged for do not apply', [], [], { 'not-applicable': 3 }],
    ['pass when a rule had subjects and said nothing', [], ['b'], { pass: 2, 'not-applicable': 1 }],
    ['fail by one rule of two', [finding(A, 'fail')], ['a', 'b'], { fail: 1, pass: 1, 'not-applicable': 1 }],
    ['fail rather than are unknown', [finding(A, 'unknown'), finding(B, 'fail')], ['a', 'b'], { fail: 2, 'not-applicable': 1 }],
    ['are unknown rather than manual', [finding(C, 'manual'), finding(C, 'unknown')], ['c'], { unknown: 1, 'not-applicable': 2 }],
    ['are manual rather than excepted', [finding(C, 'excepted'), finding(C, 'manual')], ['c'], { manual: 1, 'not-applicable': 2 }],
    ['are excepted rather than pass', [finding(C, 'excepted')], ['c'], { excepted: 1, 'not-applicable': 2 }],
    ['fail by what a sharper finding stands for', [finding(A, 'fail', ['c'])], ['a', 'c'], { fail: 2, 'not-applicable': 1 }],
  ])('%s', (_name, findings, evaluated, expected) => expect(counted(findings, evaluated).cis).toEqual(expected));

  it('of rules that are switched off are still counted, as unknown unless another rule failed', () => {
    expect(counted([], ['b'], ['c']).cis).toEqual({ pass: 2, unknown: 1 });
    // The other rule that answers it has passed, but it is half of the answer.
    expect(counted([], ['a', 'c'], ['b']).cis).toEqual({ unknown: 2, pass: 1 });
    expect(counted([finding(A, 'fail')], ['a', 'c'], ['b']).cis).toEqual({ fail: 1, unknown: 1, pass: 1 });
  });

  it('of an edition that is judged the same way count alike', () => {
    const { cis: old, cis2 } = counted([finding(A, 'fail')], ['a', 'b', 'c']);
    expect(cis2).toEqual(old);
  });

  it('are counted once each, whatever is found', () => {
    const findings = fc.array(fc.tuple(fc.constantFrom(...ALL), fc.constantFrom(...STATUSES)).map(([of, status]) => finding(of, status)));
    const property = fc.property(findings, fc.subarray(['a', 'b', 'c']), (given, evaluated) => {
      const { cis: counts, pss: levels } = counted(given, evaluated);
      const sum = (all: Record<string, number>): number => Object.values(all).reduce((total, count) => total + count, 0);
      expect(sum(counts)).toBe(3);
      expect(sum(levels)).toBe(1);
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('are counted for every framework', () => {
    expect(Object.keys(new Tally().byFramework(ALL, FRAMEWORKS, ran([], [])))).toEqual(FRAMEWORKS.map(({ id }) => id));
  });
});

describe('findings', () => {
  it('are counted by status; failing ones by severity', () => {
    const tally = new Tally();
    for (const each of [finding(A, 'fail'), finding(A, 'fail'), finding(B, 'unknown'), finding(C, 'excepted')]) tally.add(each);
    expect(tally.byStatus).toEqual({ fail: 2, unknown: 1, manual: 0, excepted: 1, pass: 0, 'not-applicable': 0 });
    expect(tally.bySeverity).toEqual({ ...Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])), low: 2 });
  });

  it('count the same whether they are told or only counted', () => {
    const told = new Tally();
    for (const each of [finding(A, 'pass'), finding(A, 'pass'), finding(B, 'not-applicable')]) told.add(each);
    const untold = new Tally();
    untold.addUntold([
      { rule: A, status: 'pass', count: 2 },
      { rule: B, status: 'not-applicable', count: 1 },
    ]);
    expect(untold.byStatus).toEqual(told.byStatus);
    expect(untold.byComponent).toEqual(told.byComponent);
    expect(untold.byFramework(ALL, FRAMEWORKS, ran([], []))).toEqual(told.byFramework(ALL, FRAMEWORKS, ran([], [])));
  });
});
