import { describe, expect, it } from 'vitest';
import { findingOf, written } from '../../test/report-tester.ts';
import { readAnnotations } from '../../test/strict-readers.ts';
import { githubWriter } from './github.ts';

describe('github', () => {
  it('annotates the line', () => {
    const text = written(githubWriter, [findingOf()]);
    expect(text.split('\n')[0]).toBe(
      '::error file=deploy/web.yaml,line=2,col=8,title=Something is wrong (high)::Container "app" is wrong. Deployment/shop/web (app). Mend it. [test-rule 0123456789abcdef]',
    );
    expect(text).toContain('\ncastellan: 1 finding (1 high) · coverage 100 %: 1 of 1 document judged\n');
  });

  it('puts the most severe first, with the commands by severity', () => {
    const all = (['info', 'low', 'medium', 'high', 'critical'] as const).map((severity) => findingOf({ severity }));
    expect(readAnnotations(written(githubWriter, [findingOf({ status: 'unknown' }), ...all])).map(({ command }) => command)).toEqual([
      'error',
      'error',
      'warning',
      'notice',
      'notice',
      'notice',
    ]);
  });

  it('escapes what ends a property or a line', () => {
    const text = written(githubWriter, [findingOf({ source: 'a,b:c%/x.yaml', message: '100% wrong: a,b' })]);
    expect(text).toContain('file=a%2Cb%3Ac%25/x.yaml,line=2');
    expect(text).toContain('::100%25 wrong: a,b. ');
    const [annotation] = readAnnotations(text);
    expect(annotation?.properties.file).toBe('a,b:c%/x.yaml');
    expect(annotation?.message).toContain('100% wrong: a,b.');
  });

  it('names no file where there is none, and says when GitHub will show only a part', () => {
    const text = written(
      githubWriter,
      Array.from({ length: 11 }, () => findingOf({ source: '-' })),
    );
    expect(readAnnotations(text).every(({ properties }) => properties.file === undefined)).toBe(true);
    expect(text).toContain('GitHub shows the first 10 errors of a step');
  });

  it('says nothing of what passed', () => expect(readAnnotations(written(githubWriter, [findingOf({ status: 'pass' })]))).toEqual([]));
});
