import { aks, eks, gke } from './cloud-examples.ts';
import { cloudRule, lookAt } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

const TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

export const rule = cloudRule({
  id: 'cloud-audit-logs-on',
  title: 'Control plane keeps no logs for you',
  severity: 'medium',
  rationale:
    'The provider runs the API server, so its audit log is kept where it is switched on and nowhere else: without it nobody can say what an intruder asked for.',
  remedy:
    'Switch the logs on: all five types in logging.clusterLogging on EKS, a diagnostic setting with kube-audit-admin or kube-audit on AKS, SYSTEM_COMPONENTS with the API server component on GKE. They cost by volume.',
  controls: [...ofDistributions({ eks: ['2.1.1'], aks: ['2.1.1'], gke: ['5.7.1'] }), ...nsa('audit-logging'), ...mitre('T1562')],
  aws(cluster) {
    const entries = cluster.entries('logging.clusterLogging').filter(({ path }) => cluster.flag(`${path}.enabled`) === true);
    const on = new Set(entries.flatMap(({ path }) => cluster.texts(`${path}.types`)));
    const off = TYPES.filter((type) => !on.has(type));
    if (off.length === 0) return { path: 'logging.clusterLogging' };
    return {
      path: 'logging.clusterLogging',
      wrong: `the control plane keeps no logs of ${off.join(', ')}`,
      ...(off.includes('audit') ? {} : { severity: 'low' as const }),
    };
  },
  azure: lookAt(
    'id',
    'look whether a diagnostic setting of the cluster keeps kube-audit or kube-audit-admin: az monitor diagnostic-settings list --resource ID',
  ),
  google(cluster) {
    const path = 'loggingConfig.componentConfig.enableComponents';
    const on = cluster.texts(path);
    if (on.length === 0) {
      const service = cluster.text('loggingService');
      if (service !== undefined && service !== 'none') return { path: 'loggingService' };
      return { path, wrong: 'logging is off' };
    }
    return { path, wrong: on.includes('SYSTEM_COMPONENTS') ? undefined : 'system components are not logged' };
  },
  examples: () => ({
    good: [
      eks({ logging: { clusterLogging: [{ types: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'], enabled: true }] } }),
      gke({ loggingConfig: { componentConfig: { enableComponents: ['SYSTEM_COMPONENTS', 'APISERVER'] } } }),
      gke({ loggingService: 'logging.googleapis.com/kubernetes' }),
    ],
    bad: [
      {
        yaml: eks({
          logging: { clusterLogging: [{ types: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'], enabled: false }] },
        }),
        path: 'logging.clusterLogging',
        severity: 'medium',
      },
      {
        yaml: eks({
          logging: {
            clusterLogging: [
              { types: ['audit'], enabled: true },
              { types: ['api'], enabled: false },
            ],
          },
        }),
        path: 'logging.clusterLogging',
        severity: 'low',
      },
      { yaml: aks({}), path: 'id', status: 'manual' },
      { yaml: gke({ loggingService: 'none' }), path: 'loggingConfig.componentConfig.enableComponents' },
    ],
  }),
});
