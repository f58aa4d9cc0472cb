import { cis, nsa } from '../rule.ts';
import { periodToReview } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, controllerManager, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-request-timeout',
  title: 'Request timeout of the API server needs a look',
  severity: 'low',
  rationale:
    'A timeout that is too long lets slow requests hold connections until the server has none left; one that is too short breaks clients on slow links.',
  remedy: 'Choose --request-timeout for the slowest honest client, in the form 60s or 2m; the default of one minute suits most clusters.',
  controls: [...cis('1.2.20'), ...nsa('control-plane-hardening')],
  aliases: { kubescape: ['C-0134'], checkov: ['CKV_K8S_95'] },
  component: 'kube-apiserver',
  expect: periodToReview('--request-timeout', 'one minute'),
  examples: () => ({
    good: [controllerManager('--request-timeout=never'), apiServer('--request-timeout=2m3s')],
    bad: [
      { yaml: apiServer('--request-timeout=none'), path: FIRST },
      { yaml: apiServer('--request-timeout=0s'), path: FIRST },
      { yaml: apiServer('--request-timeout=300s'), path: FIRST, status: 'manual' },
      { yaml: apiServer(), path: COMMAND, status: 'manual' },
    ],
  }),
});
