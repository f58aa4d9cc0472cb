import { describe, expect, it } from 'vitest';
import { findingOf, written } from '../../test/report-tester.ts';
import type { Finding } from '../rules/index.ts';
import { gitlabWriter } from './gitlab.ts';

function issues(findings: readonly Finding[]): { severity: string; fingerprint: string }[] {
  return JSON.parse(written(gitlabWriter, findings)) as { severity: string; fingerprint: string }[];
}

describe('gitlab', () => {
  it('has the fields of a code quality report', () => {
    expect(issues([findingOf()])).toEqual([
      {
        description: 'Container "app" is wrong. Deployment/shop/web (app)',
        check_name: 'test-rule',
        fingerprint: '0123456789abcdef',
        severity: 'critical',
        location: { path: 'deploy/web.yaml', lines: { begin: 2 } },
      },
    ]);
  });

  it('maps the severities', () => {
    const all = (['critical', 'high', 'medium', 'low', 'info'] as const).map((severity) => findingOf({ severity }));
    expect(issues([...all, findingOf({ status: 'unknown' })]).map(({ severity }) => severity)).toEqual([
      'blocker',
      'critical',
      'major',
      'minor',
      'info',
      'info',
    ]);
  });

  it('never gives one fingerprint twice, and leaves out what is no problem', () => {
    const all = issues([findingOf(), findingOf(), findingOf(), findingOf({ status: 'pass' }), findingOf({ status: 'excepted' })]);
    expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(3);
    expect(all).toHaveLength(3);
  });

  it('is an array also without findings', () => expect(issues([])).toEqual([]));
});
