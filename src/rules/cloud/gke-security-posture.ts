import { gke } from './cloud-examples.ts';
import { cloudRule } from './cloud-rule.ts';
import { nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-security-posture',
  title: 'Security posture of GKE is off',
  severity: 'info',
  rationale: 'The dashboard looks at workloads and images and tells of holes that became known later.',
  remedy: 'Run gcloud container clusters update NAME --security-posture=standard; the basic checks cost nothing.',
  controls: [...ofDistributions({ gke: ['5.10.4'] }), ...nsa('threat-detection')],
  google(cluster) {
    const path = 'securityPostureConfig.mode';
    const mode = cluster.text(path) ?? 'DISABLED';
    return { path, wrong: /^(?:DISABLED|MODE_UNSPECIFIED)$/.test(mode) ? 'the security posture dashboard is off' : undefined };
  },
  examples: () => ({
    good: [gke({ securityPostureConfig: { mode: 'BASIC' } })],
    bad: [{ yaml: gke({ securityPostureConfig: { mode: 'DISABLED' } }), path: 'securityPostureConfig.mode' }],
  }),
});
