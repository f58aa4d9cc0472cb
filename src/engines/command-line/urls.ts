/** What the URLs of servers tell by themselves: whether TLS is spoken there, and who can come to them. */
import type { CommandLine } from './components.ts';
import type { FlagUse } from './flags.ts';
import { settingOf } from './settings.ts';
import { isLoopback } from './values.ts';

/** Served and asked in clear text, whatever certificates are named beside it. */
export function isPlainUrl(url: string): boolean {
  return /^\s*http:/i.test(url);
}

/** A socket, or an address that only the node itself reaches. */
export function isUrlOfNode(url: string): boolean {
  return /^\s*unixs?:/i.test(url) || isLoopback(url.trim().replace(/^https?:\/\//i, ''));
}

/** Clients of etcd may have a listener of their own for HTTP, which gives them the same. */
const LISTENERS = { clients: ['--listen-client-urls', '--listen-client-http-urls'], peers: ['--listen-peer-urls'] } as const;
export type EtcdCaller = keyof typeof LISTENERS;

/** The URLs at which etcd is told to listen for clients or for its other members. */
export function etcdListeners(line: CommandLine, caller: EtcdCaller): { readonly url: string; readonly use: FlagUse }[] {
  return LISTENERS[caller].flatMap((flag) => {
    const use = settingOf(line, flag);
    return use === undefined ? [] : use.value.split(',').map((url) => ({ url: url.trim(), use }));
  });
}

/** Whether any of them is reached from beyond the node; etcd's own default is localhost. */
export function etcdListensBeyond(line: CommandLine, caller: EtcdCaller): boolean {
  return etcdListeners(line, caller).some(({ url }) => !isUrlOfNode(url));
}

/** Who is written down as a member is written down whole: of what names none of these, addresses may be left out of the input. */
const OF_MEMBERS = ['--name', '--initial-cluster', '--initial-advertise-peer-urls', '--listen-peer-urls'];

/** Whether it listens for clients where it does by itself: at http://localhost:2379. */
export function etcdListensByDefault(line: CommandLine): boolean {
  if (line.hidden !== undefined || settingOf(line, '--listen-client-urls') !== undefined) return false;
  return OF_MEMBERS.some((flag) => settingOf(line, flag) !== undefined);
}
