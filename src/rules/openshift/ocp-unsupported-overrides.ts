import { nsa, ofDistributions } from '../rule.ts';
import { openshiftRule } from './openshift-rule.ts';

export const rule = openshiftRule({
  id: 'ocp-unsupported-overrides',
  title: 'Overrides of operators need a look',
  severity: 'low',
  rationale:
    'What stands in unsupportedConfigOverrides changes the control plane beside everything that the operators check, and survives upgrades.',
  remedy:
    'Look at oc get kubeapiserver,kubecontrollermanager,kubescheduler,etcd cluster -o yaml: spec.unsupportedConfigOverrides should be null.',
  controls: [...ofDistributions({ openshift: ['1.2.31'] }), ...nsa('control-plane-hardening')],
  component: 'kube-apiserver',
  look: 'look whether operators carry unsupportedConfigOverrides',
});
