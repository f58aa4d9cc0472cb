import type { Part } from '../../engines/audit-policy/index.ts';
import { mitre, nsa } from '../rule.ts';
import { fieldOf, forWhom, listed, lossesOf } from './audit-parts.ts';
import { AUDIT_TEXT, auditConfigMap, auditPolicy, auditPolicyRule } from './audit-rule.ts';

const READS = new Set(['role-reads', 'log-reads', 'access-reviews', 'every-read']);

export const rule = auditPolicyRule({
  id: 'audit-policy-hides-reads',
  title: 'Audit policy drops reads',
  severity: 'low',
  rationale:
    'An attacker reads before he acts: who may do what, which pods run, what they log. Where reads are not recorded nobody sees it, and of no right to read can it be proven that it is unused.',
  remedy:
    'Record reads at level Metadata, with the stage RequestReceived omitted to halve their number; leave out single resources that are read all the time, such as leases, endpoints and events, and the components that do it.',
  controls: [...nsa('control-plane-hardening', 'audit-logging'), ...mitre('T1562.008')],
  effort: 'medium',
  find: (policy) =>
    lossesOf(policy, READS, (part) => part.rule !== undefined && part.level === 'None' && isWide(part)).map(
      ({ part, titles, classes }) => ({
        message: `audit policy drops ${listed(titles)}, such as ${part.requests[0]}${forWhom(part)}`,
        ...fieldOf(policy, part),
        key: classes.join(' '),
      }),
    ),
  examples: () => ({
    good: [
      auditPolicy('{level: Metadata}'),
      auditPolicy(
        '{level: None, resources: [{group: "", resources: [events, endpoints]}, {group: coordination.k8s.io}]}',
        '{level: Metadata}',
      ),
      auditPolicy('{level: None, userGroups: ["system:nodes"], verbs: [get, list, watch]}', '{level: Metadata}'),
      auditPolicy('{level: None, nonResourceURLs: ["/healthz*", "/version"]}', '{level: Metadata}'),
      auditPolicy('{level: None, verbs: [create]}', '{level: Metadata}').replace('create', 'bind'),
    ],
    bad: [
      { yaml: auditPolicy('{level: None, verbs: [get, list, watch]}', '{level: Metadata}'), path: 'rules[0].level', severity: 'low' },
      {
        yaml: auditPolicy('{level: Metadata, verbs: [get]}', '{level: None, verbs: [get, watch]}', '{level: Metadata}'),
        path: 'rules[1].level',
      },
      {
        yaml: auditPolicy('{level: None, verbs: [list], resources: [{group: "*", resources: ["*"]}]}', '{level: Metadata}'),
        path: 'rules[0].level',
      },
      { yaml: auditPolicy('{level: None, resources: [{group: "", resources: [pods/log]}]}', '{level: Metadata}'), path: 'rules[0].level' },
      { yaml: auditPolicy('{level: None, resources: [{group: authorization.k8s.io}]}', '{level: Metadata}'), path: 'rules[0].level' },
      { yaml: auditConfigMap('{level: None, verbs: [get, list, watch]}'), path: AUDIT_TEXT },
    ],
  }),
});

/** Of reads of anything only those of unknown groups or of all the core group count: single ones are left out for their number. */
function isWide({ sample: { apiGroup, subresource }, requests }: Part): boolean {
  if (apiGroup === 'rbac.authorization.k8s.io' || apiGroup === 'authorization.k8s.io' || subresource === 'log') return true;
  return requests.some((request) => / \*(?:\.\*)?$/.test(request));
}
