import { describe, expect, it } from 'vitest';
import { RULE, findingOf, written } from '../../test/report-tester.ts';
import { embeddable } from './embeddable.ts';
import { htmlWriter } from './html.ts';

interface Page {
  texts: string[];
  rules: unknown[][];
  findings: [
    number,
    number,
    number,
    number,
    number,
    string,
    [number, number, number, number, [number, number, number][]?][],
    number[],
    number,
    unknown,
    number,
  ][];
}

function dataOf(html: string): Page {
  return JSON.parse(/id="data">([^<]*)</.exec(html)?.[1] ?? '') as Page;
}

describe('html', () => {
  it('holds each finding with its lines, its value and its change', () => {
    const change = {
      effort: 'low' as const,
      patches: [
        { target: 'Deployment/shop/web', operation: 'patch' as const, patch: [{ op: 'add' as const, path: '/spec/replicas', value: 2 }] },
      ],
    };
    const { texts, rules, findings } = dataOf(written(htmlWriter, [findingOf({ change }), findingOf({ fingerprint: 'f'.repeat(16) })]));
    expect(rules).toHaveLength(1);
    expect(findings.map(([, , , , , fingerprint]) => fingerprint)).toEqual(['0123456789abcdef', 'f'.repeat(16)]);
    const [file = -1, line, path = -1, value = -1, lines = []] = findings[0]?.[6][0] ?? [];
    expect([texts[file], line, texts[path], texts[value]]).toEqual(['deploy/web.yaml', 2, 'spec.replicas', '1']);
    expect(lines.map(([number, text, marked]) => [number, texts[text], marked])).toEqual([[2, 'spec: {replicas: 1}', 1]]);
    expect(texts).toContain('[{"op":"add","path":"/spec/replicas","value":2}]');
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('shows the lines of a masked value to nobody', () => {
    const finding = findingOf({ text: 'kind: Secret\nspec: {replicas: hunter2hunter2}\n' });
    const masked = {
      ...finding,
      evidence: finding.evidence.map((evidence) => ({ ...evidence, value: 'hun*** (14 characters)', masked: true })),
    };
    expect(written(htmlWriter, [finding])).toContain('hunter2hunter2');
    expect(written(htmlWriter, [masked])).not.toContain('hunter2');
  });

  it('reads without a script: counts, worst rules, all rules, coverage', () => {
    const markup = written(htmlWriter, [findingOf(), findingOf({ severity: 'low' }), findingOf({ status: 'unknown' })]).replace(
      /<script[^]*?<\/script>/g,
      '',
    );
    expect(markup).toContain('<h2><b>2</b> findings</h2>');
    expect(markup).toContain('aria-label="0 critical, 1 high, 0 medium, 1 low, 0 info"');
    expect(markup).toContain('<b>1</b> could not be decided');
    expect(markup.match(/Something is wrong <code>test-rule<\/code>/g)).toHaveLength(3);
    expect(markup).toContain('Everything that was read was judged.');
  });

  it('takes the words of rules for text, since anybody may have written one', () => {
    const words = '<img src=x>';
    const rule = { ...RULE, id: words, title: words, rationale: words, remedy: words };
    expect(written(htmlWriter, [findingOf({ rule })])).not.toContain(words);
  });

  it('counts what is in the file and says what is not', () => {
    const byStatus = { fail: 9, unknown: 0, manual: 0, excepted: 0, pass: 0, 'not-applicable': 0 };
    const text = written(htmlWriter, [findingOf()], { byStatus });
    expect(text).toContain('<h2><b>1</b> finding</h2>');
    expect(text).toContain('8 findings below the severity asked for are not in this file');
  });

  it('is a page also without findings', () => {
    expect(written(htmlWriter, [])).toContain('Nothing failed.');
  });

  it('embeds data that cannot end its element', () => {
    expect(embeddable({ a: '</script><!--' })).toBe(String.raw`{"a":"\u003c/script>\u003c!--"}`);
    expect(JSON.parse(embeddable({ a: '</script>' }))).toEqual({ a: '</script>' });
  });
});
