import { nsa } from '../rule.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, FIRST, cloudControllerManager } from './manifests.ts';

export const rule = flagRule({
  id: 'ccm-profiling',
  title: 'Profiling is on in the cloud controller manager',
  severity: 'low',
  rationale:
    'The /debug/pprof endpoints tell an attacker what the process does and holds, credentials of the cloud among it, and a running profile slows it down.',
  remedy: 'Set --profiling=false; turn it on again for the time that a problem is looked into.',
  controls: [...nsa('control-plane-hardening')],
  component: 'cloud-controller-manager',
  expect: boolean('--profiling', false, { byDefault: true, mends: true }),
  examples: () => ({
    good: [cloudControllerManager('--profiling=false')],
    bad: [
      { yaml: cloudControllerManager('--profiling'), path: FIRST },
      { yaml: cloudControllerManager('--cloud-provider=aws'), path: COMMAND },
    ],
  }),
});
