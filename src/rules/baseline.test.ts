import { describe, expect, it } from 'vitest';
import { clusterOf, findingsOf } from '../../test/rule-tester.ts';
import { Baseline, baselineText } from './baseline.ts';
import type { Finding } from './finding.ts';
import { RULES, judge } from './index.ts';

const pod = (name: string): unknown => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  spec: { hostPID: true, containers: [{ name: 'app', securityContext: { privileged: true } }] },
});

function findings(...names: string[]): Finding[] {
  return RULES.filter(({ id }) => id === 'host-pid' || id === 'privileged').flatMap((rule) => findingsOf(rule, names.map(pod)));
}

describe('a baseline', () => {
  it('is one finding a line, in an order of its own', () => {
    const text = baselineText(findings('b', 'a'));
    const lines = text
      .trim()
      .split('\n')
      .slice(1, -1)
      .map((line) => JSON.parse(line.replace(/,$/, '')) as { rule: string; subject: string });
    expect(lines.map(({ rule, subject }) => `${rule} ${subject}`)).toEqual([
      'host-pid Pod/shop/a',
      'host-pid Pod/shop/b',
      'privileged Pod/shop/a app',
      'privileged Pod/shop/b app',
    ]);
    expect(baselineText(findings('a', 'b').toReversed())).toBe(text);
    expect(JSON.parse(text)).toMatchObject({ schema: 'castellan/baseline/v1' });
  });

  it('holds what fails and nothing else', () => {
    const [finding] = findings('a');
    if (finding === undefined) throw new Error('no finding');
    finding.status = 'excepted';
    expect(JSON.parse(baselineText([finding]))).toEqual({ schema: 'castellan/baseline/v1', findings: [] });
  });

  it('knows again what it was written from', () => {
    const baseline = Baseline.parse(baselineText(findings('a', 'b')), 'b.json');
    expect(findings('a').map((finding) => baseline.isNew(finding))).toEqual([false, false]);
    expect(findings('c').map((finding) => baseline.isNew(finding))).toEqual([true, true]);
    expect(baseline.summary()).toEqual({ new: 2, known: 2, gone: 2 });
  });

  it.each<[string, string]>([
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['another document', '{"schema": "castellan/scan/v1", "findings": []}'],
    ['no findings', '{"schema": "castellan/baseline/v1"}'],
    ['findings that are no list', '{"schema": "castellan/baseline/v1", "findings": {}}'],
  ])('is not: %s', (_name, text) => {
    expect(() => Baseline.parse(text, 'b.json')).toThrow(expect.objectContaining({ code: 'CAS_BASELINE', exit: 2 }) as Error);
  });

  it.each([
    'null',
    '5',
    '{}',
    '{"fingerprint": ["x"], "count": 1, "severity": "low"}',
    '{"fingerprint": "x", "count": 1, "severity": "bad"}',
  ])('refuses a file with the entry %s', (entry) => {
    expect(() => Baseline.parse(`{"schema": "castellan/baseline/v1", "findings": [${entry}]}`, 'b.json')).toThrow(/no baseline/);
  });

  it('finds one more of the same new, and one that became worse', () => {
    const baseline = Baseline.parse(baselineText(findings('a')), 'b.json');
    expect([...findings('a'), ...findings('a')].map((finding) => baseline.isNew(finding))).toEqual([false, false, true, true]);
    const worse = Baseline.parse(baselineText(findings('a').map((finding) => Object.assign(finding, { severity: 'low' }))), 'b.json');
    expect(findings('a').map((finding) => worse.isNew(finding))).toEqual([true, true]);
  });

  it('knows what a finding stood for, once that one is mended', () => {
    const judged = (privileged: boolean): Finding[] => {
      const found: Finding[] = [];
      const spec = { containers: [{ name: 'app', image: 'registry.example.com/a:1', securityContext: { privileged } }] };
      const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'shop' }, spec };
      judge(clusterOf([object]), { rules: RULES }, (finding) => found.push(finding));
      return found.filter(({ status }) => status === 'fail');
    };
    const baseline = Baseline.parse(baselineText(judged(true)), 'b.json');
    expect(
      judged(false)
        .filter((finding) => baseline.isNew(finding))
        .map(({ rule }) => rule.id),
    ).toEqual([]);
  });
});
