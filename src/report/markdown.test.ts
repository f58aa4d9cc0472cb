import { describe, expect, it } from 'vitest';
import { RULE, findingOf, written } from '../../test/report-tester.ts';
import { codeSpan, escapeMarkdown } from './markdown-escape.ts';
import { markdownWriter } from './markdown.ts';

describe('markdown', () => {
  it('has a headline, a table by rule and the findings folded below', () => {
    const text = written(markdownWriter, [findingOf(), findingOf({ subject: { ...findingOf().subject, name: 'api' } })]);
    expect(text).toContain('### Castellan: 2 findings in `deploy`');
    expect(text).toContain('| 🔴 high | Something is wrong `test-rule` | 2 | `shop/web` `shop/api` |');
    expect(text).toContain('<details><summary>high: Something is wrong (2)</summary>');
    expect(text).toContain('- `Deployment/shop/web (app)` `deploy/web.yaml:2`: container "app" is wrong');
    expect(text).not.toContain('are listed above');
  });

  it('stays below what can be posted, and says what was cut', () => {
    const rules = Array.from({ length: 400 }, (_, index) => ({ ...RULE, id: `rule-${index}`, remedy: 'Mend it. '.repeat(80) }));
    const text = written(
      markdownWriter,
      rules.flatMap((rule) => Array.from({ length: 20 }, () => findingOf({ rule }))),
    );
    expect(text.length).toBeLessThan(60_000);
    const [, listed, all] = /(\d+) of (\d+) findings are listed above/.exec(text) ?? [];
    expect([Number(listed), all]).toEqual([(text.match(/^- `Deployment/gm) ?? []).length, '8000']);
    const [, cut] = /(\d+) rows of the table did not fit/.exec(text) ?? [];
    expect(Number(cut) + (text.match(/^\| 🔴/gm) ?? []).length).toBe(400);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  it('tells gaps, exceptions and the baseline', () => {
    const text = written(markdownWriter, [], {
      gaps: [{ scope: 'a.yaml', code: 'yaml-syntax', reason: 'it is torn', effect: 'not judged' }],
      exceptions: { used: 2, unused: ['old'], expired: ['gone'], disabled: [] },
      baseline: { new: 1, known: 2, gone: 3 },
    });
    expect(text).toContain('### Castellan: nothing found in `deploy`');
    expect(text).toContain('- `a.yaml`: it is torn; not judged');
    expect(text).toContain(
      'baseline: 1 new, 2 known, 3 gone · 2 findings excepted · expired exceptions: `gone` · exceptions that match nothing: `old`',
    );
  });

  it('says when findings are kept back by the severity asked for', () => {
    const byStatus = { fail: 9, unknown: 0, manual: 0, excepted: 0, pass: 0, 'not-applicable': 0 };
    expect(written(markdownWriter, [findingOf()], { byStatus })).toContain('8 findings below the severity asked for are not in the table');
  });
});

describe('text in markdown', () => {
  it.each([
    ['a|b', String.raw`a\|b`],
    ['<img src=x>', String.raw`&lt;img src=x&gt;`],
    ['[a](b)', String.raw`\[a\]\(b\)`],
    ['@octocat #12', '@\u200boctocat #\u200b12'],
    ['http://evil.example www.evil.example', 'http:\u200b//evil.example www\u200b.evil.example'],
    ['a\nb', String.raw`a\\u\{a\}b`],
    ['&#64;x', '&amp;#\u200b64;x'],
  ])('%j is written as %j', (text, escaped) => expect(escapeMarkdown(text)).toBe(escaped));

  it.each([
    ['plain', '`plain`'],
    ['a`b', '``a`b``'],
    ['`a`', '`` `a` ``'],
    ['a|b', String.raw`\`a\|b\``.replaceAll('\\`', '`')],
    ['', ''],
  ])('%j is the code %j', (text, code) => expect(codeSpan(text)).toBe(code));
});
