/** What the URLs of servers tell by themselves: whether TLS is spoken there, and who can come to them. */
import { isLoopback } from './values.ts';

/** Served and asked in clear text, whatever certificates are named beside it. */
export function isPlainUrl(url: string): boolean {
  return /^\s*http:/i.test(url);
}

/** A socket, or an address that only the node itself reaches. */
export function isUrlOfNode(url: string): boolean {
  return /^\s*unixs?:/i.test(url) || isLoopback(url.trim().replace(/^https?:\/\//i, ''));
}
