import { cis, nsa } from '../rule.ts';
import { atLeast } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, controllerManager, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'cm-terminated-pod-gc',
  title: 'Garbage collection of ended pods needs a threshold',
  severity: 'low',
  rationale: 'Ended pods pile up to 12,500 by default, or without end when collection is off; they fill etcd and slow every list of pods.',
  remedy: 'Set --terminated-pod-gc-threshold to a number that fits the cluster, above 0.',
  controls: [...cis('1.3.1'), ...nsa('control-plane-hardening')],
  aliases: { kubescape: ['C-0144'], trivy: ['KCV-0033'], checkov: ['CKV_K8S_106'] },
  component: 'kube-controller-manager',
  expect: atLeast('--terminated-pod-gc-threshold', 1, { because: 'it is 12500 by default' }),
  examples: () => ({
    good: [controllerManager('--terminated-pod-gc-threshold=1000')],
    bad: [
      { yaml: controllerManager('--terminated-pod-gc-threshold=0'), path: FIRST },
      { yaml: controllerManager(), path: COMMAND },
    ],
  }),
});
