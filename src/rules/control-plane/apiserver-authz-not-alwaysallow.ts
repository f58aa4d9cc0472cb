import { documents } from '../examples.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { withoutMode } from './authorizers.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

const FILE = `
apiVersion: apiserver.config.k8s.io/v1
kind: AuthorizationConfiguration
authorizers: [{type: Node, name: node}, {type: RBAC, name: rbac}]`;

export const rule = flagRule({
  id: 'apiserver-authz-not-alwaysallow',
  title: 'API server allows every request',
  severity: 'critical',
  rationale:
    'With AlwaysAllow every authenticated user and every pod with a token is administrator of the cluster, whatever the roles say.',
  remedy: 'Set --authorization-mode=Node,RBAC. Bind roles for the accounts in use first: what relied on having every right stops working.',
  controls: [...cis('1.2.6'), ...nsa('control-plane-hardening', 'rbac'), ...mitre('T1078')],
  aliases: { kubescape: ['C-0118'], trivy: ['KCV-0007'], checkov: ['CKV_K8S_74'] },
  covers: ['apiserver-authz-node', 'apiserver-authz-rbac'],
  effort: 'high',
  component: 'kube-apiserver',
  reads: ['AuthorizationConfiguration'],
  expect: withoutMode('AlwaysAllow'),
  examples: () => ({
    good: [apiServer('--authorization-mode=Node,RBAC'), documents(apiServer('--authorization-config=/etc/kubernetes/authz.yaml'), FILE)],
    bad: [
      { yaml: apiServer('--authorization-mode=RBAC,AlwaysAllow'), path: FIRST },
      { yaml: apiServer(), path: COMMAND },
      { yaml: apiServer('--authorization-config=/etc/kubernetes/authz.yaml'), path: FIRST, status: 'unknown' },
    ],
  }),
});
