import { gke } from './cloud-examples.ts';
import { cloudRule } from './cloud-rule.ts';
import { mitre, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-no-dashboard',
  title: 'Kubernetes dashboard is installed by GKE',
  severity: 'medium',
  rationale: 'The dashboard once ran with the rights of an administrator; GKE has long replaced it by its console.',
  remedy: 'Run gcloud container clusters update NAME --update-addons=KubernetesDashboard=DISABLED.',
  controls: [...ofDistributions({ gke: ['5.10.1'] }), ...mitre('T1133')],
  google(cluster) {
    const path = 'addonsConfig.kubernetesDashboard.disabled';
    // New releases have no such add-on, and say nothing of it.
    const isOn = cluster.has('addonsConfig.kubernetesDashboard') && cluster.flag(path) !== true;
    return { path, wrong: isOn ? 'the dashboard is installed' : undefined };
  },
  examples: () => ({
    good: [gke({ addonsConfig: { kubernetesDashboard: { disabled: true } } }), gke({ addonsConfig: {} })],
    bad: [{ yaml: gke({ addonsConfig: { kubernetesDashboard: {} } }), path: 'addonsConfig.kubernetesDashboard.disabled' }],
  }),
});
