/** What may flow, as one cell of a table. */
import type { Conns } from '../../engines/network/index.ts';

export function connsText(conns: Conns): string {
  if (conns === 'all') return 'all';
  const parts = Object.entries(conns).map(([protocol, ports]) => `${protocol} ${ports?.join(',')}`);
  return parts.length === 0 ? 'none' : parts.join('; ');
}
