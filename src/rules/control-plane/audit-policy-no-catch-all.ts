import { ANY, AUTHENTICATED, partsOf } from '../../engines/audit-policy/index.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { AUDIT_TEXT, auditConfigMap, auditPolicy, auditPolicyRule } from './audit-rule.ts';

export const rule = auditPolicyRule({
  id: 'audit-policy-no-catch-all',
  title: 'Audit policy drops what no rule names',
  severity: 'medium',
  rationale:
    'A request that no rule matches is not recorded at all. APIs that come with a new release or an operator are then open to whoever has rights on them, and nobody can tell afterwards what was done.',
  remedy:
    'End the policy with a rule that has nothing but level Metadata, and put rules of level None for the noise before it. More is then written to the log.',
  controls: [...cis('3.2.2'), ...nsa('control-plane-hardening', 'audit-logging'), ...mitre('T1562.008')],
  coversSameField: ['audit-policy-coverage'],
  effort: 'medium',
  find(policy) {
    const targets = [{ group: ANY, resource: ANY, subresource: ANY, scope: 'any' }] as const;
    const { parts } = partsOf(policy, { who: AUTHENTICATED, verbs: [ANY], targets, paths: [] });
    const dropped = parts.find(({ rule }) => rule === undefined);
    if (dropped === undefined) return [];
    const { user, namespace } = dropped.sample;
    const where = namespace === '' ? '' : ` in namespace "${namespace}"`;
    // A policy that takes some users only is told with one whom it does not take.
    const who = policy.rules.some(({ users, userGroups }) => users.length + userGroups.length > 0) ? ` by user "${user?.name ?? ''}"` : '';
    return [
      {
        message: `audit policy has no rule for ${dropped.requests[0] ?? 'some requests'}${where}${who}, so nothing is recorded of it`,
        path: 'rules',
        value: undefined,
      },
    ];
  },
  examples: () => ({
    good: [
      auditPolicy('{level: Metadata}'),
      auditPolicy('{level: None, resources: [{group: "", resources: [events]}]}', '{level: Request}'),
      auditPolicy('{level: Metadata, userGroups: ["system:authenticated"]}'),
      auditPolicy('{level: Metadata, resources: [{group: "*"}]}'),
      auditPolicy('{level: Metadata}', '{level: None, verbs: [get]}'),
    ],
    bad: [
      { yaml: auditPolicy('{level: Metadata, resources: [{group: "", resources: [pods]}]}'), path: 'rules' },
      { yaml: auditPolicy('{level: Metadata, resources: [{group: ""}, {group: apps}]}'), path: 'rules' },
      { yaml: auditPolicy('{level: Metadata, verbs: [create, update, patch, delete, deletecollection]}'), path: 'rules' },
      { yaml: auditPolicy('{level: Metadata, users: [alice]}'), path: 'rules' },
      { yaml: auditPolicy('{level: Metadata, namespaces: [shop, ""]}'), path: 'rules' },
      { yaml: auditConfigMap('{level: Metadata, verbs: [get]}'), path: AUDIT_TEXT },
    ],
  }),
});
