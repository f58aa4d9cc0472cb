import { parseBoolean } from '../../engines/command-line/index.ts';
import { documents } from '../examples.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { COMMAND, FIRST, kubelet, kubeletConfiguration } from './manifests.ts';
import { kubeletRule } from './setting-rule.ts';

const IN_CONFIG_MAP = `
apiVersion: v1
kind: ConfigMap
metadata: {name: kubelet-config, namespace: kube-system}
data:
  kubelet: |
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    authentication: {anonymous: {enabled: true}}`;

export const rule = kubeletRule({
  id: 'kubelet-anonymous-auth',
  title: 'kubelet answers anonymous requests',
  severity: 'high',
  rationale:
    'Whoever reaches port 10250 of the node may ask the kubelet without a credential; unless authorization stops it, that runs commands in every pod of the node.',
  remedy:
    'Set authentication.anonymous.enabled: false in the KubeletConfiguration, or --anonymous-auth=false; health checks from outside must then use port 10248 on the node.',
  controls: [...cis('4.2.1'), ...nsa('control-plane-hardening', 'anonymous-requests'), ...mitre('T1609', 'T1133')],
  aliases: { kubescape: ['C-0172'], trivy: ['KCV-0079'], checkov: ['CKV_K8S_138'] },
  flag: '--anonymous-auth',
  field: 'authentication.anonymous.enabled',
  read: (config) => config.authentication?.anonymous?.enabled,
  byDefault: { flag: 'true', file: 'false' },
  wrong: (value) => (parseBoolean(value ?? '') === false ? undefined : {}),
  mend: false,
  examples: () => ({
    good: [
      kubelet('--anonymous-auth=false'),
      kubeletConfiguration('readOnlyPort: 0'),
      kubeletConfiguration('authentication: {anonymous: {enabled: false}}'),
      documents(kubelet('--config=/var/lib/kubelet/config.yaml'), kubeletConfiguration('readOnlyPort: 0')),
    ],
    bad: [
      { yaml: kubelet(), path: COMMAND },
      { yaml: kubelet('--anonymous-auth=true'), path: FIRST },
      { yaml: kubeletConfiguration('authentication: {anonymous: {enabled: true}}'), path: 'authentication.anonymous.enabled' },
      {
        yaml: kubeletConfiguration('authentication: {anonymous: {enabled: "false"}}'),
        path: 'authentication.anonymous.enabled',
        status: 'unknown',
      },
      { yaml: IN_CONFIG_MAP, path: 'data.kubelet' },
      { yaml: kubelet('--config=/var/lib/kubelet/config.yaml'), path: COMMAND, status: 'unknown' },
    ],
  }),
});
