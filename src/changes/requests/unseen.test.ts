import { describe, expect, test } from 'vitest';
import { Ledger, type UseRecord } from '../../record/index.ts';
import type { LostRight } from './lost.ts';
import { type UnseenUse, unseenUse } from './unseen.ts';

const DAY = 86_400;

/** Who does what on which days. */
function recorded(uses: readonly (readonly [who: string, verb: string, days: readonly number[], name?: string])[]): UseRecord {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  for (const [who, verb, days, name = 'x'] of uses) {
    const actor = ledger.actor({ name: who, groups: who.startsWith('system:') ? [] : ['devs'] });
    const asked = { verb, apiGroup: '', resource: 'pods', subresource: '', namespace: 'shop', name, path: '', through: 'request' } as const;
    for (const day of days) ledger.request(actor, asked, { stream: stream.id, time: day * DAY, outcome: 'allowed' });
  }
  return ledger.record();
}

const CART = 'system:serviceaccount:shop:cart';
const lost = (kind: 'ServiceAccount' | 'Group', name: string): LostRight => ({
  subject: { id: 0, kind, name, namespace: 'shop', userName: kind === 'Group' ? '' : `system:serviceaccount:shop:${name}` },
  namespace: 'shop',
  verb: 'delete',
  apiGroup: '',
  resource: 'pods',
  names: [],
  path: '',
});
const of = (record: UseRecord, ...rights: readonly LostRight[]): UnseenUse | undefined => unseenUse(record, rights);

describe('what the record may not hold', () => {
  test('is little where everything comes again, and all where nothing does', () => {
    expect(
      of(
        recorded([
          [CART, 'get', [1, 2, 3]],
          [CART, 'list', [1, 2]],
        ]),
        lost('ServiceAccount', 'cart'),
      ),
    ).toEqual({ share: 0, kinds: 2, once: 0 });
    expect(
      of(
        recorded([
          [CART, 'get', [1]],
          [CART, 'list', [2]],
        ]),
        lost('ServiceAccount', 'cart'),
      ),
    ).toEqual({ share: 1, kinds: 2, once: 2 });
  });

  test('counts days and not requests, and kinds and not names', () => {
    const busy = recorded([
      [CART, 'get', [1, 1, 1, 2], 'a'],
      [CART, 'get', [3], 'b'],
      [CART, 'patch', [3, 3, 3]],
    ]);
    expect(of(busy, lost('ServiceAccount', 'cart'))).toEqual({ share: 1 / 4, kinds: 2, once: 1 });
  });

  test('is of those who lose something, also by their groups, and of nobody who was never seen', () => {
    const record = recorded([
      [CART, 'get', [1, 2]],
      ['ann', 'get', [1]],
      ['ann', 'list', [1, 2, 3]],
    ]);
    expect(of(record, lost('Group', 'devs'))).toEqual({ share: 1 / 4, kinds: 2, once: 1 });
    expect(of(record, lost('Group', 'system:serviceaccounts'))).toEqual({ share: 0, kinds: 1, once: 0 });
    expect(of(record, lost('ServiceAccount', 'other'))).toBeUndefined();
    expect(of(record)).toBeUndefined();
  });
});

test('over many days the estimate is near what a further day shows that was never seen', () => {
  // Of two hundred things that are done with ever smaller chance, as Zipf has it.
  const chance = Array.from({ length: 200 }, (_, rank) => 0.9 / (rank + 1));
  let state = 20_261_122;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const days = Array.from({ length: 321 }, () => chance.flatMap((one, rank) => (random() < one ? [rank] : [])));
  const seen = (upTo: number): UseRecord =>
    recorded(
      chance.map(
        (_, rank) => [CART, `v${rank}`, days.slice(0, upTo).flatMap((day, index) => (day.includes(rank) ? [index + 1] : []))] as const,
      ),
    );
  let [told, found, all] = [0, 0, 0];
  for (let upTo = 21; upTo < 321; upTo += 20) {
    const known = new Set(days.slice(0, upTo).flat());
    told += of(seen(upTo), lost('ServiceAccount', 'cart'))?.share ?? 0;
    found += (days[upTo] ?? []).filter((rank) => !known.has(rank)).length;
    all += (days[upTo] ?? []).length;
  }
  expect(Math.abs(told / 15 - found / all)).toBeLessThan(0.03);
});
