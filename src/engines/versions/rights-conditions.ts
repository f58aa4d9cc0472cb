/** Conditions of who may do what. */
import { coversResource } from '../../model/index.ts';
import { type ConditionTables, type Evidence, type Judged, type Question } from './condition.ts';

interface Right {
  group: string;
  resources: readonly string[];
  verbs: readonly string[];
}
interface Holder {
  name: string;
  evidence: Evidence;
}

/**
 * Who holds one of the rights, beside the system's own identities and those who may do everything anyway. Rules that
 * name single objects give no right to others.
 */
export function holdersOf({ access }: ConditionTables, { group, resources, verbs }: Right): Holder[] {
  const holders = new Map<string, Holder>();
  for (const { role, subjects, binding } of access.grants) {
    if (role === undefined) continue;
    const gives = access.rulesOf(role).some((rule) => {
      if ((rule.resourceNames ?? []).length > 0 || isEverything(rule)) return false;
      return (
        (rule.apiGroups ?? []).some((each) => each === '*' || each === group) &&
        (rule.verbs ?? []).some((each) => each === '*' || verbs.includes(each)) &&
        (rule.resources ?? []).some((entry) => resources.some((resource) => coversResource(entry, resource)))
      );
    });
    if (!gives || access.rulesOf(role).some(isEverything)) continue;
    for (const { kind, name, namespace } of subjects) {
      if (name.startsWith('system:') || (kind === 'ServiceAccount' && namespace === 'kube-system')) continue;
      const text = kind === 'ServiceAccount' ? `service account ${namespace}/${name}` : `${kind.toLowerCase()} ${name}`;
      if (!holders.has(text)) holders.set(text, { name: text, evidence: { object: binding, path: 'subjects' } });
    }
  }
  return [...holders.values()];
}

function isEverything({
  apiGroups = [],
  resources = [],
  verbs = [],
}: {
  apiGroups?: readonly string[];
  resources?: readonly string[];
  verbs?: readonly string[];
}): boolean {
  return [apiGroups, resources, verbs].every((list) => list.includes('*'));
}

function namesOf(holders: readonly Holder[]): string {
  const names = holders.map(({ name }) => name);
  return names.length > 2 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(' and ');
}

export function byHolders(tables: ConditionTables, holders: readonly Holder[], what: string): Judged {
  if (holders.length > 0)
    return { holds: 'yes', because: `${namesOf(holders)} may ${what}`, evidence: holders.slice(0, 10).map(({ evidence }) => evidence) };
  return tables.completeness.complete
    ? { holds: 'no', because: `nobody but the system and administrators may ${what}` }
    : { holds: 'unknown', because: `it depends on who may ${what}, and the input is not the whole cluster` };
}

const WRITE = ['create', 'update', 'patch'] as const;

export function endpointsWriters({ tables }: Question): Judged {
  const holders = [
    ...holdersOf(tables, { group: '', resources: ['endpoints'], verbs: WRITE }),
    ...holdersOf(tables, { group: 'discovery.k8s.io', resources: ['endpointslices'], verbs: WRITE }),
  ];
  const unique = [...new Map(holders.map((holder) => [holder.name, holder])).values()];
  return byHolders(tables, unique, 'write Endpoints or EndpointSlices');
}

export function nodeWriters({ tables }: Question): Judged {
  return byHolders(tables, holdersOf(tables, { group: '', resources: ['nodes', 'nodes/status'], verbs: WRITE }), 'write Nodes');
}

/** Both rights are needed: to say where a node is, and to be led there. */
export function nodeProxy({ tables }: Question): Judged {
  const writers = holdersOf(tables, { group: '', resources: ['nodes', 'nodes/status'], verbs: WRITE });
  const proxies = new Set(holdersOf(tables, { group: '', resources: ['nodes/proxy'], verbs: ['get', 'create'] }).map(({ name }) => name));
  return byHolders(
    tables,
    writers.filter(({ name }) => proxies.has(name)),
    'write Nodes and proxy to them',
  );
}
