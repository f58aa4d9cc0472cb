import { nsa, ofDistributions } from '../rule.ts';
import { openshiftRule } from './openshift-rule.ts';

export const rule = openshiftRule({
  id: 'ocp-apf',
  title: 'Fair queues of the API server need a look',
  severity: 'low',
  rationale: 'Without priority and fairness one client that asks too much keeps all others out, controllers and security tools among them.',
  remedy:
    'Look at oc get flowschemas and prioritylevelconfigurations: those that OpenShift makes are there, and none gives one client everything.',
  controls: [...ofDistributions({ openshift: ['1.2.7'] }), ...nsa('control-plane-hardening')],
  component: 'kube-apiserver',
  look: 'look whether requests are queued by priority and fairness as OpenShift sets it up',
});
