import { mitre, nsa, ofDistributions } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'aks-azurejson-perm',
  title: 'Credentials of AKS nodes can be read or changed by others',
  severity: 'medium',
  rationale:
    'The file tells the node how to sign in at Azure, in some clusters with the secret of a service principal: whoever reads it holds that identity, and whoever changes it sends the node elsewhere.',
  remedy:
    'Run chmod 644 on /etc/kubernetes/azure.json, or 600 where nothing but root has to read it; new nodes of AKS come with the right mode.',
  controls: [...ofDistributions({ aks: ['3.1.3'] }), ...nsa('kubeconfig-protection'), ...mitre('T1552')],
  component: 'kubelet',
  files: 'cloud-config',
  what: 'a file for signing in at Azure',
  most: 0o644,
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/azure.json': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/azure.json': '666 root:root' } }), path: 'mode' }],
  }),
});
