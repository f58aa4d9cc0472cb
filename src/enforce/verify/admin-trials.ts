/**
 * Trials of the cluster-scoped kinds. Their subject is the namespace of the run alone, so that nobody else's pods are
 * touched; each of them meets a NetworkPolicy, as what comes before what is most of their meaning.
 */
import type { Fields, Resource } from './api.ts';
import type { AdminFeature } from './features.ts';
import { type Run, labelsOf } from './run.ts';
import { type Expectation, type PolicyObject, type Trial, networkPolicy, podSelector, probeOf } from './trials.ts';

/** A kind as the server has it, and what is there of it already. */
export interface AdminKind {
  resource: Resource;
  existing: readonly Fields[];
}

/** Set when a run knows the identity of its namespace: the cluster removes what it owns. */
export interface Ownership {
  owner: () => Fields;
}

const KINDS: Readonly<Record<AdminFeature, { kind: string; tier?: string; allow: string }>> = {
  'admin-network-policy': { kind: 'AdminNetworkPolicy', allow: 'Allow' },
  'baseline-admin-network-policy': { kind: 'BaselineAdminNetworkPolicy', allow: 'Allow' },
  'cluster-network-policy-admin': { kind: 'ClusterNetworkPolicy', tier: 'Admin', allow: 'Accept' },
  'cluster-network-policy-baseline': { kind: 'ClusterNetworkPolicy', tier: 'Baseline', allow: 'Accept' },
};

export function kindOf(feature: AdminFeature): string {
  return KINDS[feature].kind;
}

/** A trial, or why there can be none. */
export function adminTrial(feature: AdminFeature, { resource, existing }: AdminKind, { owner }: Ownership): Trial | string {
  const { kind, tier, allow } = KINDS[feature];
  const isSingle = kind === 'BaselineAdminNetworkPolicy';
  if (isSingle && existing.length > 0) return 'a cluster has one at most, and this one has it already';
  const priority = isSingle ? undefined : freePriority(existing, tier);
  if (!isSingle && priority === undefined) return 'every priority is taken';
  const isAdmin = feature === 'admin-network-policy' || tier === 'Admin';

  function policy(run: Run): PolicyObject {
    const pods = (name: string): Fields => ({ pods: { namespaceSelector: namespaceSelector(run), podSelector: podSelector(name) } });
    const rule = (name: string, action: string): Fields => ({ name: `${action.toLowerCase()}-${name}`, action, from: [pods(name)] });
    const spec = {
      ...(tier !== undefined && { tier }),
      ...(priority !== undefined && { priority }),
      subject: { namespaces: namespaceSelector(run) },
      ingress: [...(isAdmin ? [rule('near', allow)] : []), rule('far', 'Deny')],
    };
    const metadata = {
      name: isSingle ? 'default' : `${run.namespace}-${tier?.toLowerCase() ?? 'anp'}`,
      labels: labelsOf(run),
      ownerReferences: [owner()],
    };
    return { resource, object: { apiVersion: `${resource.group}/${resource.version}`, kind, metadata, spec } };
  }
  return {
    feature,
    expectations: isAdmin ? ADMIN : BASELINE,
    // Above NetworkPolicy its word counts against one that allows `far` alone; below it only where none selects the pod.
    policies: ({ run }) => [
      networkPolicy(run, {
        subject: isAdmin ? 'server' : 'other',
        direction: 'ingress',
        rules: [{ from: [{ podSelector: podSelector('far') }] }],
      }),
      policy(run),
    ],
  };
}

/** What no policy touches is asked of a pod that lies in the second namespace. */
const ADMIN: readonly Expectation[] = [
  { probe: probeOf('near', 'server'), role: 'flows' },
  { probe: probeOf('far', 'server'), role: 'stops' },
  { probe: probeOf('far', 'abroad'), role: 'beside' },
];
const BASELINE: readonly Expectation[] = [
  { probe: probeOf('near', 'server'), role: 'flows' },
  { probe: probeOf('far', 'server'), role: 'stops' },
  { probe: probeOf('far', 'other'), role: 'flows' },
  { probe: probeOf('far', 'abroad'), role: 'beside' },
];

function namespaceSelector({ namespace }: Run): Fields {
  return { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
}

/** Two of one priority have no order. The lowest number is asked first. */
function freePriority(existing: readonly Fields[], tier: string | undefined): number | undefined {
  const specs = existing.map(({ spec }) => spec as Fields | undefined);
  const taken = new Set(specs.filter((spec) => tier === undefined || spec?.tier === tier).map((spec) => spec?.priority));
  for (let priority = 0; priority <= 1000; priority += 1) if (!taken.has(priority)) return priority;
  return undefined;
}
