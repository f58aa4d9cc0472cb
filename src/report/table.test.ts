/** The screen and its long form: what they propose, and statuses that only --all shows. */
import { describe, expect, it } from 'vitest';
import { RULE, findingOf, report, snapshotOf, written } from '../../test/report-tester.ts';
import { FORMATS } from './formats.ts';
import { listWriter } from './list.ts';
import { tableWriter } from './table.ts';

const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { hostPID: true, containers: [] } };

describe('the next commands', () => {
  it.each([
    [['deploy'], /^next {10}castellan explain host-pid {4}castellan scan deploy -v {4}castellan scan deploy -f html=report\.html$/m],
    [['-'], /^next {10}castellan explain host-pid$/m],
    [['deploy', '-'], /^next {10}castellan explain host-pid$/m],
  ])('fit what was scanned: %j', async (targets, expected) => {
    const { texts } = await report(snapshotOf([POD]), ['table'], { targets });
    const [next] = /^next .*$/m.exec(texts.table ?? '') ?? [];
    expect(next?.replace(/explain \S+/, 'explain host-pid')).toMatch(expected);
  });

  it('are none when nothing fails', () => {
    expect(written(tableWriter, [findingOf({ status: 'pass' })])).not.toMatch(/^next/m);
  });
});

describe('statuses that only --all shows', () => {
  const all = (['not-applicable', 'pass', 'excepted', 'manual', 'unknown', 'fail'] as const).map((status) =>
    findingOf({ status, fingerprint: status.padEnd(16, '0') }),
  );

  it('stand below what fails, each by itself', () => {
    const labels = [...written(tableWriter, all).matchAll(/^(\S+) +Something is wrong +1 {3}/gm)].map(([, label]) => label);
    expect(labels).toEqual(['high', 'unknown', 'manual', 'excepted', 'pass', 'n/a']);
    const titles = [...written(listWriter, all).matchAll(/^(\S+) {2}Something is wrong {2}test-rule · 1 finding$/gm)];
    expect(titles.map(([, label]) => label)).toEqual(['high', 'unknown', 'manual', 'excepted', 'pass', 'not-applicable']);
  });

  it('are drawn together by their own name when they are many', () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      findingOf({ status: 'pass', severity: 'low', rule: { ...RULE, id: `rule-${index}` } }),
    );
    expect(written(tableWriter, [findingOf(), ...many])).toMatch(/^pass {6}6 more rules \(-v lists them\) +6$/m);
  });

  it.each(Object.keys(FORMATS))('are written by %s', (format) => {
    const factory = FORMATS[format];
    if (factory === undefined) throw new Error(format);
    const finding = findingOf({ status: 'not-applicable' });
    const onlyProblems = ['gitlab', 'github'].includes(format);
    const told =
      format === 'html' ? finding.fingerprint : format === 'sarif' ? '"notApplicable"' : format === 'table' ? 'n/a' : 'not-applicable';
    expect(written(factory, [finding]).includes(told)).toBe(!onlyProblems);
  });
});

describe('a name that looks like a command of a CI runner', () => {
  const COMMAND = '::error title=x::y';
  const objects = [COMMAND, `\u3000 ${COMMAND}`].flatMap((kind) => [
    { apiVersion: 'v1', kind, metadata: { name: 'a', namespace: COMMAND } },
    { ...POD, metadata: { name: COMMAND, namespace: COMMAND } },
    { ...POD, metadata: { name: 'web', namespace: '0'.repeat(90) } },
  ]);
  const formats = Object.keys(FORMATS).filter((format) => format !== 'github');

  it.each([undefined, `${COMMAND}.yaml`])('begins no line of a report: file %s', async (source) => {
    const { texts } = await report(snapshotOf(objects, source), formats, { all: true });
    expect(texts.list).toContain(String.raw`\u{3a}:error`);
    for (const format of formats) {
      const lines = (texts[format] ?? '').split('\n').filter((line) => line.trim().startsWith('::'));
      expect([format, lines.slice(0, 3)]).toEqual([format, []]);
    }
  });
});
