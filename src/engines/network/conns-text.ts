/** Ports as people read them: `TCP 80,8000-8010; UDP 53`. */
import type { Conns } from './ports.ts';

export function connsText(conns: Conns): string {
  if (conns === 'all') return 'all';
  const parts = Object.entries(conns).map(([protocol, ports]) => `${protocol} ${ports?.join(',')}`);
  return parts.length === 0 ? 'none' : parts.join('; ');
}
