import { parseBoolean, settingOf } from '../../engines/command-line/index.ts';
import type { CommandLine, FlagUse } from '../../engines/command-line/index.ts';
import type { BodyOf } from '../../model/index.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { COMMAND, kubelet, kubeletConfiguration } from './manifests.ts';
import { kubeletRule } from './setting-rule.ts';

const OWN = 'one that the kubelet signs itself';

export const rule = kubeletRule({
  id: 'kubelet-serving-cert',
  title: 'kubelet signs its own serving certificate',
  severity: 'low',
  rationale:
    'Nobody can verify a certificate that the kubelet made for itself, so the API server and monitoring talk to whoever answers at the address of the node.',
  remedy: 'Set serverTLSBootstrap: true and approve the certificate requests, or name tlsCertFile and tlsPrivateKeyFile.',
  controls: [...cis('4.2.9'), ...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0181'], trivy: ['KCV-0088', 'KCV-0089'], checkov: ['CKV_K8S_148'] },
  effort: 'medium',
  flag: '--tls-cert-file and --tls-private-key-file',
  use: certificateFlag,
  field: 'tlsCertFile',
  others: ['tlsPrivateKeyFile', 'serverTLSBootstrap'],
  read: certificateOf,
  byDefault: { file: OWN },
  wrong: (value) => (value === undefined || value === '' || value === OWN ? {} : undefined),
  examples: () => ({
    good: [
      kubelet('--tls-cert-file=/pki/kubelet.crt', '--tls-private-key-file=/pki/kubelet.key'),
      kubeletConfiguration('serverTLSBootstrap: true'),
      kubeletConfiguration('tlsCertFile: /pki/k.crt\ntlsPrivateKeyFile: /pki/k.key'),
    ],
    bad: [
      { yaml: kubelet('--tls-cert-file=/pki/kubelet.crt'), path: COMMAND },
      { yaml: kubeletConfiguration('tlsCertFile: /pki/kubelet.crt'), path: 'tlsCertFile' },
      { yaml: kubeletConfiguration('serverTLSBootstrap: false'), path: 'tlsCertFile' },
      { yaml: kubeletConfiguration('serverTLSBootstrap: "true"'), path: 'serverTLSBootstrap', status: 'unknown' },
    ],
  }),
});

/** Both files, or a certificate that the cluster signs on request. */
function certificateOf(config: BodyOf<'KubeletConfiguration'>): string | undefined {
  if (config.serverTLSBootstrap === true) return 'signed by the cluster';
  return config.tlsPrivateKeyFile === undefined ? undefined : config.tlsCertFile;
}

function certificateFlag(line: CommandLine): FlagUse | undefined {
  const bootstrap = settingOf(line, '--rotate-server-certificates');
  if (bootstrap !== undefined && parseBoolean(bootstrap.value) === true) return bootstrap;
  return settingOf(line, '--tls-private-key-file') === undefined ? undefined : settingOf(line, '--tls-cert-file');
}
