/** Roles that hold more than anybody was seen using: the rules that are left where the record tells what is used. */
import type { Role } from '../../engines/rbac/index.ts';
import { plural } from '../../lib/terminal.ts';
import type { Asked } from '../../record/index.ts';
import { refOf } from '../../model/index.ts';
import { type Evidence, proveRequests } from '../prove.ts';
import { RBAC_KINDS } from '../touched.ts';
import { thoseThatFit } from '../overlay.ts';
import { ownerOf } from '../ownership.ts';
import type { State } from '../state.ts';
import { type Candidate, type Offer, candidateOf, offerOf, placeOf } from './candidate.ts';
import { replacing } from './rule-without.ts';
import { usedRules } from './used-rules.ts';
import { Uses } from './uses.ts';

const MOST_ROLES = 20;
export const WORTH_OF_RIGHT = 0.2;
/** What the log cannot tell is worth less than what it can. */
const WORTH_OF_UNKNOWN = 0.2;

export function useCandidates(state: State, evidence: Evidence): Offer[] {
  if (evidence.record === undefined) return [];
  const uses = new Uses(evidence.record);
  const shrunk = state.rbac.roles.flatMap((role) => {
    const found = shrunkTo(state, role, uses);
    return found === undefined ? [] : [found];
  });
  const before = state.only(RBAC_KINDS);
  const fit = new Set(
    thoseThatFit(
      before.objects,
      shrunk.map(({ candidate }) => candidate),
    ),
  );
  return shrunk
    .filter(({ candidate }) => fit.has(candidate))
    .toSorted((a, b) => b.dropped - a.dropped)
    .slice(0, MOST_ROLES)
    .flatMap(({ candidate, dropped }) => {
      const { verdict } = proveRequests({ before, after: before.with(candidate.change) }, evidence, state);
      if (verdict === 'breaks') return [];
      return [offerOf(candidate, WORTH_OF_RIGHT * dropped * (verdict === 'safe' ? 1 : WORTH_OF_UNKNOWN))];
    });
}

/** The role with what its holders use. Undefined where that is all of it, or where it is nobody's to change. */
export function shrunkTo({ rbac }: State, { object, aggregated }: Role, uses: Uses): { candidate: Candidate; dropped: number } | undefined {
  if (aggregated || object.id < 0 || object.name.startsWith('system:') || ownerOf(object).kind === 'bootstrap') return undefined;
  const asked: Asked[] = [];
  let isHeld = false;
  for (const { namespace, role, subjects } of rbac.bindings) {
    if (role?.rules.some(({ source }) => source === object) !== true) continue;
    isHeld = true;
    for (const { subject } of subjects) asked.push(...uses.of(subject, namespace));
  }
  const rules = object.body.rules ?? [];
  if (!isHeld || rules.length === 0) return undefined;
  const { inPlaceOf, dropped } = usedRules(rules, asked);
  if (dropped === 0) return undefined;
  const patch = [{ op: 'test' as const, path: '/rules', value: rules }, ...replacing(rules, inPlaceOf)];
  const title = `shrink ${object.kind} ${placeOf(object)} to what is used: ${plural(dropped, 'right')} less`;
  return { candidate: candidateOf([object], [{ target: refOf(object), operation: 'patch', patch }], { title, order: 1 }), dropped };
}
