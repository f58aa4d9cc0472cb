import { cis, nsa } from '../rule.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, controllerManager, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'cm-profiling',
  title: 'Profiling is on in the controller manager',
  severity: 'low',
  rationale: 'The /debug/pprof endpoints tell an attacker what the process does and holds, and a running profile slows it down.',
  remedy: 'Set --profiling=false; turn it on again for the time that a problem is looked into.',
  controls: [...cis('1.3.2'), ...nsa('control-plane-hardening')],
  aliases: { kubescape: ['C-0145'], trivy: ['KCV-0034'], checkov: ['CKV_K8S_107'] },
  component: 'kube-controller-manager',
  expect: boolean('--profiling', false, { byDefault: true, mends: true }),
  examples: () => ({
    good: [controllerManager('--profiling=false'), controllerManager('--profiling=true', '--profiling=false')],
    bad: [
      { yaml: controllerManager('--profiling=true'), path: FIRST },
      { yaml: controllerManager('--profiling'), path: FIRST },
      { yaml: controllerManager('--contention-profiling=false'), path: COMMAND },
    ],
  }),
});
