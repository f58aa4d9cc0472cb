import { describe, expect, it } from 'vitest';
import { isHere } from './corpora.ts';
import { QUERIES, answerQueries, queryDifferences } from './policy-queries.ts';

describe.skipIf(!isHere(QUERIES))('questions about sets of policies (need ../shared/corpora)', () => {
  it('are answered as recorded, but for what is explained', async () => {
    const { answered } = await answerQueries();
    expect(answered.length).toBeGreaterThanOrEqual(48);
    const differing = answered.filter(({ theirs, ours }) => theirs !== ours).map(({ case: id, name, ours }) => ({ case: id, name, ours }));
    expect(differing).toEqual(queryDifferences().map(({ case: id, name, ours }) => ({ case: id, name, ours })));
  });
});
