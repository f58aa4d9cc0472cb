import { nsa, ofDistributions } from '../rule.ts';
import { openshiftRule } from './openshift-rule.ts';

export const rule = openshiftRule({
  id: 'ocp-sched-api',
  title: 'Service of the scheduler needs a look',
  severity: 'low',
  rationale: 'The service makes the port of the scheduler reachable in the cluster; only certificates and roles guard it then.',
  remedy: 'Look at oc get -n openshift-kube-scheduler service,endpoints, and that it serves over TLS and asks for credentials.',
  controls: [...ofDistributions({ openshift: ['1.4.2'] }), ...nsa('rbac')],
  component: 'kube-scheduler',
  look: 'look whether the service of the scheduler is guarded by TLS and roles',
});
