/**
 * What gives nothing to anybody or changes nothing, and labels that refuse nothing that is there: no record is needed to
 * take the one away and set the other. Much of a kind is one change.
 */
import { superfluous } from '../../engines/network/index.ts';
import { podSecurityOutlook } from '../../engines/pod-security/index.ts';
import { type RbacProblem, lintRbac } from '../../engines/rbac/index.ts';
import { plural } from '../../lib/terminal.ts';
import { type ApiObject, refOf } from '../../model/index.ts';
import { type Patch, isSystemNamespace } from '../../rules/index.ts';
import { ownerOf } from '../ownership.ts';
import type { State } from '../state.ts';
import { type Offer, candidateOf, listed, offerOf, placeOf } from './candidate.ts';

export function voidCandidates(state: State): Offer[] {
  return [...withoutVoidGrants(state), ...withoutIdlePolicies(state), ...withLevels(state)];
}

/** Of a change that makes the cluster no safer by itself, only easier to read. */
const WORTH_OF_VOID = 1;
/** Of a namespace that nobody can start what leads out of a container in any more. */
const WORTH_OF_LEVEL = 3;

/** What names somebody or something that cannot be, and what is said twice. */
const OF_SUBJECTS = new Set<RbacProblem['category']>(['dangling-subject', 'duplicate-binding', 'void-subject']);
const OF_BINDINGS = new Set<RbacProblem['category']>(['dangling-role', 'no-subjects', 'void-grant']);
const OF_RULES = new Set<RbacProblem['category']>(['void-rule', 'contained-rule']);

function withoutVoidGrants({ cluster, rbac }: State): Offer[] {
  // Roles that every cluster has give something though the input does not hold them.
  const giving = new Set(rbac.bindings.filter(({ role }) => role !== undefined).map(({ object }) => object));
  const whole = new Map<ApiObject, string>();
  const subjects = new Map<ApiObject, Set<number>>();
  const rules = new Map<ApiObject, Set<number>>();
  for (const { category, object, path, rule, unsure } of lintRbac(cluster)) {
    if (unsure || ownerOf(object).restored) continue;
    const index = Number(/^subjects\[(\d+)\]/.exec(path)?.[1] ?? -1);
    if (category === 'dangling-role' && giving.has(object as (typeof rbac.bindings)[number]['object'])) continue;
    if (OF_BINDINGS.has(category)) whole.set(object, category);
    else if (OF_SUBJECTS.has(category) && index >= 0) noted(subjects, object, index);
    else if (OF_RULES.has(category) && rule !== undefined) noted(rules, object, rule);
  }
  for (const [object, indexes] of subjects) {
    if (indexes.size >= lengthOf(object, 'subjects')) whole.set(object, 'dangling-subject');
    if (whole.has(object)) subjects.delete(object);
  }
  const bindings = [...whole.keys()];
  return [
    ...grouped(
      bindings.map((object) => ({ object, patch: { target: refOf(object), operation: 'delete', patch: [] } })),
      (count) => `delete ${plural(count, 'binding')} that ${count === 1 ? 'gives' : 'give'} nobody anything`,
    ),
    ...grouped(
      [...subjects].map(([object, indexes]) => ({ object, patch: without(object, 'subjects', indexes) })),
      (count) => `take out of ${plural(count, 'binding')} whom ${count === 1 ? 'it gives' : 'they give'} nothing`,
    ),
    ...grouped(
      [...rules].map(([object, indexes]) => ({ object, patch: without(object, 'rules', indexes) })),
      (count) => `drop from ${plural(count, 'role')} the rules that grant nothing`,
    ),
  ];
}

/** Policies that say what others say for the same pods. */
function withoutIdlePolicies(state: State): Offer[] {
  const { world, cluster } = state;
  const idle = superfluous(world).policies.flatMap(({ policy: { namespace, name } }) => {
    const object = cluster.tables.NetworkPolicy.get(namespace, name);
    if (object === undefined || ownerOf(object).restored) return [];
    return [{ object, patch: { target: refOf(object), operation: 'delete' as const, patch: [] } }];
  });
  return grouped(
    idle,
    (count) => `delete ${plural(count, 'network policy', 'network policies')} that ${count === 1 ? 'changes' : 'change'} nothing`,
  );
}

/** The level that all pods and templates of a namespace meet, where nothing or less is enforced. */
function withLevels({ cluster }: State): Offer[] {
  const byLevel = new Map<string, { object: ApiObject; patch: Patch }[]>();
  for (const { namespace, workloads, possible, labels } of podSecurityOutlook(cluster)) {
    const object = cluster.tables.namespaces.get(namespace)?.object;
    const enforced = labels?.enforce?.level ?? 'privileged';
    // Of a namespace without pods nothing tells what is meant to run there, and a pinned release is judged by its own standard.
    if (object === undefined || workloads === 0 || possible === 'privileged' || possible === enforced || enforced === 'restricted')
      continue;
    if (isSystemNamespace(namespace) || ownerOf(object).restored || (labels?.enforce?.version ?? 'latest') !== 'latest') continue;
    const key = 'pod-security.kubernetes.io/enforce';
    const has = Object.keys(object.labels).length > 0;
    const patch: Patch['patch'] = [
      has
        ? { op: 'add', path: `/metadata/labels/${key.replaceAll('/', '~1')}`, value: possible }
        : { op: 'add', path: '/metadata/labels', value: { [key]: possible } },
    ];
    const list = byLevel.get(possible) ?? [];
    byLevel.set(possible, list);
    list.push({ object, patch: { target: refOf(object), operation: 'patch', patch } });
  }
  return [...byLevel].flatMap(([level, changes]) => {
    const where = listed(
      changes.map(({ object }) => object.name),
      'namespaces',
    );
    return grouped(
      changes,
      () => `enforce the Pod Security level ${level} in ${where}, which meet${changes.length === 1 ? 's' : ''} it`,
      WORTH_OF_LEVEL,
    );
  });
}

function grouped(
  changes: readonly { object: ApiObject; patch: Patch }[],
  titleOf: (count: number) => string,
  worth = WORTH_OF_VOID,
): Offer[] {
  const [only, more] = changes;
  if (only === undefined) return [];
  const title =
    more === undefined && worth === WORTH_OF_VOID ? `${titleOf(1)}: ${only.object.kind} ${placeOf(only.object)}` : titleOf(changes.length);
  const candidate = candidateOf(
    changes.map(({ object }) => object),
    changes.map(({ patch }) => patch),
    { title, order: 0 },
  );
  return [offerOf(candidate, worth * changes.length)];
}

/** From the last to the first, so that no index moves before it is used. */
function without(object: ApiObject, field: 'subjects' | 'rules', indexes: ReadonlySet<number>): Patch {
  const list = (object.body as Record<string, readonly unknown[] | undefined>)[field] ?? [];
  const patch = [...indexes]
    .toSorted((a, b) => b - a)
    .flatMap((index): Patch['patch'] => [
      { op: 'test', path: `/${field}/${index}`, value: list[index] },
      { op: 'remove', path: `/${field}/${index}` },
    ]);
  return { target: refOf(object), operation: 'patch', patch };
}

function lengthOf({ body }: ApiObject, field: string): number {
  const list: unknown = (body as Record<string, unknown>)[field];
  return Array.isArray(list) ? list.length : 0;
}

function noted(map: Map<ApiObject, Set<number>>, object: ApiObject, index: number): void {
  const known = map.get(object);
  if (known === undefined) map.set(object, new Set([index]));
  else known.add(index);
}
