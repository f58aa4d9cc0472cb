import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuTimer } from '../../test/cpu-timer.ts';
import { clusterOf } from '../../test/rule-tester.ts';
import { RUNS } from '../../test/runs.ts';
import { type Exception, type ExceptionSubject, Exceptions } from './exceptions.ts';
import type { Finding } from './finding.ts';
import { type Rule, defineRule } from './rule.ts';
import { judge } from './judge.ts';

const TODAY = '2027-06-15';

function rule(id: string, scope: 'workload' | 'container' | 'namespace' | 'cluster'): Rule {
  const header = {
    id,
    title: id,
    severity: 'low',
    area: 'governance',
    rationale: '',
    remedy: '',
    controls: [],
    examples: () => ({ good: [], bad: [] }),
  } as const;
  return defineRule({ ...header, scope, check: () => ({ message: id, path: '' }) });
}
const RULES = [rule('w', 'workload'), rule('c', 'container'), rule('n', 'namespace'), rule('k', 'cluster')];

const OBJECTS = [
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly', namespace: 'shop', labels: { app: 'outer' } },
    spec: { jobTemplate: { spec: { template: { metadata: { labels: { app: 'inner' } }, spec: { containers: [{ name: 'main' }] } } } } },
  },
];

function findings(objects: readonly unknown[] = OBJECTS): Finding[] {
  const found: Finding[] = [];
  judge(clusterOf(objects), { rules: RULES }, (finding) => found.push(finding));
  return found;
}

const exception = (more: Partial<Exception>): Exception => ({ id: 'e', rules: [], reason: 'because', ...more });

/** The rules whose findings an exception covers. */
function excepted(more: Partial<Exception>, objects?: readonly unknown[]): string[] {
  const exceptions = new Exceptions([exception(more)], TODAY);
  const found = findings(objects);
  for (const finding of found) exceptions.apply(finding);
  return found.filter(({ status }) => status === 'excepted').map((finding) => finding.rule.id);
}

/** Every rule ran. */
const RAN = { has: () => true } as unknown as ReadonlySet<string>;

describe('an exception covers', () => {
  it.each<[string, Partial<Exception>, string[]]>([
    ['the rule that it names', { rules: ['w'], subject: { name: '*' } }, ['w']],
    ['several rules', { rules: ['w', 'c'], subject: { name: '*' } }, ['c', 'w']],
    ['every rule on a subject', { subject: { kind: 'CronJob' } }, ['c', 'w']],
    ['a container', { subject: { container: 'main' } }, ['c']],
    ['a container by pattern', { subject: { container: 'm*' } }, ['c']],
    ['a namespace and what is inside', { subject: { namespace: 'shop' } }, ['c', 'n', 'w']],
    ['a namespace by pattern', { subject: { namespace: 's*p' } }, ['c', 'n', 'w']],
    ['nothing in another namespace', { subject: { namespace: 'ops' } }, []],
    ['the namespace itself', { subject: { kind: 'Namespace', name: 'shop' } }, ['n']],
    ['a label of the object', { subject: { labels: { app: 'outer' } } }, ['c', 'w']],
    ['a label of its pods', { subject: { labels: { app: 'inner' } } }, ['c', 'w']],
    ['nothing with another value', { subject: { labels: { app: 'x' } } }, []],
    ['nothing with one label of two', { subject: { labels: { app: 'inner', x: 'y' } } }, []],
    ['nothing by what objects inherit', { subject: { labels: { constructor: 'x' } } }, []],
  ])('%s', (_name, more, expected) => expect(excepted(more).toSorted()).toEqual(expected));

  it('a finding by its fingerprint', () => {
    const fingerprint = findings().find((finding) => finding.rule.id === 'c')?.fingerprint ?? '';
    expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(excepted({ fingerprint })).toEqual(['c']);
    expect(excepted({ fingerprint, rules: ['w'] })).toEqual([]);
  });

  it('no object of an unknown kind whose labels are of a wrong type', () => {
    const odd = {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'x' },
      spec: { template: { metadata: { labels: null } } },
    };
    expect(excepted({ subject: { labels: { a: 'b' } } }, [odd])).toEqual([]);
  });
});

describe('its end', () => {
  it.each<[string, string | undefined, string[], string[]]>([
    ['in the future', '2027-06-16', ['w'], []],
    ['today', TODAY, ['w'], []],
    ['yesterday', '2027-06-14', [], ['e']],
    ['none', undefined, ['w'], []],
  ])('%s', (_name, expires, covered, expired) => {
    const exceptions = new Exceptions(
      [exception({ rules: ['w'], subject: { name: '*' }, ...(expires !== undefined && { expires }) })],
      TODAY,
    );
    const found = findings();
    for (const finding of found) exceptions.apply(finding);
    expect(found.filter(({ status }) => status === 'excepted').map((finding) => finding.rule.id)).toEqual(covered);
    expect(exceptions.summary(RAN)).toEqual({ used: covered.length, unused: [], expired });
  });
});

describe('the summary', () => {
  it('tells what was used, by the first that holds, and what matches nothing', () => {
    const all = [
      exception({ id: 'old', rules: ['w'], subject: { name: '*' }, expires: '2001-01-01' }),
      exception({ id: 'now', rules: ['w'], subject: { name: '*' }, reason: 'now' }),
      exception({ id: 'also', rules: ['w'], subject: { name: '*' } }),
      exception({ id: 'none', subject: { name: 'absent' } }),
    ];
    const exceptions = new Exceptions(all, TODAY);
    const found = findings();
    for (const finding of found) exceptions.apply(finding);
    expect(found.find((finding) => finding.rule.id === 'w')?.reason).toBe('now');
    expect(exceptions.summary(RAN)).toEqual({ used: 1, unused: ['also', 'none'], expired: ['old'] });
  });

  it('does not count what passes', () => {
    const exceptions = new Exceptions([exception({ subject: { name: '*' } })], TODAY);
    const [finding] = findings();
    if (finding === undefined) throw new Error('no finding');
    finding.status = 'pass';
    exceptions.apply(finding);
    expect(finding.status).toBe('pass');
    expect(exceptions.summary(RAN)).toEqual({ used: 0, unused: ['e'], expired: [] });
  });
});

describe('patterns', () => {
  const named = (name: string): unknown => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'n' }, spec: {} });
  const covers = (pattern: ExceptionSubject['name'] & string, name: string): boolean =>
    excepted({ rules: ['w'], subject: { name: pattern } }, [named(name)]).length > 0;

  it.each<[string, string, boolean]>([
    ['web', 'web', true],
    ['web', 'web-1', false],
    ['web*', 'web', true],
    ['*b', 'web', true],
    ['w*b', 'wb', true],
    ['w*w', 'w', false],
    ['a*a*a', 'aa', false],
    ['a*a*a', 'aaa', true],
    ['*a*b*', 'xaxbx', true],
    ['*a*b*', 'xbxax', false],
    ['a.c', 'abc', false],
    ['a+', 'aa', false],
    ['(x', '(x', true],
    ['**', 'x', true],
  ])('%s and %s', (pattern, name, expected) => expect(covers(pattern, name)).toBe(expected));

  it('agree with a regular expression', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '.', '-'), { maxLength: 6 }).map((parts) => parts.join(''));
    const pattern = fc.array(fc.constantFrom('a', 'b', '.', '*'), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    const property = fc.property(
      pattern,
      text.filter((name) => name !== ''),
      (given, name) => {
        const expected = new RegExp(`^${given.replaceAll('.', String.raw`\.`).replaceAll('*', '.*')}$`).test(name);
        expect(covers(given, name)).toBe(expected);
      },
    );
    fc.assert(property, { numRuns: RUNS });
  });

  it('with many stars are not slow', () => {
    const worked = cpuTimer();
    expect(covers('*a'.repeat(40), 'a'.repeat(5000) + 'b')).toBe(false);
    expect(worked()).toBeLessThan(1000);
  });
});
