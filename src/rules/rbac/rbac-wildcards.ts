import type { PolicyRule } from '../../model/index.ts';
import { type Severity, severityRank } from '../finding.ts';
import { cis, defineRule, mitre, nsa } from '../rule.ts';
import { holdersText, listed, whereText } from './holders.ts';
import { TAKEOVER_POWERS, isEverything, matchOf } from './powers.ts';
import { type Holding, holdingOf, milder } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRule({
  id: 'rbac-wildcards',
  title: 'Role with wildcards',
  severity: 'high',
  area: 'rbac',
  rationale:
    'An asterisk grants what nobody has read: secrets, exec and the right to raise rights are among "all resources" and "all verbs", and what a later release or a new custom resource adds comes on top by itself.',
  remedy:
    'Write the resources and verbs that the program really uses; the audit log of its account lists them. Start with the rule that has the asterisk in resources. Operators whose own API group is meant can name the kinds of that group.',
  controls: [...cis('5.1.3'), ...nsa('rbac'), ...mitre('T1078')],
  aliases: {
    kubescape: ['C-0187'],
    trivy: ['KSV-0044', 'KSV-0045', 'KSV-0046', 'KSV-0112'],
    checkov: ['CKV_K8S_49'],
    'kube-linter': ['wildcard-in-rules'],
    'kyverno-policies': ['restrict-wildcard-resources', 'restrict-wildcard-verbs'],
  },
  // What follows from the same asterisk is the same fact.
  coversSameField: [
    'rbac-secrets',
    'rbac-create-pods',
    'rbac-exec',
    'rbac-portforward',
    'rbac-escalate',
    'rbac-nodes-proxy',
    'rbac-csr',
    'rbac-webhooks',
    'rbac-token-create',
    'rbac-create-pv',
    'rbac-service-status',
    'rbac-configmaps',
    'rbac-network-write',
    'rbac-delete',
    'rbac-delete-events',
  ],
  effort: 'medium',
  scope: 'object',
  kinds: ['Role', 'ClusterRole'],
  reads: ['access', 'completeness'],
  check(subject, tables) {
    const rules = subject.body.rules ?? [];
    if (!rules.some(hasWildcard)) return undefined;
    const held = holdingOf(subject, tables);
    if (held === undefined) return undefined;
    const found = rules.flatMap((each, index) =>
      hasWildcard(each) ? [{ rule: each, index, path: pathOf(each, index), severity: severityOf(each, held) }] : [],
    );
    found.sort((a, b) => severityRank(a.severity) - severityRank(b.severity));
    const [worst, ...others] = found;
    if (worst === undefined) return undefined;
    return {
      message: messageOf(worst.rule, held),
      path: worst.path,
      severity: worst.severity,
      also: others.map(({ path }) => ({ path })),
      ...(held.grants.length > 0 && { right: { role: subject, rules: found.map(({ index }) => index), grants: held.grants } }),
    };
  },
  examples: () => ({
    good: [
      heldEverywhere(clusterRole('{apiGroups: ["", apps], resources: [pods, deployments], verbs: [get, list]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: ["pods/*"], verbs: [get]}')),
      clusterRole('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}').replace('{name: ci}', '{name: cluster-admin}'),
    ],
    bad: [
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}')),
        path: 'rules[0].resources[0]',
        severity: 'critical',
      },
      { yaml: heldInShop(role('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}')), path: 'rules[0].resources[0]', severity: 'high' },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods], verbs: [get, "*"]}')),
        path: 'rules[0].verbs[1]',
        severity: 'medium',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [apps], resources: ["*"], verbs: [get]}')),
        path: 'rules[0].resources[0]',
        severity: 'high',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [shop.example.com], resources: ["*"], verbs: ["*"]}')),
        path: 'rules[0].resources[0]',
        severity: 'medium',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: ["*"], resources: [pods], verbs: [get]}')),
        path: 'rules[0].apiGroups[0]',
        severity: 'low',
      },
      { yaml: clusterRole('{apiGroups: [""], resources: ["*"], verbs: [list]}'), path: 'rules[0].resources[0]', severity: 'low' },
    ],
  }),
});

function hasWildcard({ verbs, resources, apiGroups }: PolicyRule): boolean {
  return verbs?.includes('*') === true || resources?.includes('*') === true || apiGroups?.includes('*') === true;
}

function pathOf(rule: PolicyRule, index: number): string {
  for (const list of ['resources', 'verbs', 'apiGroups'] as const) {
    const at = rule[list]?.indexOf('*') ?? -1;
    if (at >= 0) return `rules[${index}].${list}[${at}]`;
  }
  return `rules[${index}]`;
}

function severityOf(rule: PolicyRule, held: Holding): Severity {
  if (held.grants.length === 0 && !held.inView) return 'low';
  if (isEverything(rule)) return held.everywhere ? 'critical' : 'high';
  const full = fullSeverity(rule);
  return (rule.resourceNames ?? []).length > 0 ? milder(full) : full;
}

/** All resources hide more than all verbs on named ones, of which the dangerous ones have rules of their own. */
function fullSeverity({ resources, verbs, apiGroups }: PolicyRule): Severity {
  if (resources?.includes('*') === true) return apiGroups?.some((group) => OWN_GROUPS.has(group)) === true ? 'high' : 'medium';
  return resources !== undefined && verbs?.includes('*') === true ? 'medium' : 'low';
}

/** Groups of Kubernetes itself, rather than ones that custom resources bring. */
const OWN_GROUPS = new Set([
  '*',
  '',
  'apps',
  'batch',
  'extensions',
  'policy',
  'autoscaling',
  'rbac.authorization.k8s.io',
  'networking.k8s.io',
  'storage.k8s.io',
  'discovery.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'events.k8s.io',
  'node.k8s.io',
  'scheduling.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'resource.k8s.io',
]);

function messageOf(rule: PolicyRule, held: Holding): string {
  const groups = rule.apiGroups === undefined ? '' : ` of ${allOf('API groups', rule.apiGroups)}`;
  const granted = `${allOf('verbs', rule.verbs)} on ${allOf('resources', rule.resources ?? rule.nonResourceURLs)}${groups}`;
  if (held.grants.length === 0) return `would give ${granted}; ${held.remark}`;
  return `gives ${holdersText(held.grants)} ${granted} ${whereText(held.grants)}${consequences(rule, held)}`;
}

function consequences(rule: PolicyRule, held: Holding): string {
  if (isEverything(rule)) return '';
  const powers = TAKEOVER_POWERS.filter((power) => matchOf(rule, power) !== undefined && (power.clusterScoped !== true || held.everywhere));
  return powers.length === 0 ? '' : `, enough to ${listed([...new Set(powers.map((power) => power.act))])}`;
}

function allOf(what: string, list: readonly string[] = []): string {
  if (list.includes('*')) return `all ${what}`;
  return what === 'API groups'
    ? `the API ${list.length === 1 ? 'group' : 'groups'} ${listed(list.map((group) => group || 'core'))}`
    : listed(list);
}
