import { nsa, ofDistributions } from '../rule.ts';
import { openshiftRule } from './openshift-rule.ts';

export const rule = openshiftRule({
  id: 'ocp-sched-healthz',
  title: 'Health endpoint of the scheduler needs a look',
  severity: 'low',
  rationale: 'The endpoint tells what the scheduler does, and in some releases offers profiles of the process.',
  remedy: 'Look that the port 10259 asks for credentials, and who may get /metrics by roles.',
  controls: [...ofDistributions({ openshift: ['1.4.1'] }), ...nsa('rbac')],
  component: 'kube-scheduler',
  look: 'look who may ask the scheduler for its health and metrics',
});
