/** Which rules cannot decide because kinds that they look at could not be listed. */
import { type Cluster, KINDS, type Kind, type TableName } from '../model/index.ts';
import type { MissingKind } from '../snapshot/index.ts';
import { ANY_KIND, type Rule } from './rule.ts';

/** Key of the finding that a rule did not see all it looks at. */
export const BLIND = 'blind';

export interface Blindness {
  /** What could not be listed, for a message: `roles and networkpolicies could not be listed`. */
  message: string;
  /**
   * The rule compares its subjects with what is missing, so that what it finds may be wrong. Otherwise it only did not
   * see all of its subjects.
   */
  context: boolean;
}

const WORKLOADS = (Object.keys(KINDS) as Kind[]).filter((kind) => 'pod' in KINDS[kind]);
const ACCESS: readonly Kind[] = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];

export function blindnessOf(rule: Rule, { missing, othersMissing }: Pick<Cluster, 'missing' | 'othersMissing'>): Blindness | undefined {
  if (missing.size === 0 && othersMissing.length === 0) return undefined;
  const context = rule.reads.flatMap((table) => kindsOf(table)).filter((kind) => missing.has(kind));
  const others = rule.reads.includes('objects') ? othersMissing.map(nameOf) : [];
  const subjects = subjectsOf(rule).filter((kind) => missing.has(kind));
  const names = [...new Set([...[...context, ...subjects].map((kind) => missing.get(kind)?.resource ?? kind), ...others])].toSorted();
  if (names.length === 0) return undefined;
  return { message: `${listed(names)} could not be listed`, context: context.length + others.length > 0 };
}

function nameOf({ group, resource }: MissingKind): string {
  return resource === '*' ? group : `${resource}.${group}`;
}

function subjectsOf({ scope, kinds }: Rule): readonly Kind[] {
  if (scope === 'workload' || scope === 'container') return WORKLOADS;
  if (scope === 'namespace') return ['Namespace'];
  // A rule about every object has nothing of its own that is missing.
  return scope === 'object' ? kinds.filter((kind): kind is Kind => kind !== ANY_KIND) : [];
}

function kindsOf(table: TableName): readonly Kind[] {
  if (table === 'workloads') return WORKLOADS;
  if (table === 'namespaces') return ['Namespace'];
  if (table === 'access') return ACCESS;
  return Object.hasOwn(KINDS, table) ? [table as Kind] : [];
}

function listed(names: readonly string[]): string {
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} other kinds`] : names;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}
