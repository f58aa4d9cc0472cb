/** What a service account may do, as far as the input says: the ground for judging tokens and pods that carry one. */
import type { Access, Grant, PolicyRule } from '../../model/index.ts';
import { builtInRules } from '../../engines/rbac/index.ts';
import { isBootstrapBinding, isPublicByDefault } from './bootstrap.ts';
import { listed, whereText } from './holders.ts';
import { type Power, TAKEOVER_POWERS, isEverything, matchOf } from './powers.ts';

export interface Rights {
  /**
   * `takeover` leads on to other accounts or the cluster; `none` is what the input shows, which is all there is only
   * when the input is complete.
   */
  level: 'none' | 'some' | 'takeover';
  /** Completes "the account …": `may read secrets in every namespace`. */
  text: string;
  grants: readonly Grant[];
}

const NONE: Rights = { level: 'none', text: 'has no rights', grants: [] };
const CACHE = new WeakMap<Access, Map<string, Rights>>();

export function rightsOfAccount(access: Access, namespace: string, name: string): Rights {
  let known = CACHE.get(access);
  if (known === undefined) CACHE.set(access, (known = new Map()));
  const key = `${namespace}/${name}`;
  let rights = known.get(key);
  if (rights === undefined) known.set(key, (rights = judge(access, namespace, name)));
  return rights;
}

function judge(access: Access, namespace: string, name: string): Rights {
  const grants = access
    .grantsToServiceAccount(namespace, name)
    .filter((grant) => !isPublicByDefault(grant.binding) && !isIdle(grant, access, namespace));
  if (grants.length === 0) return NONE;
  const all = grants.filter((grant) => rulesOf(grant, access).some(isEverything));
  if (all.length > 0) return { level: 'takeover', text: `may do everything ${whereText(all)}`, grants };
  const powers = new Map<string, Grant[]>();
  for (const grant of grants) {
    const rules = rulesOf(grant, access);
    for (const power of TAKEOVER_POWERS) {
      if (isInReach(power, grant) && rules.some((rule) => matchOf(rule, power) !== undefined)) push(powers, power.act, grant);
    }
  }
  if (powers.size > 0) return { level: 'takeover', text: `may ${powersText(powers)}`, grants };
  const roles = [...new Set(grants.map((grant) => grant.binding.body.roleRef?.name ?? ''))];
  return {
    level: 'some',
    text: `holds ${roles.length === 1 ? 'the role' : 'the roles'} ${listed(roles)}, which ${roles.length === 1 ? 'leads' : 'lead'} no further`,
    grants,
  };
}

/**
 * Built-in bindings of the control plane's own accounts are its business; a role without rules grants nothing, and one
 * to use a PodSecurityPolicy or the like is asked about by admission: it lets nobody call anything.
 */
function isIdle(grant: Grant, access: Access, namespace: string): boolean {
  if (grant.role !== undefined && access.rulesOf(grant.role).every(({ verbs }) => verbs?.every((verb) => verb === 'use') === true))
    return true;
  return namespace !== 'kube-system' && isBootstrapBinding(grant.binding) && grant.binding.name.startsWith('system:');
}

function rulesOf(grant: Grant, access: Access): readonly PolicyRule[] {
  const { kind, name = '' } = grant.binding.body.roleRef ?? {};
  const builtIn = kind === 'ClusterRole' ? builtInRules(name) : [];
  const known = grant.role === undefined ? [] : access.rulesOf(grant.role);
  return known.length === 0 ? builtIn : known;
}

function isInReach(power: Power, grant: Grant): boolean {
  return power.clusterScoped !== true || grant.namespace === '';
}

function powersText(powers: ReadonlyMap<string, readonly Grant[]>): string {
  const byPlace = new Map<string, string[]>();
  for (const [act, grants] of powers) push(byPlace, whereText(grants), act);
  return listed([...byPlace].map(([where, acts]) => `${listed(acts)} ${where}`));
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
