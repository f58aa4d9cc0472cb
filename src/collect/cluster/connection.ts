/** How the API server is reached: address, trust, sign-in, on whose behalf. */
import type { Agent, RequestOptions } from 'node:https';
import { CastellanError, messageOf } from '../../lib/errors.ts';
import { loadKubeConfig } from './kubeconfig.ts';
import { proxyFor } from './proxy.ts';

export interface ConnectionFlags {
  kubeconfig?: string;
  context?: string;
  /** Impersonates this user: `jane`, `system:serviceaccount:shop:web`. */
  as?: string;
  asGroup?: readonly string[];
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
  sign(): Promise<RequestOptions>;
}

/** Requests that may be under way at the same time. */
export const IN_FLIGHT = 4;

export function connect(flags: ConnectionFlags): Connection {
  const { config, impersonatedGroups } = loadKubeConfig(flags.kubeconfig, flags.context);
  const context = config.getContextObject(config.currentContext);
  const cluster = config.getCurrentCluster();
  if (context === null || cluster === null) throw new CastellanError('CAS_KUBECONFIG', 'the kubeconfig names no cluster');
  if (!/^https?:\/\//.test(cluster.server))
    throw new CastellanError('CAS_KUBECONFIG', `the server "${cluster.server}" is no https address`);
  const proxyUrl = cluster.proxyUrl ?? proxyFor(cluster.server);
  if (proxyUrl !== undefined) Object.assign(cluster, { proxyUrl });
  // As kubectl: plain HTTP has nothing that could be verified.
  if (cluster.server.startsWith('http:')) Object.assign(cluster, { skipTLSVerify: true });
  const groups = flags.as === undefined ? impersonatedGroups : (flags.asGroup ?? []);
  if (flags.as === undefined && flags.asGroup !== undefined && flags.asGroup.length > 0) {
    throw new CastellanError('CAS_USAGE', '--as-group needs --as');
  }
  let agent: Agent | undefined;
  let secrets = '';
  return {
    server: cluster.server,
    context: context.name,
    namespace: context.namespace ?? 'default',
    timeout: timeoutOf(flags.requestTimeout),
    async sign() {
      const options: RequestOptions = { headers: {} };
      try {
        await config.applyToHTTPSOptions(options);
      } catch (error) {
        throw new CastellanError('CAS_SIGN_IN', `signing in to ${cluster.server} failed: ${messageOf(error)}`, { cause: error });
      }
      // One agent for all requests, so that connections are kept; a new one only when a plugin gave a new certificate.
      const now = JSON.stringify([options.cert, options.key]);
      if (agent === undefined || now !== secrets) {
        agent = options.agent as Agent & { keepAlive: boolean };
        Object.assign(agent, { keepAlive: true, maxSockets: IN_FLIGHT });
        secrets = now;
      }
      const headers = { ...(options.headers as Record<string, string | string[]>) };
      if (flags.as !== undefined) headers['Impersonate-User'] = flags.as;
      if (groups.length > 0) headers['Impersonate-Group'] = [...groups];
      return { agent, headers, ...(options.auth != null && { auth: options.auth }) };
    },
  };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A duration of Go, or seconds without a unit, as kubectl takes it. */
function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) === 0 ? undefined : Number(text) * 1000;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new CastellanError('CAS_USAGE', `--request-timeout takes a duration like 30s or 1m30s, not "${text}"`);
  }
  const sum = parts.reduce((all, [, count, unit = 's']) => all + Number(count) * (UNITS[unit] ?? 0), 0);
  return sum === 0 ? undefined : sum;
}
