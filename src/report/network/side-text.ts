/** Why one direction lets something pass or not, as one cell of a table. */
import type { Part } from '../../engines/network/index.ts';

export function sideText({ verdict, by, default: nobody, missed = [] }: Part['ingress']): string {
  if (nobody) return 'allow: no policy';
  const near = missed.slice(0, 3).map(({ rule, on }) => `${rule} is for ${on === 'peer' ? 'other peers' : 'other ports'}`);
  return `${verdict}: ${by.join(', ')}${near.length > 0 ? ` (${near.join('; ')})` : ''}`;
}
