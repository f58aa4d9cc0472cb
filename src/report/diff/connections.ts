/** Connections that differ, by whether something came or went; what did both stands under both. */
import { type ConnectionChange, connsWithout, isNothing } from '../../engines/network/index.ts';

/** As `net diff` has it, with what came or went. */
export interface ConnectionChangeText extends ConnectionChange {
  readonly conns: ConnectionChange['before'];
}

export function connectionTexts(changes: readonly ConnectionChange[]): {
  added: ConnectionChangeText[];
  removed: ConnectionChangeText[];
} {
  const rows = (more: 'before' | 'after', less: 'before' | 'after'): ConnectionChangeText[] =>
    changes.flatMap((change) => {
      const conns = connsWithout(change[more], change[less]);
      return isNothing(conns) ? [] : [{ ...change, conns }];
    });
  return { added: rows('after', 'before'), removed: rows('before', 'after') };
}
