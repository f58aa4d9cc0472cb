import { aks } from './cloud-examples.ts';
import { cloudRule, mustBeOn } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'aks-azure-rbac',
  title: 'Azure does not decide who may do what in the cluster',
  severity: 'low',
  rationale:
    'With Azure RBAC the rights of people stand in one place for the cloud and the cluster, with reviews, conditions and temporary elevation; bindings inside of the cluster are easily forgotten.',
  remedy:
    'Run az aks update --enable-azure-rbac and assign the roles Azure Kubernetes Service RBAC Reader, Writer and Admin by namespace. Bindings that are in the cluster go on to count.',
  controls: [...ofDistributions({ aks: ['5.5.2'] }), ...nsa('rbac'), ...mitre('T1098')],
  effort: 'medium',
  azure: mustBeOn('aadProfile.enableAzureRbac', 'Azure RBAC is not used in the cluster'),
  examples: () => ({
    good: [aks({ aadProfile: { managed: true, enableAzureRbac: true } })],
    bad: [{ yaml: aks({ aadProfile: { managed: true } }), path: 'aadProfile.enableAzureRbac' }],
  }),
});
