import { cis, nsa } from '../rule.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-profiling',
  title: 'Profiling is on in the API server',
  severity: 'low',
  rationale: 'The /debug/pprof endpoints tell an attacker what the process does and holds, and a running profile slows it down.',
  remedy: 'Set --profiling=false; turn it on again for the time that a problem is looked into.',
  controls: [...cis('1.2.15'), ...nsa('control-plane-hardening')],
  aliases: { kubescape: ['C-0129'], trivy: ['KCV-0018'], checkov: ['CKV_K8S_90'] },
  component: 'kube-apiserver',
  expect: boolean('--profiling', false, { byDefault: true, mends: true }),
  examples: () => ({
    good: [apiServer('--profiling=false'), apiServer('--profiling=true', '--profiling=false')],
    bad: [
      { yaml: apiServer('--profiling=true'), path: FIRST },
      { yaml: apiServer('--profiling'), path: FIRST },
      { yaml: apiServer('--contention-profiling=false'), path: COMMAND },
    ],
  }),
});
