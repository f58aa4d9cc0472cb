import { isAtLeast } from '../../engines/audit-policy/index.ts';
import { mitre, nsa } from '../rule.ts';
import { fieldOf, forWhom, listed, lossesOf } from './audit-parts.ts';
import { AUDIT_TEXT, auditConfigMap, auditPolicy, auditPolicyRule } from './audit-rule.ts';

/** Of these an event without a body does not say what became of the cluster. */
const CHANGES = new Set(['role-writes', 'admission-writes', 'certificate-requests', 'pod-writes', 'workload-writes', 'debug-containers']);
const WITH_BODY = /^(?:create|update|patch) /;

export const rule = auditPolicyRule({
  id: 'audit-policy-thin-changes',
  title: 'Audit policy does not say what was changed',
  severity: 'low',
  rationale:
    'At level Metadata the log tells that a role, a webhook or a pod was changed, and not to what: a binding to cluster-admin looks like any other, and a privileged pod like a harmless one.',
  remedy:
    'Put a rule of level Request for create, update and patch of roles, bindings, admission configuration, certificate requests, pods and workloads before the rule of level Metadata. Environment variables of pods are then in the log.',
  controls: [...nsa('control-plane-hardening', 'audit-logging'), ...mitre('T1562.008')],
  effort: 'medium',
  find(policy) {
    const losses = lossesOf(
      policy,
      CHANGES,
      ({ level, requests }) => level !== 'None' && !isAtLeast(level, 'Request') && requests.some((request) => WITH_BODY.test(request)),
    );
    return losses
      .filter(({ touched }) => touched === 'everyone')
      .map(({ part, titles, classes }) => ({
        message: `audit policy records ${listed(titles)} without their contents, such as ${part.requests.find((request) => WITH_BODY.test(request))}${forWhom(part)}`,
        ...fieldOf(policy, part),
        key: classes.join(' '),
      }));
  },
  examples: () => {
    const resources =
      'resources: [{group: "", resources: [pods, pods/ephemeralcontainers, replicationcontrollers]}, {group: apps}, {group: batch}, {group: rbac.authorization.k8s.io}, {group: admissionregistration.k8s.io}, {group: certificates.k8s.io}]';
    return {
      good: [
        auditPolicy('{level: RequestResponse}'),
        auditPolicy(`{level: Request, verbs: [create, update, patch], ${resources}}`, '{level: Metadata}'),
        auditPolicy('{level: Metadata, users: ["system:kube-scheduler"]}', '{level: Request}'),
      ],
      bad: [
        { yaml: auditPolicy('{level: Metadata}'), path: 'rules[0].level', severity: 'low' },
        { yaml: auditPolicy(`{level: Request, verbs: [create], ${resources}}`, '{level: Metadata}'), path: 'rules[1].level' },
        {
          yaml: auditPolicy('{level: Metadata, resources: [{group: rbac.authorization.k8s.io}]}', '{level: Request}'),
          path: 'rules[0].level',
        },
        { yaml: auditPolicy('{level: Request, omitStages: [ResponseComplete]}'), path: 'rules[0].omitStages' },
        { yaml: auditConfigMap('{level: Metadata}'), path: AUDIT_TEXT },
      ],
    };
  },
});
