/** Taking over what answers a webhook that exists already. */
import type { TriedFamily } from '../way.ts';

export const family: TriedFamily = {
  ways: [],
  untried: { WEBHOOK_BACKEND_TAKEOVER: 'no image of the test nodes serves TLS; MUTATING_WEBHOOK is executed, which gives the same' },
};
