/**
 * Least-privilege policies from what a cluster or its manifests say of themselves: each workload gets a policy that lets
 * through what somewhere in the input there is a reason for, and each namespace one that denies the rest. What was
 * written is read back and compared with what was meant before anybody sees it.
 */
import { readWorld } from '../../engines/network/index.ts';
import type { FlowUse, UseRecord } from '../../record/index.ts';
import type { ReadObjects } from '../../model/index.ts';
import type { Snapshot } from '../../snapshot/index.ts';
import { replayFlows } from '../flows/replay.ts';
import { type Denial, REQUIRED_CODES } from '../proof.ts';
import { clusterPolicies } from './cluster-policies.ts';
import { effectOf, type Effect } from './effect.ts';
import { type Facts, factsOf } from './facts.ts';
import { needsFromApi } from './from-api.ts';
import { everyAddress, needsFromEntrances } from './from-entrances.ts';
import { needsFromFlows } from './from-flows.ts';
import { needsFromNames } from './from-names.ts';
import { needsFromOperators } from './from-operators.ts';
import { needsFromPolicies } from './from-policies.ts';
import { needsFromReferences } from './from-references.ts';
import { needsFromScrapes } from './from-scrapes.ts';
import { Intended } from './intended.ts';
import { type App, Inventory, isNamespace } from './inventory.ts';
import { type Link, linksOf, mergedRules, plainRules } from './links.ts';
import { type Gap, Needs } from './needs.ts';
import { type Drafted, type MakeRules, networkPolicies } from './policies.ts';
import { type Connection, connectionsOf } from './reasons.ts';
import { objectsIn, selfCheck, withoutPolicies } from './self-check.ts';
import { type RequiredUse, requiredUses } from './required-uses.ts';
import { unreadSecrets } from './settings.ts';
import { type Unit, Units } from './units.ts';
import { writePolicies } from './write-policies.ts';

export const POLICY_KINDS = ['NetworkPolicy', 'ClusterNetworkPolicy'] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

export interface GenerateOptions {
  readonly kind: PolicyKind;
  /** What the user knows and the input may not say. */
  readonly facts: Facts;
  /** Only policies of these. */
  readonly namespaces?: ReadonlySet<string>;
  /** What was seen flowing is a reason too. */
  readonly record?: UseRecord;
  /** What was read of the objects before. */
  readonly read?: ReadObjects;
  /** What no log need hold is one as well, also where it opens more than that: nothing that is needed is to be cut off. */
  readonly required?: boolean;
}

/** Policies, and why. */
export type Made = Omit<Generated, 'effect' | 'replay'>;

export interface Generated {
  readonly policies: readonly Drafted[];
  readonly yaml: string;
  /** What is opened, and why. */
  readonly connections: readonly Connection[];
  readonly gaps: readonly Gap[];
  /** Workloads for which there is no reason for any connection: they are closed in both directions. */
  readonly withoutEvidence: readonly { readonly app: string; readonly unread: readonly string[] }[];
  /** Workloads that get no policy, and why. */
  readonly left: readonly { readonly app: string; readonly why: string }[];
  readonly effect: Effect;
  /** Recorded connections, asked again of what was made; undefined without a record. */
  readonly replay: FlowReplay | undefined;
}

/** Where only what was made is in force. */
export interface FlowReplay {
  /** How many connections were asked again, and how many distinct ones these are. */
  readonly connections: number;
  readonly distinct: number;
  /** Distinct ones of which an end is not known: what was opened for them is as wide as it had to be. */
  readonly notAsked: number;
  /** Those that would be denied: what was made must not be applied then. */
  readonly denied: readonly Denial[];
}

/** @throws CAS_SELF_CHECK */
export function generatePolicies(snapshot: Snapshot, options: GenerateOptions): Generated {
  const { made, inventory, intended, flows } = make(snapshot, options);
  const { record } = options;
  return {
    ...made,
    effect: effectOf(inventory, made.yaml, intended),
    replay: record === undefined ? undefined : replayOf(inventory, made.yaml, { record, flows }),
  };
}

/**
 * The same without comparing them with today, and without asking what was recorded again: a proof does that.
 * @throws CAS_SELF_CHECK
 */
export function makePolicies(snapshot: Snapshot, options: GenerateOptions): Made {
  return make(snapshot, options).made;
}

function make(
  snapshot: Snapshot,
  { kind, facts: told, namespaces, record, required = false, read }: GenerateOptions,
): { made: Made; inventory: Inventory; intended: Intended; flows: readonly FlowUse[] } {
  const inventory = new Inventory(snapshot, { namespaces, read });
  const facts = factsOf(inventory, told);
  const needs = needsOf(inventory, facts, required);
  if (required) needsFromRequired(inventory, needs, requiredUses(inventory, { facts, record, needs }));
  const flows = record === undefined ? [] : needsFromFlows(inventory, needs, { record, facts });
  const units = new Units(inventory);
  tellAlike(units, needs);
  // Nothing of the other kind is for addresses that something comes from.
  const links = linksOf(needs, units, facts).filter(
    ({ direction, peer }) => kind === 'NetworkPolicy' || direction === 'egress' || peer.kind !== 'addresses',
  );
  const intended = new Intended(inventory, units, links);
  const policies = merged(
    (rules) => (kind === 'NetworkPolicy' ? networkPolicies(units, links, rules) : clusterPolicies(units, links, rules)),
    (drafted) => selfCheck(inventory, intended, { yaml: writePolicies(inventory, drafted, needs.gaps()), kind }),
  );
  const yaml = writePolicies(inventory, policies, needs.gaps());
  const made = {
    policies,
    yaml,
    connections: connectionsOf(links),
    gaps: needs.gaps(),
    withoutEvidence: withoutEvidence(inventory, units, links),
    left: inventory.apps.flatMap((app) => (app.policed ? [] : [{ app: app.key, why: whyLeft(app) }])),
  };
  return { made, inventory, intended, flows };
}

/** `flows` are those of which both ends are known. */
function replayOf(inventory: Inventory, yaml: string, { record, flows }: { record: UseRecord; flows: readonly FlowUse[] }): FlowReplay {
  const objects = withoutPolicies(inventory);
  const [before, after] = [readWorld(objects), readWorld([...objects, ...objectsIn(yaml)])];
  const { denies } = replayFlows(before, after, { record: { ...record, flows }, starts: new Map() });
  const seen = record.flows.filter(({ allowed, unclear }) => allowed + unclear > 0);
  return {
    connections: flows.reduce((sum, { allowed, unclear }) => sum + allowed + unclear, 0),
    distinct: flows.length,
    notAsked: seen.length - flows.length,
    denied: denies,
  };
}

function needsOf(inventory: Inventory, facts: Facts, anyAddress: boolean): Needs {
  const needs = new Needs();
  const { resolvers, callers } = needsFromReferences(inventory, needs);
  needsFromScrapes(inventory, needs);
  needsFromOperators(inventory, needs);
  needsFromPolicies(inventory, needs);
  needsFromEntrances(inventory, needs);
  needsFromApi(inventory, needs, { facts, callers, anyAddress });
  needsFromNames(inventory, needs, resolvers);
  return needs;
}

/** Of whom nobody knows the address every one is open; who is to collect metrics may be anybody, and that stays closed. */
function needsFromRequired(inventory: Inventory, needs: Needs, uses: readonly RequiredUse[]): void {
  for (const { from, to, ports: least, opens: ports = least, evidence, code } of uses) {
    const isKnown = from.kind !== 'anybody' && to.kind !== 'anybody';
    if (isKnown) needs.add({ from, to, ports, evidence: [evidence] });
    const own = from.kind === 'app' ? from : to;
    if (isKnown || code === 'scrape' || own.kind !== 'app') continue;
    needs.gap({ kind: 'wide', app: own.app.key, what: `open to every address: ${REQUIRED_CODES[code]}`, evidence: [evidence] });
    for (const cidr of everyAddress(inventory)) {
      const other = { kind: 'addresses', cidr } as const;
      needs.add({ from: from.kind === 'app' ? from : other, to: to.kind === 'app' ? to : other, ports, evidence: [evidence] });
    }
  }
}

/** Rules are put together as long as the check finds that this opens nothing more; else each reason keeps its own. */
function merged(make: (rules: MakeRules) => Drafted[], check: (drafted: readonly Drafted[]) => void): Drafted[] {
  const policies = make(mergedRules);
  try {
    check(policies);
    return policies;
  } catch {
    const plain = make(plainRules);
    check(plain);
    return plain;
  }
}

function tellAlike(units: Units, needs: Needs): void {
  for (const { apps, policed } of units.all) {
    if (apps.length < 2 || !policed) continue;
    const names = apps.map(({ key }) => key);
    needs.gap({
      kind: 'wide',
      app: names[0] ?? '',
      what: `no label tells ${names.join(' and ')} apart: what is open for one is open for all`,
      evidence: [],
    });
  }
}

function withoutEvidence(inventory: Inventory, units: Units, links: readonly Link[]): Generated['withoutEvidence'] {
  const linked = new Set<Unit>(links.flatMap(({ unit, peer }) => (peer.kind === 'unit' ? [unit, peer.unit] : [unit])));
  return inventory.apps.flatMap((app) => {
    const unit = units.of(app);
    return unit === undefined || !app.policed || linked.has(unit) ? [] : [{ app: app.key, unread: unreadSecrets(inventory, app) }];
  });
}

function whyLeft({ host, namespace }: App): string {
  if (host) return 'it is on the network of its node';
  return isNamespace(namespace) ? 'it is of the cluster itself' : 'its namespace has a name that the server does not take';
}
