import { describe, expect, it } from 'vitest';
import { findingOf, written } from '../../test/report-tester.ts';
import { readCsv } from '../../test/strict-readers.ts';
import { csvWriter } from './csv.ts';

describe('csv', () => {
  it('has a row for each finding, under a header', () => {
    const [row] = readCsv(written(csvWriter, [findingOf({ also: ['blunt', 'blunter'] })]));
    expect(row).toEqual({
      severity: 'high',
      status: 'fail',
      rule: 'test-rule',
      title: 'Something is wrong',
      area: 'pod-security',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      container: 'app',
      message: 'container "app" is wrong',
      file: 'deploy/web.yaml',
      line: '2',
      column: '8',
      path: 'spec.replicas',
      value: '1',
      fingerprint: '0123456789abcdef',
      also: 'blunt blunter',
      controls: 'cis-1.12 5.2.2, mitre-attack T1611',
      remedy: 'Mend it.',
      reason: '',
    });
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1'])('does not let %j be a formula', (message) => {
    const text = written(csvWriter, [findingOf({ message })]);
    expect(readCsv(text)[0]?.message).toMatch(/^(?:'|\\u\{)/);
  });

  it('keeps commas, quotes and line breaks inside of a cell', () => {
    const text = written(csvWriter, [findingOf({ message: 'a, "b"; c\r\nd' })]);
    expect(readCsv(text)[0]?.message).toBe(String.raw`a, "b"; c\u{d}\u{a}d`);
    expect(text.endsWith('\r\n')).toBe(true);
  });
});
