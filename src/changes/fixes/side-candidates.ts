/** Changes that close no way and are worth making all the same, those that do most for what they cost first. */
import type { Change } from '../../rules/index.ts';
import type { Evidence } from '../prove.ts';
import type { State } from '../state.ts';
import { type Candidate, type Offer, offerOf } from './candidate.ts';
import { networkCandidates } from './from-network.ts';
import { nodeCandidates } from './from-nodes.ts';
import { ruleCandidates } from './from-rules.ts';
import { splitsOf } from './from-shared.ts';
import { WORTH_OF_RIGHT, useCandidates } from './from-use.ts';
import { voidCandidates } from './from-void.ts';

const COST: Readonly<Record<Change['effort'], number>> = { low: 1, medium: 2, high: 4 };

/** Made one by one, as most are not asked for. */
export function* sideCandidates(state: State, evidence: Evidence): Generator<Candidate> {
  const offers = [
    ...voidCandidates(state),
    ...useCandidates(state, evidence),
    ...ruleCandidates(state),
    ...nodeCandidates(state),
    ...networkCandidates(state, evidence),
    ...splitsOf(state, evidence).map(({ candidate, dropped }) => offerOf(candidate, WORTH_OF_RIGHT * dropped)),
  ];
  const value = ({ worth, effort }: Offer): number => worth / COST[effort];
  for (const { make } of offers.toSorted((a, b) => value(b) - value(a))) {
    const candidate = make();
    if (candidate?.owner.restored === false) yield candidate;
  }
}
