/**
 * Rules of the form "this role lets its holders do that": the file of such a rule only names the powers. One role is
 * one finding for each rule, at the entry that gives the worst of them; the others stand beside it as evidence.
 */
import type { Grant, PolicyRule, RoleObject, Tables } from '../../model/index.ts';
import { SEVERITIES, type Severity, severityRank } from '../finding.ts';
import { type Examples, type Hit, type Rule, type RuleHeader, defineRule } from '../rule.ts';
import { asShipped, isBootstrapBinding, isBootstrapRole, isShipped } from './bootstrap.ts';
import { holdersText, listed, whereText } from './holders.ts';
import { type Match, type Power, matchOf } from './powers.ts';

export interface RoleRule extends Omit<RuleHeader, 'area'> {
  powers: readonly Power[];
  examples: () => Examples;
}

export function defineRoleRule({ powers, ...header }: RoleRule): Rule {
  return defineRule({
    ...header,
    area: 'rbac',
    scope: 'object',
    kinds: ['Role', 'ClusterRole'],
    reads: ['access', 'completeness'],
    check: (role, tables) => {
      const found = matches(role.body.rules ?? [], beyondShipped(role, powers));
      if (found.length === 0) return undefined;
      const held = holdingOf(role, tables);
      return held === undefined ? undefined : hitOf(found, held, header.severity);
    },
  });
}

/** How far a role reaches: nobody, some namespaces, or everywhere. */
export interface Holding {
  role: RoleObject;
  /** The grants that give it to somebody. */
  grants: readonly Grant[];
  everywhere: boolean;
  /** Says that nobody holds it, or which built-in role hands it on. */
  remark: string;
  /** A built-in role that was meant to be harmless hands it on. */
  inView: boolean;
}

/** Who holds a role, or undefined where the role is not to be judged: Kubernetes brings it, or it is only the sum of others. */
export function holdingOf(role: RoleObject, { access, completeness }: Pick<Tables, 'access' | 'completeness'>): Holding | undefined {
  if (isShipped(role) || access.isOverwritten(role)) return undefined;
  let grants = access.grantsReaching(role).filter((grant) => grant.subjects.length > 0);
  if (isBootstrapRole(role)) {
    grants = grants.filter((grant) => !isBootstrapBinding(grant.binding));
    if (grants.length === 0) return undefined;
  }
  const everywhere = grants.some((grant) => grant.namespace === '');
  if (grants.length > 0) return { role, grants, everywhere, remark: '', inView: false };
  const target = ['view', 'edit', 'admin'].find((name) => isFor(name, role));
  const nobody = completeness.complete ? 'nobody holds it' : 'nobody holds it in this input';
  const remark = target === undefined ? nobody : `every holder of the built-in role ${target} gets it`;
  return { role, grants, everywhere, remark, inView: target === 'view' };
}

/** A role that the controller adds to a built-in one, or that has its name. */
function isFor(name: string, role: RoleObject): boolean {
  return role.labels[`rbac.authorization.k8s.io/aggregate-to-${name}`] === 'true' || (role.kind === 'ClusterRole' && role.name === name);
}

interface Found extends Match {
  index: number;
  rule: PolicyRule;
  /** Place of the power in the rule's list, the worst first. */
  rank: number;
}

const NOTHING: readonly Found[] = [];

/** A role that is called like one for people is judged by what it says beyond that one: it may have been rewritten. */
function beyondShipped(role: RoleObject, powers: readonly Power[]): readonly Power[] {
  const shipped = asShipped(role);
  return shipped.length === 0 ? powers : powers.filter((power) => !shipped.some((rule) => matchOf(rule, power) !== undefined));
}

function matches(rules: readonly PolicyRule[], powers: readonly Power[]): readonly Found[] {
  let found: Found[] | undefined;
  for (let index = 0; index < rules.length; index += 1) {
    const rule = rules[index] ?? {};
    for (let rank = 0; rank < powers.length; rank += 1) {
      const power = powers[rank];
      const match = power === undefined ? undefined : matchOf(rule, power);
      if (match !== undefined) (found ??= []).push({ ...match, index, rule, rank });
    }
  }
  return found ?? NOTHING;
}

function hitOf(found: readonly Found[], held: Holding, own: Severity): Hit {
  const judged = found.map((one) => ({ ...one, severity: severityOf(one, held, own) }));
  judged.sort((a, b) => severityRank(a.severity) - severityRank(b.severity) || a.rank - b.rank || a.index - b.index);
  const [worst] = judged as [(typeof judged)[number]];
  const also = [{ path: `rules[${worst.index}].verbs` }];
  for (const { index } of judged) {
    const path = `rules[${index}].verbs`;
    if (!also.some((other) => other.path === path)) also.push({ path });
  }
  return {
    message: messageOf(worst, actsOf(judged, held), held),
    path: `rules[${worst.index}].resources[${worst.resource}]`,
    severity: worst.severity,
    also,
    ...rightOf(judged, held),
  };
}

/** What has some effect, in the hands of somebody. */
function rightOf(found: readonly Found[], held: Holding): Pick<Hit, 'right'> {
  const rules = new Set(found.filter((one) => one.power.idle === undefined && !isOutOfReach(one, held)).map(({ index }) => index));
  return rules.size === 0 || held.grants.length === 0 ? {} : { right: { role: held.role, rules: [...rules], grants: held.grants } };
}

/** What all of it amounts to, without what has no effect. */
function actsOf(found: readonly Found[], held: Holding): string[] {
  return [...new Set(found.filter((one) => one.power.idle === undefined && !isOutOfReach(one, held)).map(({ power }) => power.act))];
}

function messageOf(worst: Found, acts: readonly string[], held: Holding): string {
  const { power, rule } = worst;
  const entry = rule.resources?.[worst.resource] ?? '';
  const names = rule.resourceNames ?? [];
  const only = names.length === 0 ? '' : `, only ${listed(names.map((name) => `"${name}"`))}`;
  const asked = `${worst.verbs.join(', ')} on ${entry}${only}`;
  if (power.idle !== undefined) return `asks for ${asked}, which grants nothing: ${power.idle}`;
  if (isOutOfReach(worst, held)) return `asks for ${asked}, which has no effect inside a namespace: it takes a ClusterRoleBinding`;
  const may = `${listed(acts)} (${asked})`;
  if (held.grants.length === 0) return `would let its holders ${may}; ${held.remark}`;
  const where = power.clusterScoped === true ? '' : ` ${whereText(held.grants)}`;
  return `lets ${holdersText(held.grants)} ${may}${where}`;
}

function severityOf({ power, rule }: Found, held: Holding, own: Severity): Severity {
  if (power.idle !== undefined || isOutOfReach({ power }, held)) return 'low';
  if (held.grants.length === 0 && !held.inView) return 'low';
  const names = rule.resourceNames ?? [];
  const reach = power.severity ?? own;
  // What ends at the border of a namespace is not the cluster.
  const full = reach === 'critical' && !held.everywhere ? 'high' : reach;
  if (names.length === 0) return full;
  return power.named?.(names) ?? milder(full);
}

/** A Role, or a ClusterRole that is bound only inside namespaces, cannot reach what has no namespace. */
function isOutOfReach({ power }: Pick<Found, 'power'>, held: Holding): boolean {
  if (power.clusterScoped !== true || held.everywhere) return false;
  return held.role.kind === 'Role' || held.grants.length > 0;
}

/** One step down, but not below low: it is still a fact. */
export function milder(severity: Severity): Severity {
  return SEVERITIES[Math.min(severityRank(severity) + 1, severityRank('low'))] ?? 'low';
}
