/**
 * A namespace that denies what nothing asks for: a default, and for each workload a policy with what the input and the
 * record give a reason for, and what no record need hold: names that pods resolve, the API server. One change for each namespace, of those where it cuts the most workloads off from each other.
 */
import { Relation } from '../../engines/network/index.ts';
import { CastellanError } from '../../lib/errors.ts';
import { plural } from '../../lib/terminal.ts';
import { type Patch, isSystemNamespace } from '../../rules/index.ts';
import { type Made, makePolicies } from '../network-policies/index.ts';
import type { Evidence } from '../prove.ts';
import type { State } from '../state.ts';
import { type Candidate, type Offer, candidateOf } from './candidate.ts';
import { refIn } from '../overlay.ts';

/** Namespaces that are looked at closely: what one more cuts off is less each time. */
const MOST_NAMESPACES = 3;
/** Pairs are many, and most of them no harm by themselves. */
const WORTH_OF_PAIR = 0.05;

export function networkCandidates(state: State, { record }: Evidence): Offer[] {
  const open = openIn(state);
  const chosen = [...open].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).slice(0, MOST_NAMESPACES);
  const all = new Set(state.world.pods.map(({ workload }) => workload)).size;
  // Reading the cluster for reasons takes longer than writing policies for one namespace more.
  let made: Made['policies'] | undefined;
  return chosen.map(([namespace, workloads]) => ({
    worth: WORTH_OF_PAIR * workloads * all,
    effort: 'medium',
    make() {
      made ??= policiesOf(state, new Set(chosen.map(([name]) => name)), record);
      return closed(
        state,
        namespace,
        made.filter((policy) => policy.namespace === namespace),
      );
    },
  }));
}

function closed(state: State, namespace: string, policies: Made['policies']): Candidate | undefined {
  if (policies.length === 0) return undefined;
  const there = new Set(state.objects.map(({ object }) => refIn(object)));
  const patches = policies.map(({ object, name }): Patch => {
    const target = `NetworkPolicy/${namespace}/${name}`;
    if (!there.has(target)) return { target, operation: 'create', patch: [], object };
    return { target, operation: 'patch', patch: [{ op: 'replace', path: '', value: object }] };
  });
  const allows = policies.reduce((sum, { evidence }) => sum + evidence.ingress.length + evidence.egress.length, 0);
  const title = `default deny in ${namespace}, with ${allows === 0 ? 'no allows' : plural(allows, 'allow')}`;
  return candidateOf([], patches, { title, order: 6, effort: 'medium' });
}

function policiesOf(state: State, namespaces: ReadonlySet<string>, record: Evidence['record']): Made['policies'] {
  try {
    const options = { kind: 'NetworkPolicy', facts: state.addresses, namespaces, required: true, read: state.read } as const;
    return makePolicies(state.snapshot, { ...options, ...(record !== undefined && { record }) }).policies;
  } catch (error) {
    // What cannot be made exactly is not proposed; net generate says why.
    if (error instanceof CastellanError && error.code === 'CAS_SELF_CHECK') return [];
    throw error;
  }
}

/** Workloads that let in whoever asks, by namespace. */
function openIn({ world }: State): Map<string, number> {
  const relation = new Relation(world);
  const found = new Map<string, Set<string>>();
  for (const [index, { namespace, workload, host }] of world.pods.entries()) {
    if (host || isSystemNamespace(namespace)) continue;
    const classes = relation.entities.classesOf[index] ?? [];
    if (!classes.some((one) => (relation.signatureOf('ingress', one)?.policies.length ?? 0) === 0)) continue;
    const workloads = found.get(namespace);
    if (workloads === undefined) found.set(namespace, new Set([workload]));
    else workloads.add(workload);
  }
  return new Map([...found].map(([namespace, workloads]) => [namespace, workloads.size]));
}
