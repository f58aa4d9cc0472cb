import { describe, expect, it } from 'vitest';
import { RULE, findingOf, written } from '../../test/report-tester.ts';
import type { Finding } from '../rules/index.ts';
import { sarifWriter } from './sarif.ts';

interface Log {
  runs: {
    results: Record<string, unknown>[];
    tool: { driver: { rules: { id: string; properties: { 'security-severity': string; tags: string[] } }[] } };
    taxonomies: { name: string; taxa: { id: string }[] }[];
    invocations: { toolExecutionNotifications: { level: string; message: { text: string } }[] }[];
    automationDetails: { id: string };
  }[];
}

function run(findings: readonly Finding[], totals = {}): Log['runs'][number] {
  const [first] = (JSON.parse(written(sarifWriter, findings, totals)) as Log).runs;
  if (first === undefined) throw new Error('no run');
  return first;
}

describe('sarif', () => {
  it('says what GitHub needs of a result', () => {
    const { results, tool } = run([findingOf()]);
    expect(results[0]).toMatchObject({
      ruleId: 'test-rule',
      ruleIndex: 0,
      kind: 'fail',
      level: 'error',
      message: { text: 'Container "app" is wrong. Deployment/shop/web (app), spec.replicas' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'deploy/web.yaml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 2, startColumn: 8 },
          },
        },
      ],
      partialFingerprints: { primaryLocationLineHash: '0123456789abcdef:1', 'castellan/v1': '0123456789abcdef' },
    });
    expect(tool.driver.rules[0]).toMatchObject({
      id: 'test-rule',
      shortDescription: { text: 'Something is wrong' },
      fullDescription: { text: 'It breaks.' },
      help: {
        text: expect.stringContaining('Mend it.') as string,
        markdown: expect.stringContaining('castellan explain test-rule') as string,
      },
      defaultConfiguration: { level: 'error' },
      properties: {
        'security-severity': '8.0',
        precision: 'high',
        tags: ['security', 'kubernetes', 'pod-security', 'cis-1.12/5.2.2', 'mitre-attack/T1611'],
      },
    });
  });

  it('keeps the most severe results of too many and says how many are left out', () => {
    const many = [
      ...Array(24_999).fill(findingOf({ severity: 'low' })),
      ...Array(50).fill(findingOf({ severity: 'critical' })),
    ] as Finding[];
    const { results, invocations } = run(many);
    expect(results).toHaveLength(25_000);
    expect(results.slice(0, 50).every(({ ruleId }) => ruleId === 'test-rule/critical')).toBe(true);
    expect(invocations[0]?.toolExecutionNotifications[0]?.message.text).toContain('49 results are left out');
  });

  it('gives a severity other than the rule’s a rule of its own, since GitHub reads it there', () => {
    const { results, tool } = run([findingOf(), findingOf({ severity: 'low' }), findingOf({ severity: 'critical' })]);
    expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ['test-rule/critical', 'error'],
      ['test-rule', 'error'],
      ['test-rule/low', 'note'],
    ]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[Number(ruleIndex)]?.id).toBe(ruleId);
    expect(tool.driver.rules.map(({ properties }) => properties['security-severity'])).toEqual(['8.0', '3.0', '9.5']);
  });

  it('has a kind for what is not a failure, and suppresses what is excepted', () => {
    const { results } = run([
      findingOf({ status: 'unknown' }),
      findingOf({ status: 'manual' }),
      findingOf({ status: 'pass' }),
      findingOf({ status: 'excepted', reason: 'we know' }),
    ]);
    expect(results.map(({ kind, level }) => [kind, level])).toEqual([
      ['open', 'none'],
      ['review', 'none'],
      ['fail', 'error'],
      ['pass', 'none'],
    ]);
    expect(results[2]).toMatchObject({ suppressions: [{ kind: 'external', status: 'accepted', justification: 'we know' }] });
  });

  it('tells equal fingerprints apart', () => {
    const { results } = run([findingOf(), findingOf()]);
    const all = results.map(({ partialFingerprints }) => partialFingerprints as Record<string, string>);
    expect(all.map(({ primaryLocationLineHash }) => primaryLocationLineHash)).toEqual(['0123456789abcdef:1', '0123456789abcdef:2']);
    expect(new Set(all.map((fingerprints) => fingerprints['castellan/v1'])).size).toBe(2);
  });

  it('names the frameworks as taxonomies, and points every rule at their entries', () => {
    const { taxonomies, tool } = run([findingOf()]);
    expect(taxonomies.map(({ name, taxa }) => [name, taxa])).toEqual([
      ['cis-1.12', [{ id: '5.2.2' }]],
      ['mitre-attack', [{ id: 'T1611' }]],
    ]);
    expect(tool.driver.rules[0]).toMatchObject({
      relationships: [
        { target: { id: '5.2.2', toolComponent: { name: 'cis-1.12', index: 0 } } },
        { target: { id: 'T1611', toolComponent: { index: 1 } } },
      ],
    });
  });

  it('has at most ten tags, encodes addresses and makes no links of names', () => {
    const rule = { ...RULE, controls: Array.from({ length: 20 }, (_, index) => ({ framework: 'cis-1.12', id: `5.2.${index}` })) };
    const { results, tool } = run([findingOf({ rule, source: 'a b/ü#?%.yaml', message: 'see [this](http://evil.example)' })]);
    expect(tool.driver.rules[0]?.properties.tags).toHaveLength(10);
    expect(results[0]).toMatchObject({ locations: [{ physicalLocation: { artifactLocation: { uri: 'a%20b/%C3%BC%23%3F%25.yaml' } } }] });
    expect(JSON.stringify(results)).not.toContain('](');
  });

  it('tells the gaps', () => {
    const { invocations } = run([], { gaps: [{ scope: 'a.yaml', code: 'yaml-syntax', reason: 'it is torn', effect: 'not judged' }] });
    expect(invocations[0]?.toolExecutionNotifications).toEqual([
      { descriptor: { id: 'yaml-syntax' }, level: 'warning', message: { text: 'a.yaml: it is torn; not judged' } },
    ]);
  });
});
