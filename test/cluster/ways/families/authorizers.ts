/** An API server that asks nobody. */
import type { TriedFamily } from '../way.ts';

export const family: TriedFamily = {
  ways: [],
  untried: { ALWAYS_ALLOW: 'every other way is tried on an API server that asks RBAC, and this one takes another' },
};
