import { isLoopback } from '../../engines/command-line/index.ts';
import { documents } from '../examples.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { COMMAND, FIRST, staticPod } from './manifests.ts';
import { kubeProxyRule } from './setting-rule.ts';

const FILE = `
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
metricsBindAddress: ADDRESS`;
const IN_CONFIG_MAP = `
apiVersion: v1
kind: ConfigMap
metadata: {name: kube-proxy, namespace: kube-system}
data:
  config.conf: |
    apiVersion: kubeproxy.config.k8s.io/v1alpha1
    kind: KubeProxyConfiguration
    metricsBindAddress: 0.0.0.0:10249`;

export const rule = kubeProxyRule({
  id: 'proxy-metrics-bind',
  title: 'Metrics of kube-proxy are open to the network',
  severity: 'low',
  rationale:
    'The port answers without a credential and tells the services, the mode and the load of the node to everyone who can reach it.',
  remedy:
    'Set metricsBindAddress: 127.0.0.1:10249, or remove it; a Prometheus that scrapes the port from elsewhere then needs a proxy on the node.',
  controls: [...cis('4.3.1'), ...nsa('control-plane-hardening', 'worker-segmentation'), ...mitre('T1046', 'T1613')],
  aliases: { kubescape: ['C-0291'] },
  flag: '--metrics-bind-address',
  field: 'metricsBindAddress',
  read: (config) => config.metricsBindAddress || undefined,
  byDefault: { flag: '127.0.0.1:10249', file: '127.0.0.1:10249' },
  wrong: (value) => (isLoopback(value ?? '') ? undefined : {}),
  examples: () => ({
    good: [
      FILE.replace('ADDRESS', '127.0.0.1:10249'),
      FILE.replace('ADDRESS', '""'),
      documents(staticPod('kube-proxy', ['--config=/var/lib/kube-proxy/config.conf']), FILE.replace('ADDRESS', '"[::1]:10249"')),
    ],
    bad: [
      { yaml: FILE.replace('ADDRESS', '0.0.0.0:10249'), path: 'metricsBindAddress' },
      { yaml: FILE.replace('ADDRESS', '10.127.0.0.1:10249'), path: 'metricsBindAddress' },
      { yaml: IN_CONFIG_MAP, path: 'data["config.conf"]' },
      { yaml: staticPod('kube-proxy', ['--metrics-bind-address=0.0.0.0:10249']), path: FIRST },
      { yaml: staticPod('kube-proxy', ['--config=/var/lib/kube-proxy/config.conf']), path: COMMAND, status: 'unknown' },
    ],
  }),
});
