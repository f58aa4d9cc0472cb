import { describe, expect, it } from 'vitest';
import { escapeMarkup } from './markup.ts';

describe('text inside markup', () => {
  it.each([
    [`<a href="x" title='y'>&amp;`, '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;'],
    ['a\u0000\u001b\u202eb', String.raw`a\u{0}\u{1b}\u{202e}b`],
    ['\ud800\uffff', '\\u{d800}\ufffd'],
    ['ü 中 😀', 'ü 中 😀'],
  ])('%j is written as %j', (text, escaped) => expect(escapeMarkup(text)).toBe(escaped));
});
