import { cis, mitre, nsa } from '../rule.ts';
import { fieldOf, forWhom, listed, lossesOf } from './audit-parts.ts';
import { AUDIT_TEXT, auditConfigMap, auditPolicy, auditPolicyRule } from './audit-rule.ts';

/** Beside what audit-policy-coverage asks for. */
const CHANGES = new Set([
  'role-writes',
  'admission-writes',
  'certificate-requests',
  'token-requests',
  'service-account-writes',
  'namespace-writes',
  'workload-writes',
  'debug-containers',
  'kubelet-requests',
  'api-extensions',
  'network-writes',
  'volume-writes',
  'node-writes',
]);

export const rule = auditPolicyRule({
  id: 'audit-policy-hides-changes',
  title: 'Audit policy drops changes that decide on access',
  severity: 'medium',
  rationale:
    'Who gives himself rights, switches an admission webhook off, has a certificate signed or asks for the token of another account leaves no trace where a rule of level None takes the request first.',
  remedy:
    'Narrow the rule to what makes the noise: the users of the components, the verbs get, list and watch, or single resources such as leases and events. More is then written to the log.',
  controls: [...cis('3.2.2'), ...nsa('control-plane-hardening', 'audit-logging'), ...mitre('T1562.008')],
  effort: 'medium',
  find: (policy) =>
    lossesOf(policy, CHANGES, ({ rule, level }) => rule !== undefined && level === 'None').map(({ part, touched, titles, classes }) => ({
      message: `audit policy drops ${listed(titles)}, such as ${part.requests[0]}${forWhom(part)}`,
      ...fieldOf(policy, part),
      key: classes.join(' '),
      ...(touched === 'some' && { severity: 'low' as const }),
    })),
  examples: () => ({
    good: [
      auditPolicy('{level: Metadata}'),
      auditPolicy('{level: None, verbs: [list, watch]}', '{level: Metadata}'),
      auditPolicy('{level: None, users: ["system:kube-controller-manager"]}', '{level: Metadata}'),
      auditPolicy('{level: None, resources: [{group: "", resources: [events]}, {group: coordination.k8s.io}]}', '{level: Metadata}'),
      auditPolicy('{level: Metadata, verbs: [create]}', '{level: Metadata, verbs: [update, patch, delete, deletecollection]}'),
    ],
    bad: [
      {
        yaml: auditPolicy('{level: None, resources: [{group: rbac.authorization.k8s.io}]}', '{level: Metadata}'),
        path: 'rules[0].level',
        severity: 'medium',
      },
      {
        yaml: auditPolicy('{level: None, resources: [{group: "", resources: ["serviceaccounts/*"]}]}', '{level: Metadata}'),
        path: 'rules[0].level',
      },
      // By GET requests too the kubelet runs commands.
      { yaml: auditPolicy('{level: None, verbs: [get, list, watch]}', '{level: Metadata}'), path: 'rules[0].level' },
      { yaml: auditPolicy('{level: None, verbs: [deletecollection]}', '{level: Metadata}'), path: 'rules[0].level' },
      { yaml: auditPolicy('{level: None, users: [deployer]}', '{level: Metadata}'), path: 'rules[0].level', severity: 'low' },
      { yaml: auditPolicy('{level: Request, omitStages: [RequestReceived, ResponseComplete]}'), path: 'rules[0].omitStages' },
      { yaml: auditConfigMap('{level: None, resources: [{group: admissionregistration.k8s.io}]}'), path: AUDIT_TEXT },
    ],
  }),
});
