import { aks, gke } from './cloud-examples.ts';
import { cloudRule, lookAt } from './cloud-rule.ts';
import { nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-auditd',
  title: 'Linux audit logs of nodes need a look',
  severity: 'info',
  rationale: 'The log of system calls tells what was started on a node and who changed its files, which no log of Kubernetes holds.',
  remedy: 'Deploy the cloud-audit logging DaemonSet of Google for COS nodes where an investigation would need it. It costs disk and speed.',
  controls: [...ofDistributions({ gke: ['5.7.2'] }), ...nsa('audit-logging')],
  byPerson: true,
  google: lookAt('loggingConfig', 'look whether the nodes write Linux audit logs, and where these go'),
  examples: () => ({
    good: [aks({})],
    bad: [{ yaml: gke({}), path: 'loggingConfig', status: 'manual' }],
  }),
});
