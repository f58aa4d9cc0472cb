/**
 * The URLs at which etcd is served and asked. Their scheme decides about TLS: what is given as http is served and asked in
 * clear text whatever certificates are named beside it, and a socket of the node (unix) needs none.
 */
import {
  type CommandLine,
  type EtcdCaller,
  type FlagUse,
  etcdListeners,
  etcdListensBeyond,
  etcdListensByDefault,
  isPlainUrl,
  isUrlOfNode,
  listOf,
  settingOf,
} from '../../engines/command-line/index.ts';
import type { Expectation } from './expectations.ts';
import type { Fault } from './faults.ts';

/**
 * What guards etcd's port: nothing does where a URL is http. etcd that only the node itself reaches is less of a prize.
 * `beside` is a flag without which another rule tells of http.
 */
export function byReach(expectation: Expectation, caller: EtcdCaller, beside?: string): Expectation {
  return (line) => {
    const fault = expectation(line);
    if (fault === undefined || fault.status === 'unknown') {
      const isTold = beside !== undefined && settingOf(line, beside) === undefined;
      return (isTold ? undefined : plainListener(line, caller)) ?? fault;
    }
    return etcdListensBeyond(line, caller) ? fault : { ...fault, severity: 'medium' };
  };
}

function plainListener(line: CommandLine, caller: EtcdCaller): Fault | undefined {
  const found = etcdListeners(line, caller).filter(({ url }) => isPlainUrl(url));
  const worst = found.find(({ url }) => !isUrlOfNode(url)) ?? found[0];
  if (worst === undefined) return caller === 'clients' && etcdListensByDefault(line) ? BY_DEFAULT : undefined;
  const words = `listens at ${worst.url}, where it asks for no certificate and shows none, whichever it is given`;
  return { words, use: worst.use, ...(isUrlOfNode(worst.url) && { severity: 'medium' }) };
}

const BY_DEFAULT: Fault = {
  words: 'runs without --listen-client-urls: it is http://localhost:2379 by default, where it asks for no certificate and shows none',
  severity: 'medium',
};

/** What guards the way to etcd. Behind a socket k3s and microk8s keep another database. */
export function onTheWayToEtcd(expectation: Expectation): Expectation {
  return (line) => {
    const list = listOf(line, '--etcd-servers');
    const servers = list?.items ?? [];
    if (servers.length > 0 && servers.every((server) => server.startsWith('unix:'))) return undefined;
    return plainServer(line, servers, list?.useOf) ?? expectation(line);
  };
}

/** Of all objects, or of one kind: `/events#http://10.0.0.1:2379;http://10.0.0.2:2379` */
function plainServer(line: CommandLine, servers: readonly string[], useOf: ((url: string) => FlagUse) | undefined): Fault | undefined {
  const overrides = listOf(line, '--etcd-servers-overrides');
  const other = overrides?.items.find((item) => plainOf(item.slice(item.indexOf('#') + 1).split(';')).length > 0);
  const [plain] = plainOf(servers);
  const use = plain === undefined ? other !== undefined && overrides?.useOf(other) : useOf?.(plain);
  if (use === undefined || use === false) return undefined;
  return { words: `asks etcd at ${plain ?? other}, so without TLS, whatever certificates it is given`, use };
}

function plainOf(urls: readonly string[]): string[] {
  return urls.map((url) => url.trim()).filter(isPlainUrl);
}
