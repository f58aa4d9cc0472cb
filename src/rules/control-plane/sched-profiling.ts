import { settingOf } from '../../engines/command-line/index.ts';
import { cis, nsa } from '../rule.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, FIRST, scheduler } from './manifests.ts';

export const rule = flagRule({
  id: 'sched-profiling',
  title: 'Profiling is on in the scheduler',
  severity: 'low',
  rationale: 'The /debug/pprof endpoints tell an attacker what the process does and holds, and a running profile slows it down.',
  remedy:
    'Set --profiling=false, or enableProfiling: false where the scheduler is given a file by --config, since it then ignores the flag.',
  controls: [...cis('1.4.1'), ...nsa('control-plane-hardening')],
  aliases: { kubescape: ['C-0151'], trivy: ['KCV-0040'], checkov: ['CKV_K8S_114'] },
  component: 'kube-scheduler',
  expect(line) {
    const config = settingOf(line, '--config');
    if (config !== undefined)
      return {
        words: `has its settings in ${config.value}, where enableProfiling counts and --profiling does not`,
        use: config,
        status: 'unknown',
      };
    return boolean('--profiling', false, { byDefault: true, mends: true })(line);
  },
  examples: () => ({
    good: [scheduler('--profiling=false')],
    bad: [
      { yaml: scheduler('--profiling=true'), path: FIRST },
      { yaml: scheduler(), path: COMMAND },
      { yaml: scheduler('--config=/etc/kubernetes/scheduler.yaml', '--profiling=false'), path: FIRST, status: 'unknown' },
    ],
  }),
});
