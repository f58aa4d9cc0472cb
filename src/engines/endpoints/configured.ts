/** What a component is told about a port of its own, to be compared with what the port does. */
import { TLS_VERSIONS, type EndpointFact, type PortUse, type TlsVersion } from '../../snapshot/index.ts';
import { isLoopback, parseBoolean } from '../command-line/index.ts';
import type { ProxySettings, Setting, Started } from '../component-config/index.ts';

/** Only what is known: a flag that is not set has the default of its release, and says nothing here. */
export interface Configured {
  anonymous?: Setting<boolean>;
  leastVersion?: Setting<TlsVersion>;
  /** Of TLS 1.2 and older; those of 1.3 cannot be chosen. */
  suites?: Setting<readonly string[]>;
  /** Whether clients must show a certificate. */
  clientCertificate?: Setting<boolean>;
  /** Whether the port is to be there at all. */
  open?: Setting<boolean>;
  /** Fingerprint of the certificate in the file that is to be served. */
  certificate?: Setting<string>;
}

export function configuredOf(started: Started, use: PortUse): Configured {
  const { component } = started;
  if (component === 'kubelet') return ofKubelet(started, use);
  if (component === 'etcd') return ofEtcd(started, use);
  if (use !== 'secure') return {};
  return {
    ...(component === 'kube-apiserver' &&
      started.flag('--authentication-config') === undefined && {
        ...set('anonymous', booleanOf(started.flag('--anonymous-auth'))),
      }),
    ...set('leastVersion', versionOf(started.flag('--tls-min-version'))),
    ...set('suites', started.list('--tls-cipher-suites')),
    ...set('certificate', certificateOf(started, started.flag('--tls-cert-file'))),
  };
}

/** What listens on loopback only is not open to whoever asks from elsewhere. */
export function configuredOfProxy(proxy: ProxySettings, { host, use }: Pick<EndpointFact, 'host' | 'use'>): Configured {
  if (isLoopback(host) || (use !== 'metrics' && use !== 'health')) return {};
  const setting = proxy[use];
  return { open: { ...setting, value: !isLoopback(setting.value) } };
}

function ofEtcd(started: Started, use: PortUse): Configured {
  if (use !== 'client' && use !== 'peer') return {};
  const prefix = use === 'peer' ? '--peer-' : '--';
  return {
    ...set('clientCertificate', booleanOf(started.flag(`${prefix}client-cert-auth`))),
    ...set('leastVersion', versionOf(started.flag('--tls-min-version'))),
    ...set('suites', started.list('--cipher-suites')),
    ...set('certificate', certificateOf(started, started.flag(`${prefix}cert-file`))),
  };
}

function ofKubelet(started: Started, use: PortUse): Configured {
  const field = <T>(path: string, read: (value: unknown) => T | undefined): Setting<T> | undefined => {
    const { kubelet } = started;
    if (kubelet === undefined) return undefined;
    const raw = path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], kubelet.config);
    const value = read(raw);
    if (value === undefined) return undefined;
    const { origin, path: where } = kubelet.object.locate(path);
    return { value, source: origin.source, path: where, shown: raw };
  };
  if (use === 'read-only')
    return set(
      'open',
      field('readOnlyPort', (value) => (typeof value === 'number' ? value !== 0 : undefined)),
    );
  const certificate = field('tlsCertFile', (value) => (typeof value === 'string' ? value : undefined));
  return {
    ...set(
      'anonymous',
      field('authentication.anonymous.enabled', (value) => (typeof value === 'boolean' ? value : undefined)),
    ),
    ...set('leastVersion', versionOf(field('tlsMinVersion', (value) => (typeof value === 'string' ? value : undefined)))),
    ...set('suites', field('tlsCipherSuites', textsOf)),
    ...set('certificate', certificateOf(started, certificate)),
  };
}

function set<K extends keyof Configured>(name: K, value: Configured[K] | undefined): Pick<Configured, K> | object {
  return value === undefined ? {} : { [name]: value };
}

function textsOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.filter((each) => typeof each === 'string');
}

function booleanOf(setting: Setting<string> | undefined): Setting<boolean> | undefined {
  const value = setting === undefined ? undefined : parseBoolean(setting.value);
  return setting === undefined || value === undefined ? undefined : { ...setting, value };
}

/** `VersionTLS12`, and `TLS1.2` of etcd. */
function versionOf(setting: Setting<string> | undefined): Setting<TlsVersion> | undefined {
  const [, minor] = /^(?:VersionTLS1|TLS1\.)([0-3])$/.exec(setting?.value ?? '') ?? [];
  const value = minor === undefined ? undefined : TLS_VERSIONS[Number(minor)];
  return setting === undefined || value === undefined ? undefined : { ...setting, value };
}

/** The first certificate of the file, as it was when the facts of the node were collected. */
function certificateOf({ facts }: Started, file: Setting<string> | undefined): Setting<string> | undefined {
  const found = facts?.certificates.find(({ path, part }) => path === file?.value && (part === undefined || part === '[0]'));
  return file === undefined || found === undefined ? undefined : { ...file, value: found.fingerprint };
}
