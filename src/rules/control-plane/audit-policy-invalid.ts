import { cis, mitre, nsa } from '../rule.ts';
import { AUDIT_TEXT, auditConfigMap, auditFileRule, auditPolicy } from './audit-rule.ts';

const NODES = '{level: Metadata, resources: [{group: "", resources: [nodes]}]}';

export const rule = auditFileRule({
  id: 'audit-policy-invalid',
  title: 'Audit policy that the API server refuses',
  severity: 'high',
  rationale:
    'With a policy that it cannot use the API server does not start, which is noticed at its next restart and not when the file is written; a field that it does not know it reads past, and the rule then means more than it says.',
  remedy: 'Mend the named field; verbs, users and namespaces stand in the rule itself, beside resources and not inside them.',
  controls: [...cis('3.2.1'), ...nsa('control-plane-hardening', 'audit-logging'), ...mitre('T1562.008')],
  covers: ['schema-invalid'],
  find: ({ problems, ignored, newer }, { minor }) => [
    ...[...problems, ...newer.filter((each) => minor < each.minor)].map(({ path, message }) => ({
      message: `API server refuses the audit policy: ${message}`,
      path,
      key: withoutIndexes(path),
    })),
    ...ignored.map((path) => ({
      message: `API server reads past ${path} of the audit policy`,
      path,
      key: withoutIndexes(path),
      severity: 'medium' as const,
    })),
  ],
  examples: () => ({
    good: [
      auditPolicy('{level: None, nonResourceURLs: ["/healthz*"], verbs: [get]}', NODES, '{level: Metadata}'),
      auditConfigMap(NODES),
      '{apiVersion: v1, kind: ConfigMap, metadata: {name: notes, namespace: shop}, data: {a: "kind: Policy of audit.k8s.io/v1"}}',
    ],
    bad: [
      { yaml: auditPolicy(), path: 'rules', severity: 'high' },
      { yaml: auditPolicy(NODES.replace('Metadata', 'metadata')), path: 'rules[0].level' },
      { yaml: auditPolicy(NODES.replace('""', 'rbac.authorization.k8s.io/v1')), path: 'rules[0].resources[0].group' },
      { yaml: auditPolicy('{level: None, users: [5]}'), path: 'rules[0].users[0]' },
      { yaml: auditPolicy('{level: None, nonResourceURLs: [healthz]}'), path: 'rules[0].nonResourceURLs[0]' },
      { yaml: auditPolicy(NODES.replace('}]}', '}], nonResourceURLs: ["/metrics"]}')), path: 'rules[0].nonResourceURLs' },
      { yaml: auditPolicy(NODES).replace('k8s.io/v1', 'k8s.io/v1beta1'), path: 'apiVersion' },
      {
        yaml: auditPolicy(NODES.replace('resources: [nodes]', 'resources: [nodes], verbs: [get]')),
        path: 'rules[0].resources[0].verbs',
        severity: 'medium',
      },
      { yaml: auditConfigMap('{level: Metadata, omitStages: [Received]}'), path: AUDIT_TEXT },
    ],
  }),
});

function withoutIndexes(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '');
}
