import { describe, expect, it } from 'vitest';
import { RULE, findingOf, written } from '../../test/report-tester.ts';
import { readXml } from '../../test/strict-readers.ts';
import { junitWriter } from './junit.ts';

describe('junit', () => {
  it('has a suite for each rule and a case for each finding', () => {
    const other = { ...RULE, id: 'other-rule' };
    const suites = readXml(
      written(junitWriter, [findingOf(), findingOf({ rule: other }), findingOf({ status: 'unknown', fingerprint: 'f'.repeat(16) })]),
    );
    expect(suites.attributes).toEqual({ name: 'castellan', tests: '3', failures: '2', errors: '0', skipped: '1' });
    expect(suites.children.map(({ attributes }) => [attributes.name, attributes.tests])).toEqual([
      ['other-rule: Something is wrong', '1'],
      ['test-rule: Something is wrong', '2'],
    ]);
    const [first] = suites.children[1]?.children ?? [];
    expect(first?.attributes).toEqual({
      classname: 'castellan.pod-security.test-rule',
      name: 'Deployment/shop/web (app) 0123456789abcdef',
      file: 'deploy/web.yaml',
      line: '2',
    });
    const [failure] = first?.children ?? [];
    expect(failure).toMatchObject({ name: 'failure', attributes: { message: 'container "app" is wrong', type: 'high' } });
    expect(failure?.text).toBe(
      'Container "app" is wrong.\ndeploy/web.yaml:2  spec.replicas\nWhat to do: Mend it.\ncis-1.12 5.2.2, mitre-attack T1611',
    );
  });

  it('skips what is undecided or excepted, and has a bare case for what passed', () => {
    const suites = readXml(
      written(junitWriter, [
        findingOf({ status: 'manual' }),
        findingOf({ status: 'excepted', reason: 'we know' }),
        findingOf({ status: 'pass', evidence: [] }),
      ]),
    );
    expect(suites.attributes).toMatchObject({ tests: '3', failures: '0', skipped: '2' });
    const cases = suites.children[0]?.children ?? [];
    expect(cases.map(({ children }) => children[0]?.attributes.message)).toEqual([
      'manual: container "app" is wrong',
      'excepted: container "app" is wrong (we know)',
      undefined,
    ]);
  });

  it('is a document also without findings', () => {
    expect(readXml(written(junitWriter, []))).toMatchObject({ name: 'testsuites', attributes: { tests: '0' } });
  });
});
