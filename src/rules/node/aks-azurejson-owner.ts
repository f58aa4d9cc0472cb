import { mitre, nsa, ofDistributions } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'aks-azurejson-owner',
  title: 'Credentials of AKS nodes belong to another user than root',
  severity: 'medium',
  rationale:
    'The file tells the node how to sign in at Azure, in some clusters with the secret of a service principal: whoever reads it holds that identity, and whoever changes it sends the node elsewhere.',
  remedy: 'Run chown root:root on /etc/kubernetes/azure.json.',
  controls: [...ofDistributions({ aks: ['3.1.4'] }), ...nsa('kubeconfig-protection'), ...mitre('T1552')],
  component: 'kubelet',
  files: 'cloud-config',
  what: 'a file for signing in at Azure',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/azure.json': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/azure.json': '600 kube:kube' } }), path: 'owner' }],
  }),
});
