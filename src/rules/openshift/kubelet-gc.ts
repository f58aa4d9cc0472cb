import { nsa, ofDistributions } from '../rule.ts';
import { openshiftRule } from './openshift-rule.ts';

export const rule = openshiftRule({
  id: 'kubelet-gc',
  title: 'Garbage collection of nodes needs a look',
  severity: 'low',
  rationale: 'A node whose disk fills up with images and dead containers evicts pods, those of security tools too.',
  remedy:
    'Set evictionHard, imageGCHighThresholdPercent, imageGCLowThresholdPercent and imageMinimumGCAge in a KubeletConfig for each pool.',
  controls: [...ofDistributions({ openshift: ['4.2.1'] }), ...nsa('resource-policies')],
  component: 'kubelet',
  look: 'look whether the KubeletConfig of each pool sets eviction and garbage collection',
});
