/**
 * What dangerous rights lead to, told with the findings about them: the attack graph is drawn when the first such
 * finding comes, once for a cluster.
 */
import { ANYWHERE, AttackGraph, type Lead, type LeadQuestion, type LeadTarget, Leads, effectName, stepsInShort } from '../graph/index.ts';
import { plural } from '../lib/terminal.ts';
import { type Cluster, type Grant, type Subject, refOf } from '../model/index.ts';
import { type Severity, severityRank } from './finding.ts';
import type { Found } from './found.ts';
import type { HitRight } from './rule.ts';

/**
 * Files that are no whole cluster are looked at up to so many objects: what the manifests of unrelated projects lead to
 * together says little, and drawing it would take a fifth of the time of a scan.
 */
const MOST_OBJECTS_OF_FILES = 400;

const TARGETS: Readonly<Record<LeadTarget, string>> = {
  ClusterAdmin: 'cluster control',
  AllSecrets: 'every Secret of the cluster',
  'Node/*': 'a node',
  'CloudIdentity/*': 'an identity of the cloud',
};

export class RightsLead {
  readonly #cluster: Cluster;
  readonly #complete: boolean;
  #leads: Leads | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    // Only where everything is known is what is not there surely absent.
    this.#complete = cluster.tables.completeness.complete && cluster.missing.size === 0;
  }

  tell(found: Found): void {
    const { right } = found;
    if (right === undefined || found.status !== 'fail') return;
    if (!this.#complete && this.#cluster.objects.length > MOST_OBJECTS_OF_FILES) return;
    this.#leads ??= new Leads(new AttackGraph(this.#cluster, { assumeSystem: true }), { partial: !this.#complete });
    const lead = this.#leads.of(questionOf(right, this.#cluster));
    if (lead === undefined) return;
    const severity = severityBy(lead, found.severity, this.#complete);
    if (lead.target !== undefined || severity !== found.severity) found.leadTo(textOf(lead, this.#complete), severity);
  }
}

function questionOf(right: HitRight, { tables: { access } }: Cluster): LeadQuestion {
  if ('serviceAccount' in right) {
    const account = `ServiceAccount/${right.namespace}/${right.serviceAccount}`;
    return { rights: [account], holders: [account], beside: [] };
  }
  if ('binding' in right) return { rights: [refOf(right.binding)], holders: holdersOf(access.grantOf(right.binding)), beside: [] };
  const { role, rules, grants } = right;
  const named = (indexes: Iterable<number>): string[] =>
    grants.flatMap(({ role: bound, namespace }) =>
      Array.from(indexes, (index) =>
        effectName(refOf(role), { index, scope: namespace === '' ? ANYWHERE : namespace, role: refOf(bound ?? role) }),
      ),
    );
  return { rights: named(rules), holders: grants.flatMap(holdersOf), beside: named((role.body.rules ?? []).keys()) };
}

function holdersOf(grant: Grant | undefined): string[] {
  return (grant?.subjects ?? []).map(({ kind, namespace, name }: Subject) =>
    kind === 'ServiceAccount' ? `${kind}/${namespace}/${name}` : `${kind}/${name}`,
  );
}

/** An inventory stays one: what is no more than information is not made worse. */
function severityBy({ target, exposed, workloads, more }: Lead, own: Severity, complete: boolean): Severity {
  if (own === 'info') return own;
  if (target === 'ClusterAdmin' && exposed > 0) return 'critical';
  const isOutOfTheWay = target === undefined && exposed + workloads === 0 && !more;
  return complete && isOutOfTheWay && severityRank(own) < severityRank('low') ? 'low' : own;
}

function textOf({ target, chain, exposed, workloads, more }: Lead, complete: boolean): string {
  if (target === undefined) return 'no foothold leads to it, and it leads to nothing else';
  const count = exposed + workloads;
  const found = count > 0 ? `from ${more ? 'at least ' : ''}${plural(count, 'foothold')}` : more ? 'from some foothold' : '';
  const steps = stepsInShort(chain);
  // That who lists Secrets has every Secret is said already.
  const isSaid = target === 'AllSecrets' && steps.length < 2;
  if (isSaid && !complete) return '';
  const from = found !== '' ? `, ${found}` : complete ? ', though no foothold leads to it' : '';
  return `leads to ${TARGETS[target]}${from}${steps.length === 0 || isSaid ? '' : `: ${steps.join(' → ')}`}`;
}
