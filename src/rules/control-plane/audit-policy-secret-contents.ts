import { storedContents } from '../../engines/audit-policy/index.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { fieldOf, forWhom, touchedBy } from './audit-parts.ts';
import { AUDIT_TEXT, auditConfigMap, auditPolicy, auditPolicyRule } from './audit-rule.ts';

const SAFE =
  '{level: Metadata, resources: [{group: "", resources: [secrets, serviceaccounts/token]}, {group: authentication.k8s.io, resources: [tokenreviews]}]}';

export const rule = auditPolicyRule({
  id: 'audit-policy-secret-contents',
  title: 'Audit log stores Secrets and tokens',
  severity: 'high',
  rationale:
    'The log goes to collectors, archives and people who may not read Secrets in the cluster; whoever reads it there has every password and token that was written or read since.',
  remedy:
    'Put a rule of level Metadata for secrets, serviceaccounts/token and tokenreviews before every rule of level Request or RequestResponse that takes them, and change what the log already holds.',
  controls: [...cis('3.2.2'), ...nsa('control-plane-hardening', 'audit-logging'), ...mitre('T1552')],
  covers: ['audit-policy-coverage'],
  effort: 'medium',
  find: (policy) =>
    storedContents(policy)
      .filter(({ id }) => id !== 'configmaps')
      .flatMap(({ id, title, parts }) => {
        const part = parts.find((one) => touchedBy(policy, one) === 'everyone') ?? parts[0];
        if (part === undefined) return [];
        return {
          message: `audit log stores ${title} (level ${part.level}, such as for ${part.requests[0] ?? id})${forWhom(part)}`,
          ...fieldOf(policy, part),
          key: `${id} without-content`,
          ...(touchedBy(policy, part) !== 'everyone' && { severity: 'medium' as const }),
        };
      }),
  examples: () => ({
    good: [
      auditPolicy('{level: Metadata}'),
      auditPolicy(SAFE, '{level: RequestResponse}'),
      auditPolicy(SAFE.replace('Metadata', 'None'), '{level: RequestResponse}'),
      auditPolicy('{level: Request, verbs: [get, list, watch]}', '{level: Metadata}'),
      auditPolicy('{level: RequestResponse, omitStages: [ResponseComplete]}'),
      auditPolicy('{level: RequestResponse, resources: [{group: "", resources: [pods, configmaps]}]}', '{level: Metadata}'),
    ],
    bad: [
      { yaml: auditPolicy('{level: RequestResponse}'), path: 'rules[0].level', severity: 'high' },
      { yaml: auditPolicy(SAFE.replace('secrets, ', ''), '{level: Request}'), path: 'rules[1].level', severity: 'high' },
      { yaml: auditPolicy(SAFE.replace(', serviceaccounts/token', ''), '{level: RequestResponse}'), path: 'rules[1].level' },
      {
        yaml: auditPolicy('{level: RequestResponse, verbs: [get], resources: [{group: ""}]}', '{level: Metadata}'),
        path: 'rules[0].level',
      },
      { yaml: auditPolicy('{level: Request, namespaces: [shop]}', '{level: Metadata}'), path: 'rules[0].level', severity: 'medium' },
      { yaml: auditConfigMap('{level: RequestResponse}'), path: AUDIT_TEXT },
    ],
  }),
});
