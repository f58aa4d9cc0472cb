import { cis, mitre, nsa } from '../rule.ts';
import { withMode } from './authorizers.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-authz-node',
  title: 'API server lacks the Node authorizer',
  severity: 'medium',
  rationale:
    'The Node authorizer limits each kubelet to the pods and Secrets of its own node; without it kubelets need broad rights, and one broken node reads the Secrets of all.',
  remedy: 'Put Node in front of RBAC in --authorization-mode, and enable the NodeRestriction admission plugin with it.',
  controls: [...cis('1.2.7'), ...nsa('control-plane-hardening', 'rbac'), ...mitre('T1078')],
  aliases: { kubescape: ['C-0119'], trivy: ['KCV-0008'], checkov: ['CKV_K8S_75'] },
  component: 'kube-apiserver',
  reads: ['AuthorizationConfiguration'],
  expect: withMode('Node'),
  examples: () => ({
    good: [apiServer('--authorization-mode=Node,RBAC'), apiServer('--authorization-mode', 'RBAC,Node')],
    bad: [
      { yaml: apiServer('--authorization-mode=RBAC'), path: FIRST },
      { yaml: apiServer('--authorization-mode=NodeLike,RBAC'), path: FIRST },
      { yaml: apiServer(), path: COMMAND },
    ],
  }),
});
