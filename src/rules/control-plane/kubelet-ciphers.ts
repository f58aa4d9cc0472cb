import { listOf, parseList, settingOf } from '../../engines/command-line/index.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { enumerate } from './expectations.ts';
import { COMMAND, FIRST, kubelet, kubeletConfiguration } from './manifests.ts';
import { kubeletRule } from './setting-rule.ts';
import { STRONG_SUITES } from './suites.ts';

const TLS_13 = 'VersionTLS13';

export const rule = kubeletRule({
  id: 'kubelet-ciphers',
  title: 'kubelet may use weak cipher suites',
  severity: 'low',
  rationale:
    'With suites that lack forward secrecy or authenticated encryption, recorded exec sessions and logs can be read once the key leaks.',
  remedy: 'Set tlsCipherSuites to ECDHE suites with GCM or ChaCha20, or tlsMinVersion: VersionTLS13. Very old clients then cannot connect.',
  controls: [...cis('4.2.12'), ...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0184'], trivy: ['KCV-0092'], checkov: ['CKV_K8S_151'] },
  flag: '--tls-cipher-suites',
  use: (line) => {
    const version = settingOf(line, '--tls-min-version');
    if (version?.value === TLS_13) return version;
    const list = listOf(line, '--tls-cipher-suites');
    return list === undefined ? undefined : { ...list.use, value: list.items.join(',') };
  },
  field: 'tlsCipherSuites',
  others: ['tlsMinVersion'],
  read: ({ tlsMinVersion, tlsCipherSuites = [] }) =>
    tlsMinVersion === TLS_13 ? TLS_13 : tlsCipherSuites.length === 0 ? undefined : tlsCipherSuites,
  byDefault: { flag: "Go's own choice", file: "Go's own choice" },
  wrong: (value) => {
    if (value === TLS_13) return undefined;
    const weak = parseList(value ?? '').filter((suite) => !STRONG_SUITES.has(suite));
    return weak.length === 0 ? undefined : { because: value?.startsWith('TLS_') === true ? `, where ${enumerate(weak)} is weak` : '' };
  },
  examples: () => ({
    good: [
      kubelet('--tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'),
      kubeletConfiguration('tlsMinVersion: VersionTLS13'),
      kubeletConfiguration('tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]'),
    ],
    bad: [
      { yaml: kubelet('--tls-cipher-suites=TLS_RSA_WITH_AES_128_CBC_SHA'), path: FIRST },
      { yaml: kubelet(), path: COMMAND },
      { yaml: kubeletConfiguration('tlsCipherSuites: [TLS_RSA_WITH_RC4_128_SHA]'), path: 'tlsCipherSuites' },
      { yaml: kubeletConfiguration('tlsCipherSuites: []'), path: 'tlsCipherSuites' },
    ],
  }),
});
