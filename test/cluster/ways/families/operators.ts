/** What operators do on behalf of whoever writes their custom resources. */
import type { TriedFamily } from '../way.ts';

export const family: TriedFamily = { ways: [], untried: { OPERATOR_DEPUTY: 'the test cluster has no operator' } };
