import { nsa, ofDistributions } from '../rule.ts';
import { openshiftRule } from './openshift-rule.ts';

export const rule = openshiftRule({
  id: 'ocp-scc-privileged',
  title: 'Use of the privileged constraint needs a look',
  severity: 'low',
  rationale: 'Whoever may use the constraint privileged starts pods that are root on the node.',
  remedy: 'Look with oc adm policy who-can use scc privileged: leave it to the operators that cannot do without.',
  controls: [...ofDistributions({ openshift: ['5.2.10'] }), ...nsa('privileged-containers')],
  component: 'kube-apiserver',
  look: 'look who may use the constraint privileged, and the like anyuid and hostaccess',
});
