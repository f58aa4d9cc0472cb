/** The files that components name: in their flags, and in the files that those name in turn. */
import { isRecord } from '../../lib/record.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import type { Want } from './files.ts';

/** What is wanted of the file that a flag names; `manifests` and `drop-ins` are folders. */
type Named = Want | 'manifests' | 'drop-ins';

const FLAGS: Readonly<Record<string, Named>> = {
  config: 'config',
  'config-file': 'config',
  'openshift-config': 'config',
  'config-dir': 'drop-ins',
  'pod-manifest-path': 'manifests',
  kubeconfig: 'kubeconfig',
  'bootstrap-kubeconfig': 'kubeconfig',
  'authentication-kubeconfig': 'kubeconfig',
  'authorization-kubeconfig': 'kubeconfig',
  'audit-webhook-config-file': 'kubeconfig',
  'audit-policy-file': 'config',
  'encryption-provider-config': 'config',
  'authentication-config': 'config',
  'authorization-config': 'config',
  'admission-control-config-file': 'config',
  'egress-selector-config-file': 'config',
  'client-ca-file': 'certificates',
  'tls-cert-file': 'certificates',
  'etcd-cafile': 'certificates',
  'etcd-certfile': 'certificates',
  'kubelet-client-certificate': 'certificates',
  'kubelet-certificate-authority': 'certificates',
  'proxy-client-cert-file': 'certificates',
  'requestheader-client-ca-file': 'certificates',
  'oidc-ca-file': 'certificates',
  'root-ca-file': 'certificates',
  'cluster-signing-cert-file': 'certificates',
  'cert-file': 'certificates',
  'peer-cert-file': 'certificates',
  'trusted-ca-file': 'certificates',
  'peer-trusted-ca-file': 'certificates',
  'tls-private-key-file': 'stat',
  'etcd-keyfile': 'stat',
  'kubelet-client-key': 'stat',
  'proxy-client-key-file': 'stat',
  'service-account-key-file': 'stat',
  'service-account-signing-key-file': 'stat',
  'service-account-private-key-file': 'stat',
  'cluster-signing-key-file': 'stat',
  'key-file': 'stat',
  'peer-key-file': 'stat',
  'token-auth-file': 'stat',
  'basic-auth-file': 'stat',
  'audit-log-path': 'stat',
  'data-dir': 'stat',
  'wal-dir': 'stat',
  'cert-dir': 'stat',
  'root-dir': 'stat',
};

export interface NamedFile {
  path: string;
  want: Named;
  /** `--kubeconfig of kubelet` */
  namedBy: string;
}

export function filesOfCommand(program: string, argv: readonly string[]): NamedFile[] {
  return flagsOf(argv).flatMap(({ name, value }) => {
    const want = Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined;
    return want === undefined || !value.startsWith('/') ? [] : [{ path: value, want, namedBy: `--${name} of ${program}` }];
  });
}

/** etcd's variables are its flags. */
export function filesOfEnvironment(environment: Readonly<Record<string, string>>): NamedFile[] {
  const argv = Object.entries(environment).map(([name, value]) => `--${name.slice(5).toLowerCase().replaceAll('_', '-')}=${value}`);
  return filesOfCommand('etcd', argv);
}

const FIELDS: readonly { path: readonly string[]; want: Named }[] = [
  { path: ['authentication', 'x509', 'clientCAFile'], want: 'certificates' },
  { path: ['tlsCertFile'], want: 'certificates' },
  { path: ['tlsPrivateKeyFile'], want: 'stat' },
  { path: ['staticPodPath'], want: 'manifests' },
  { path: ['clientConnection', 'kubeconfig'], want: 'kubeconfig' },
];

/** Of the kubelet, kube-proxy, the scheduler, and of the file of admission plugins. */
export function filesOfConfig(file: string, text: string): NamedFile[] {
  const parsed = parseConfigText(text);
  const root: unknown = parsed?.value;
  if (!isRecord(root)) return [];
  const named = FIELDS.flatMap(({ path, want }): NamedFile[] => {
    const value = path.reduce<unknown>((part, key) => (isRecord(part) ? part[key] : undefined), root);
    return typeof value === 'string' && value.startsWith('/') ? [{ path: value, want, namedBy: `${path.join('.')} in ${file}` }] : [];
  });
  const plugins = Array.isArray(root.plugins) ? (root.plugins as unknown[]) : [];
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  for (const plugin of plugins.slice(0, 50)) {
    const path = isRecord(plugin) ? plugin.path : undefined;
    if (typeof path === 'string' && path !== '')
      named.push({ path: path.startsWith('/') ? path : folder + path, want: 'config', namedBy: `plugins in ${file}` });
  }
  return named;
}

/** The commands of the containers of a static pod, with the tags of their images. */
export function commandsOfManifest(text: string): { argv: string[]; image: string }[] {
  const parsed = parseConfigText(text);
  const spec = isRecord(parsed?.value) ? parsed.value.spec : undefined;
  const containers = isRecord(spec) && Array.isArray(spec.containers) ? (spec.containers as unknown[]) : [];
  return containers.slice(0, 20).flatMap((container) => {
    if (!isRecord(container)) return [];
    const argv = [container.command, container.args].flatMap((words) => (Array.isArray(words) ? (words as unknown[]) : []));
    const image = typeof container.image === 'string' ? container.image : '';
    return [{ argv: argv.filter((word) => typeof word === 'string'), image }];
  });
}

/** Both `--flag=value` and `--flag value`. */
function flagsOf(argv: readonly string[]): { name: string; value: string }[] {
  return argv.flatMap((word, index) => {
    const [, written, value] = /^--?([A-Za-z][\w-]*)(?:=([^]*))?$/.exec(word) ?? [];
    if (written === undefined) return [];
    const next = argv[index + 1];
    const given = value ?? (next === undefined || next.startsWith('-') ? '' : next);
    return given === '' ? [] : [{ name: written.replaceAll('_', '-'), value: given }];
  });
}
