import { mitre, nsa, ofDistributions } from '../rule.ts';
import { pluginOn } from './admission.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND } from './manifests.ts';

/** SecurityContextDeny is gone from this minor on; Pod Security admission is in every release after 1.22. */
const GONE = 30;
const REPLACED = 23;

export const rule = flagRule({
  id: 'admission-securitycontextdeny',
  title: 'Old API server has neither SecurityContextDeny nor its successor',
  severity: 'low',
  rationale:
    'Before Pod Security admission only this plugin, or PodSecurityPolicy, kept pods from taking rights over the node that they run on.',
  remedy:
    'Upgrade, and give namespaces a Pod Security level; before 1.23 add SecurityContextDeny or PodSecurityPolicy to --enable-admission-plugins. SecurityContextDeny refuses every pod that sets the users and labels that it runs as.',
  controls: [...ofDistributions({ rke2: ['1.2.12'] }), ...nsa('pod-security-enforcement'), ...mitre('T1611')],
  component: 'kube-apiserver',
  reads: ['kubernetes'],
  expect(line, { kubernetes }) {
    if (kubernetes.minor >= GONE)
      return { words: 'has no such plugin any more: Pod Security admission took its place', status: 'not-applicable' };
    if (kubernetes.minor >= REPLACED) return undefined;
    const missing = pluginOn('SecurityContextDeny')(line);
    return missing === undefined || pluginOn('PodSecurityPolicy')(line) === undefined ? undefined : missing;
  },
  examples: () => ({
    good: [apiServer('--enable-admission-plugins=SecurityContextDeny')],
    bad: [{ yaml: apiServer(), path: COMMAND, status: 'not-applicable' }],
  }),
});
