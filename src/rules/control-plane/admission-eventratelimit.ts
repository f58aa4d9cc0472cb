import { cis, nsa } from '../rule.ts';
import { pluginOn } from './admission.ts';
import { fileRule } from './file-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

const LIMITS = `
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins: [{name: EventRateLimit, path: limits.yaml}]`;

export const rule = fileRule({
  id: 'admission-eventratelimit',
  title: 'Events are taken at any rate',
  severity: 'low',
  rationale: 'A broken or hostile workload can send events until etcd is full and the API server slow for everyone.',
  remedy:
    'Enable EventRateLimit and give it limits in the file of --admission-control-config-file; too tight ones lose events that operators want to see.',
  controls: [...cis('1.2.9'), ...nsa('control-plane-hardening')],
  aliases: { kubescape: ['C-0121'], trivy: ['KCV-0010'], checkov: ['CKV_K8S_78'] },
  kind: 'AdmissionConfiguration',
  // The plugin does not start without limits, so a file that leaves it out settles the matter.
  file: ({ plugins = [] }) =>
    plugins.some(({ name }) => name === 'EventRateLimit')
      ? []
      : [{ message: 'AdmissionConfiguration gives EventRateLimit no limits', path: 'plugins' }],
  shownOf({ plugins = [] }) {
    const index = plugins.findIndex(({ name }) => name === 'EventRateLimit');
    return { message: 'AdmissionConfiguration gives EventRateLimit limits', path: `plugins[${index}].name`, value: plugins[index]?.name };
  },
  server: pluginOn('EventRateLimit'),
  examples: () => ({
    good: [apiServer('--enable-admission-plugins=NodeRestriction,EventRateLimit'), LIMITS],
    bad: [
      { yaml: apiServer('--enable-admission-plugins=NodeRestriction'), path: FIRST },
      { yaml: apiServer(), path: COMMAND },
      { yaml: LIMITS.replace('EventRateLimit', 'PodSecurity'), path: 'plugins' },
    ],
  }),
});
