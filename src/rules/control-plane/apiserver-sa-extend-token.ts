import { cis, mitre, nsa } from '../rule.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-sa-extend-token',
  title: 'Bound account tokens are stretched to a year',
  severity: 'low',
  rationale:
    'The API server quietly issues tokens for pods that live a year instead of an hour, so that a stolen one stays useful long after the pod is gone.',
  remedy:
    'Set --service-account-extend-token-expiration=false once no client is left that never re-reads its token (metric serviceaccount_stale_tokens_total).',
  controls: [...cis('1.2.30'), ...nsa('control-plane-hardening', 'token-protection'), ...mitre('T1528')],
  aliases: { kubescape: ['C-0290'] },
  effort: 'medium',
  component: 'kube-apiserver',
  expect: boolean('--service-account-extend-token-expiration', false, { byDefault: true }),
  examples: () => ({
    good: [apiServer('--service-account-extend-token-expiration=false')],
    bad: [
      { yaml: apiServer(), path: COMMAND },
      { yaml: apiServer('--service-account-extend-token-expiration=true'), path: FIRST },
    ],
  }),
});
