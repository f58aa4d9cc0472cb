import { nsa, ofDistributions } from '../rule.ts';
import { openshiftRule } from './openshift-rule.ts';

export const rule = openshiftRule({
  id: 'ocp-healthz-rbac',
  title: 'Health endpoints of the API server need a look',
  severity: 'low',
  rationale: 'Health and metrics tell an intruder what runs and how it fares; in OpenShift roles decide who may ask for them.',
  remedy: 'Look which subjects are bound to roles with nonResourceURLs, and that /metrics is not given to everyone.',
  controls: [...ofDistributions({ openshift: ['1.2.17'] }), ...nsa('rbac')],
  component: 'kube-apiserver',
  look: 'look who may read the health and the metrics of the API server',
});
