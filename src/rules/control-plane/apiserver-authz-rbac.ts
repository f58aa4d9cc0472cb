import { cis, mitre, nsa } from '../rule.ts';
import { withMode } from './authorizers.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-authz-rbac',
  title: 'API server does not use RBAC',
  severity: 'high',
  rationale:
    'Roles and bindings have no effect without the RBAC authorizer: rights come from files or webhooks that nobody sees in the cluster.',
  remedy: 'Add RBAC to --authorization-mode after the roles that are needed are bound.',
  controls: [...cis('1.2.8'), ...nsa('control-plane-hardening', 'rbac'), ...mitre('T1078')],
  aliases: { kubescape: ['C-0120'], trivy: ['KCV-0009'], checkov: ['CKV_K8S_77'] },
  effort: 'medium',
  component: 'kube-apiserver',
  reads: ['AuthorizationConfiguration'],
  expect: withMode('RBAC'),
  examples: () => ({
    good: [apiServer('--authorization-mode=Node,RBAC')],
    bad: [
      { yaml: apiServer('--authorization-mode=Node,ABAC'), path: FIRST, severity: 'high' },
      { yaml: apiServer('--authorization-mode=Node,Webhook'), path: FIRST, severity: 'medium' },
      { yaml: apiServer(), path: COMMAND },
    ],
  }),
});
