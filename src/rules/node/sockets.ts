/** What listens on a node, in words. */
import type { SocketFact } from '../../snapshot/index.ts';

/** `tcp 0.0.0.0:10248`, `tcp [::]:2375` */
export function socketText({ protocol, address, port }: SocketFact): string {
  return `${protocol} ${address.includes(':') ? `[${address}]` : address}:${port}`;
}
