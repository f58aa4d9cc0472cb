import { nsa, ofDistributions } from '../rule.ts';
import { openshiftRule } from './openshift-rule.ts';

export const rule = openshiftRule({
  id: 'ocp-cm-healthz',
  title: 'Health endpoint of the controller manager needs a look',
  severity: 'low',
  rationale: 'The endpoint tells what the controllers do, and in some releases offers profiles of the process.',
  remedy: 'Look that the port 10257 asks for credentials, and who may get /metrics by roles.',
  controls: [...ofDistributions({ openshift: ['1.3.1'] }), ...nsa('rbac')],
  component: 'kube-controller-manager',
  look: 'look who may ask the controller manager for its health and metrics',
});
