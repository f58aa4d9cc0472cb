import { aks, eks } from './cloud-examples.ts';
import { cloudRule, lookAt } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'cloud-audit-logs-kept',
  title: 'Logs of the control plane may not be kept long enough',
  severity: 'low',
  rationale:
    'An intrusion is often found months later; logs that were deleted before, or that the same account may delete, tell nothing then.',
  remedy:
    'Look at the log group of the cluster: set a retention that covers an investigation (a year is usual), and send a copy to an account that administrators of this cluster cannot write to.',
  controls: [...ofDistributions({ eks: ['2.1.2'] }), ...nsa('audit-logging'), ...mitre('T1562')],
  byPerson: true,
  aws: lookAt('logging.clusterLogging', 'look how long the log group /aws/eks/NAME/cluster keeps its logs, and who may delete them'),
  examples: () => ({
    good: [aks({})],
    bad: [{ yaml: eks({ logging: { clusterLogging: [] } }), path: 'logging.clusterLogging', status: 'manual' }],
  }),
});
