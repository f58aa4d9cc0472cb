import { nsa, ofDistributions } from '../rule.ts';
import { openshiftRule } from './openshift-rule.ts';

export const rule = openshiftRule({
  id: 'ocp-scc-admission',
  title: 'Admission of security contexts needs a look',
  severity: 'low',
  rationale: 'Security context constraints are what keeps pods of OpenShift from the node; a control plane without them takes any pod.',
  remedy:
    'Look at oc get kubeapiserver cluster -o yaml: security.openshift.io/SecurityContextConstraint must not be among the disabled plugins.',
  controls: [...ofDistributions({ openshift: ['1.2.12'] }), ...nsa('pod-security-enforcement')],
  component: 'kube-apiserver',
  look: 'look whether admission by security context constraints is on',
});
