import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../test/rule-tester.ts';
import { Baseline, baselineText } from './baseline.ts';
import type { Finding } from './finding.ts';
import { RULES } from './index.ts';

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

  it('takes entries of a wrong type for unknown ones', () => {
    const baseline = Baseline.parse('{"schema": "castellan/baseline/v1", "findings": [null, 5, {}, {"fingerprint": ["x"]}]}', 'b.json');
    expect(findings('a').map((finding) => baseline.isNew(finding))).toEqual([true, true]);
  });
});
