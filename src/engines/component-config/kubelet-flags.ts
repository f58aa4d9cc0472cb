/** Flags of the kubelet that are fields of its file; a flag wins over the file (cmd/kubelet/app/options). */
import { parseBoolean, parseFeatureGates, parseInteger, parseList } from '../command-line/index.ts';

type Read = (text: string) => unknown;

const asText: Read = (text) => text;
const asBoolean: Read = (text) => parseBoolean(text) ?? text;
const asNumber: Read = (text) => parseInteger(text) ?? text;

export const KUBELET_FLAGS: Readonly<Record<string, { path: readonly string[]; read: Read }>> = {
  '--anonymous-auth': { path: ['authentication', 'anonymous', 'enabled'], read: asBoolean },
  '--authentication-token-webhook': { path: ['authentication', 'webhook', 'enabled'], read: asBoolean },
  '--client-ca-file': { path: ['authentication', 'x509', 'clientCAFile'], read: asText },
  '--authorization-mode': { path: ['authorization', 'mode'], read: asText },
  '--address': { path: ['address'], read: asText },
  '--port': { path: ['port'], read: asNumber },
  '--read-only-port': { path: ['readOnlyPort'], read: asNumber },
  '--streaming-connection-idle-timeout': { path: ['streamingConnectionIdleTimeout'], read: asText },
  '--make-iptables-util-chains': { path: ['makeIPTablesUtilChains'], read: asBoolean },
  '--event-qps': { path: ['eventRecordQPS'], read: asNumber },
  '--tls-cert-file': { path: ['tlsCertFile'], read: asText },
  '--tls-private-key-file': { path: ['tlsPrivateKeyFile'], read: asText },
  '--tls-min-version': { path: ['tlsMinVersion'], read: asText },
  '--tls-cipher-suites': { path: ['tlsCipherSuites'], read: parseList },
  '--rotate-server-certificates': { path: ['serverTLSBootstrap'], read: asBoolean },
  '--rotate-certificates': { path: ['rotateCertificates'], read: asBoolean },
  '--feature-gates': { path: ['featureGates'], read: (text) => Object.fromEntries(parseFeatureGates(text)) },
  '--pod-max-pids': { path: ['podPidsLimit'], read: asNumber },
  '--seccomp-default': { path: ['seccompDefault'], read: asBoolean },
  '--protect-kernel-defaults': { path: ['protectKernelDefaults'], read: asBoolean },
  '--pod-manifest-path': { path: ['staticPodPath'], read: asText },
  '--healthz-bind-address': { path: ['healthzBindAddress'], read: asText },
  '--healthz-port': { path: ['healthzPort'], read: asNumber },
  '--manifest-url': { path: ['staticPodURL'], read: asText },
  '--enable-server': { path: ['enableServer'], read: asBoolean },
  '--enable-debugging-handlers': { path: ['enableDebuggingHandlers'], read: asBoolean },
  '--allowed-unsafe-sysctls': { path: ['allowedUnsafeSysctls'], read: parseList },
};

/** What the kubelet starts from where it is given no file: the defaults of flags, and not those of files. */
export const FLAG_DEFAULTS = {
  authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
  authorization: { mode: 'AlwaysAllow' },
  readOnlyPort: 10_255,
} as const;
