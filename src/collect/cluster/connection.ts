/** How the API server is reached: address, trust, sign-in, on whose behalf. */
import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import type { Cluster } from '@kubernetes/client-node/dist/config_types.js';
import { durationOf } from '../../lib/duration.ts';
import { CastellanError, messageOf } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import { addressOf, proxyAddressOf } from './address.ts';
import { type Identity, Signer } from './signer.ts';
import { actingAs, impersonationOf } from './impersonation.ts';
import { type LoadedConfig, loadKubeConfig } from './kubeconfig.ts';
import { proxyFor } from './proxy.ts';
import { basicOf, certificateOf, heldToken, sourceOf } from './user.ts';

export interface ConnectionFlags {
  kubeconfig?: string;
  context?: string;
  /** Impersonates this user: `jane`, `system:serviceaccount:shop:web`. */
  as?: string;
  asGroup?: readonly string[];
  /** Signs in by this in place of what the kubeconfig has for its user. */
  token?: string;
  /** Of a single request, as kubectl writes it: `30s`, `1m30s`; 0 is none. */
  requestTimeout?: string;
}

export interface Connection {
  /** Without a slash at its end. */
  server: string;
  context: string;
  /** Of the context; `default` where it names none. */
  namespace: string;
  /** Milliseconds for a whole request; undefined is no limit. */
  timeout: number | undefined;
  /** Trust and sign-in for one request. Called for each, as tokens of plugins end. */
  sign(signal?: AbortSignal): Promise<RequestOptions>;
  /** What others than the API server may be shown: no token, and of a key only what it proves. */
  identity(signal?: AbortSignal): Promise<Identity>;
  /** Whether to sign again may help after the server did not accept this (401). */
  renew(refused: RequestOptions): boolean;
}

/** Milliseconds for a sign-in plugin: somebody may have to type a code. */
const PLUGIN_LIMIT = 120_000;

export function connect(flags: ConnectionFlags): Connection {
  const loaded = loadKubeConfig(flags.kubeconfig, flags.context);
  const { context, user, written } = loaded;
  if (flags.as === undefined && flags.asGroup !== undefined && flags.asGroup.length > 0) {
    throw new CastellanError('CAS_USAGE', '--as-group needs --as');
  }
  const timeout = flags.requestTimeout === undefined ? undefined : durationOf(flags.requestTimeout, '--request-timeout');
  const { server, auth } = addressOf(loaded.cluster.server, loaded.cluster.name);
  const cluster = reached(loaded.cluster, server);
  const impersonation = flags.as === undefined ? impersonationOf(written.user, user?.name ?? '') : actingAs(flags.as, flags.asGroup ?? []);
  const signer = new Signer(
    flags.token === undefined
      ? {
          cluster,
          user: certificateOf(user),
          source: sourceOf(user, written.user, { limit: timeout ?? PLUGIN_LIMIT, cluster: () => told(cluster, written) }),
          basic: basicOf(user) ?? auth,
          impersonation,
        }
      : { cluster, user: { name: '' }, source: heldToken(flags.token), basic: undefined, impersonation: {} },
  );
  return {
    server,
    context: context.name,
    namespace: context.namespace,
    timeout,
    sign: (signal) => signer.sign(signal),
    identity: (signal) => signer.identity(signal),
    renew: (refused) => signer.renew(refused),
  };
}

/** The cluster by its clean address, through the proxy that it or the environment names. */
function reached(cluster: Cluster, server: string): Cluster {
  const environment = proxyFor(server);
  const proxyUrl = cluster.proxyUrl
    ? proxyAddressOf(cluster.proxyUrl, `the proxy-url of the cluster "${cluster.name}"`)
    : environment && proxyAddressOf(environment, 'HTTPS_PROXY or HTTP_PROXY');
  // As kubectl: plain HTTP has nothing that could be verified.
  const skipTLSVerify = cluster.skipTLSVerify || server.startsWith('http:');
  const { proxyUrl: _, ...rest } = cluster;
  return { ...rest, server, skipTLSVerify, ...(proxyUrl && { proxyUrl }) };
}

/** The cluster as a sign-in plugin is told it (client-go/rest, ConfigToExecCluster). */
function told(cluster: Cluster, { cluster: written }: LoadedConfig['written']): Record<string, unknown> {
  const ca = cluster.caFile ? authorityOf(cluster.caFile) : cluster.caData;
  const extensions = Array.isArray(written.extensions) ? (written.extensions as unknown[]) : [];
  const extension = extensions.find((each) => isRecord(each) && each.name === 'client.authentication.k8s.io/exec');
  return {
    server: cluster.server,
    ...(cluster.tlsServerName && { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.skipTLSVerify && cluster.server.startsWith('https:') && { 'insecure-skip-tls-verify': true }),
    ...(ca && { 'certificate-authority-data': ca }),
    ...(cluster.proxyUrl && { 'proxy-url': cluster.proxyUrl.replace(/^socks5h:/, 'socks5:') }),
    ...(written['disable-compression'] === true && { 'disable-compression': true }),
    config: isRecord(extension) ? (extension.extension ?? null) : null,
  };
}

function authorityOf(file: string): string {
  try {
    return readFileSync(file).toString('base64');
  } catch (error) {
    throw new CastellanError('CAS_TLS', `the certificate authority of the cluster could not be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
