import { nsa, ofDistributions } from '../rule.ts';
import { openshiftRule } from './openshift-rule.ts';

export const rule = openshiftRule({
  id: 'ocp-alwayspullimages-off',
  title: 'Pull policy of images needs a look',
  severity: 'low',
  rationale:
    'The admission plugin AlwaysPullImages keeps OpenShift from starting pods while a registry is away, so it leaves it out; then a pod may run an image that another one was allowed to pull.',
  remedy: 'Look whether namespaces of different trust share nodes; where they do, demand imagePullPolicy Always by an admission policy.',
  controls: [...ofDistributions({ openshift: ['1.2.9'] }), ...nsa('control-plane-hardening')],
  component: 'kube-apiserver',
  look: 'look whether workloads of different trust share images on nodes',
});
