import { cis, mitre, nsa } from '../rule.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, controllerManager, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'cm-sa-credentials',
  title: 'Controllers share one set of rights',
  severity: 'medium',
  rationale:
    'All controllers act with the rights of the controller manager together; with accounts of their own each has only what it needs, and the audit log says which one acted.',
  remedy: 'Set --use-service-account-credentials=true; with RBAC the roles for it exist already.',
  controls: [...cis('1.3.3'), ...nsa('control-plane-hardening', 'rbac'), ...mitre('T1078')],
  aliases: { kubescape: ['C-0146'], trivy: ['KCV-0035'], checkov: ['CKV_K8S_108'] },
  component: 'kube-controller-manager',
  expect: boolean('--use-service-account-credentials', true, { byDefault: false, mends: true }),
  examples: () => ({
    good: [controllerManager('--use-service-account-credentials=true'), controllerManager('--use-service-account-credentials')],
    bad: [
      { yaml: controllerManager('--use-service-account-credentials=false'), path: FIRST },
      { yaml: controllerManager(), path: COMMAND },
    ],
  }),
});
