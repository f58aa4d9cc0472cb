import { eks } from './cloud-examples.ts';
import { cloudRule } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'eks-access-entries',
  title: 'Access to the cluster is kept in a ConfigMap',
  severity: 'medium',
  rationale:
    'Whoever may write the ConfigMap aws-auth makes himself administrator, a mistake in it locks everyone out, and no log of AWS tells who changed it; access entries are rights of AWS with a log.',
  remedy:
    'Make access entries for the roles in aws-auth, then set authenticationMode to API_AND_CONFIG_MAP and later to API: aws eks update-cluster-config --access-config authenticationMode=API. There is no way back from API.',
  controls: [...ofDistributions({ eks: ['4.1.7'] }), ...nsa('rbac', 'strong-authentication'), ...mitre('T1098')],
  effort: 'medium',
  aws(cluster) {
    const path = 'accessConfig.authenticationMode';
    const mode = cluster.text(path) ?? 'CONFIG_MAP';
    if (mode === 'API') return { path };
    if (mode === 'API_AND_CONFIG_MAP')
      return { path, wrong: 'access entries are used, and the ConfigMap aws-auth counts beside them', severity: 'low' };
    return { path, wrong: 'only the ConfigMap aws-auth says who may use the cluster' };
  },
  examples: () => ({
    good: [eks({ accessConfig: { authenticationMode: 'API' } })],
    bad: [
      { yaml: eks({ accessConfig: { authenticationMode: 'CONFIG_MAP' } }), path: 'accessConfig.authenticationMode', severity: 'medium' },
      {
        yaml: eks({ accessConfig: { authenticationMode: 'API_AND_CONFIG_MAP' } }),
        path: 'accessConfig.authenticationMode',
        severity: 'low',
      },
    ],
  }),
});
