/**
 * What the ports of a cluster answered to somebody without credentials: TLS, certificates, paths. Nothing that was
 * answered is kept, only whether it was; but for the configuration of kubelets, where that was asked for.
 */
import type { CertificateFact } from './node-facts.ts';
import type { Gap } from './snapshot.ts';

export const PROBE_SCHEMA = 'castellan/probe/v1';

export const PORT_OWNERS = [
  'kube-apiserver',
  'kube-controller-manager',
  'cloud-controller-manager',
  'kube-scheduler',
  'etcd',
  'kubelet',
  'kube-proxy',
  'unknown',
] as const;
export type PortOwner = (typeof PORT_OWNERS)[number];

/** What a component has the port for. */
export const PORT_USES = ['secure', 'read-only', 'client', 'peer', 'metrics', 'health'] as const;
export type PortUse = (typeof PORT_USES)[number];

export interface ProbeFacts {
  schema: typeof PROBE_SCHEMA;
  /** RFC 3339 in UTC with seconds. */
  probedAt: string;
  /** Version of Castellan. */
  probedBy: string;
  endpoints: EndpointFact[];
  /** What could not be asked. */
  gaps: Gap[];
}

export interface EndpointFact {
  /** As it was asked for: an address or a name. */
  host: string;
  port: number;
  component: PortOwner;
  use: PortUse;
  /** The Node that it is a port of, where that is known. */
  node?: string;
  /** What told that the port is there: `the kubeconfig`, `Node node1`, `--target`. */
  from: string;
  /** `closed`: nobody listens there. `silent`: nothing came back, as behind a firewall. */
  state: 'open' | 'closed' | 'silent';
  /** Whether it speaks HTTP without TLS. */
  http: boolean;
  tls?: TlsFact;
  answers: AnswerFact[];
  /** Of a kubelet, where somebody who may read it asked for it. */
  configz?: ConfigzFact;
}

/** What a kubelet says of itself (`GET /configz`): the settings that it runs with, whatever its files hold by now. */
export interface ConfigzFact {
  /** What was shown to it: the client certificate of the kubeconfig, or a token that was named for this. */
  by: (typeof CONFIGZ_CREDENTIALS)[number];
  /** Why nothing vouches that a kubelet of this cluster answered; left out where its certificate leads to the cluster's CA. */
  untrusted?: string;
  /** The KubeletConfiguration, without its secrets. */
  config: Readonly<Record<string, unknown>>;
}

export const CONFIGZ_CREDENTIALS = ['certificate', 'token'] as const;

export const TLS_VERSIONS = ['TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

export interface TlsFact {
  versions: { version: TlsVersion; accepted: 'yes' | 'no' | 'unknown'; suites: string[] }[];
  /** Whether a client must show a certificate. */
  clientCertificate: 'required' | 'not-required' | 'unknown';
  /** As they were sent, that of the server first. */
  certificates: ServedCertificate[];
}

export interface ServedCertificate extends CertificateFact {
  /** `ecdsa-with-sha256`, `sha1-with-rsa`; the OID where it has no name here. */
  signature: string;
  /** Signed by its own key. */
  selfSigned: boolean;
  /** Whether it is for the host that was asked. */
  fits?: boolean;
}

export interface AnswerFact {
  scheme: 'http' | 'https';
  path: string;
  /** Of HTTP; left out where there was no answer. */
  status?: number;
  /** Why there was none. */
  failed?: string;
}

/** `10.0.0.1:6443`, `[fd00::1]:6443`. */
export function endpointName({ host, port }: Pick<EndpointFact, 'host' | 'port'>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
