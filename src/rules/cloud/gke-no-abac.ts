import { gke } from './cloud-examples.ts';
import { cloudRule, mustBeOff } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-no-abac',
  title: 'Rights are also given by legacy ABAC',
  severity: 'high',
  rationale: 'With legacy authorization every service account and user may do nearly everything, whatever RBAC says.',
  remedy:
    'Run gcloud container clusters update NAME --no-enable-legacy-authorization. What relied on it needs roles first: see castellan rbac.',
  controls: [...ofDistributions({ gke: ['5.8.3'] }), ...nsa('rbac'), ...mitre('T1098')],
  google: mustBeOff('legacyAbac.enabled', 'legacy authorization is on'),
  examples: () => ({
    good: [gke({ legacyAbac: {} })],
    bad: [{ yaml: gke({ legacyAbac: { enabled: true } }), path: 'legacyAbac.enabled' }],
  }),
});
