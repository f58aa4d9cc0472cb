import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { MOST_IN_FAMILY } from './folded.ts';
import { Ledger } from './ledger.ts';
import { rowsOf } from './rows.ts';
import type { Outcome } from './tally.ts';
import type { Asked, UseRecord } from './use-record.ts';

const ASKED: Asked = {
  verb: 'get',
  apiGroup: '',
  resource: 'pods',
  subresource: '',
  namespace: 'shop',
  name: 'cart',
  path: '',
  through: 'request',
};

interface Event {
  readonly stream: string;
  readonly user: string;
  readonly verb: string;
  readonly name: string;
  /** Which of many pods asked; none where the log does not say. */
  readonly pod: number | undefined;
  readonly time: number;
  readonly outcome: Outcome;
}

const event = fc.record<Event>({
  stream: fc.constantFrom('one', 'two'),
  user: fc.constantFrom('alice', 'bob'),
  verb: fc.constantFrom('get', 'list'),
  name: fc.integer({ min: 0, max: MOST_IN_FAMILY + 40 }).map((number) => `pod-${number}`),
  pod: fc.option(fc.integer({ min: 0, max: 69 }), { nil: undefined, freq: 200 }),
  time: fc.integer({ min: 0, max: 90 * 86_400 }),
  outcome: fc.constantFrom('allowed', 'denied', 'unclear'),
});

function read(events: readonly Event[], before?: UseRecord): UseRecord {
  const ledger = new Ledger();
  // In the order of their names, as streams keep the order in which they came.
  for (const name of ['one', 'two']) ledger.stream(name, 'audit');
  if (before !== undefined) ledger.merge(before);
  for (const { stream: name, user, verb, name: object, pod, time, outcome } of events) {
    const stream = ledger.stream(name, 'audit');
    stream.event(time);
    const actor = ledger.actor({ name: user, groups: [], bound: 'pod', ...(pod !== undefined && { maker: `web-${pod}` }) });
    ledger.request(actor, { ...ASKED, verb, name: object }, { stream: stream.id, time, outcome });
    const seen = { actor, apiGroup: 'batch', apiVersion: 'v1beta1', resource: 'cronjobs', agent: `tool/${object}` };
    if (verb === 'list') ledger.version(seen, { stream: stream.id, time, outcome });
  }
  return ledger.record();
}

describe('a ledger', () => {
  test('gives the same whether events are read at once, one after the other, or merged in any order', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 900 }), fc.nat(), (events, at) => {
        const cut = at % (events.length + 1);
        const whole = rowsOf(read(events));
        const [first, second] = [read(events.slice(0, cut)), read(events.slice(cut))];
        expect(rowsOf(read(events.slice(cut), first))).toBe(whole);
        expect(rowsOf(read([], mergedOf(first, second)))).toBe(whole);
        expect(rowsOf(mergedOf(second, first))).toBe(whole);
      }),
      { numRuns: Math.ceil(RUNS / 10) },
    );
  });

  test('counts every event once', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 400 }), (events) => {
        const { requests } = read(events);
        for (const outcome of ['allowed', 'denied', 'unclear'] as const)
          expect(requests.reduce((sum, use) => sum + use[outcome], 0)).toBe(events.filter((one) => one.outcome === outcome).length);
      }),
      { numRuns: RUNS },
    );
  });

  test('notes first, last and the days on which something was not refused', () => {
    const at = (day: number, outcome: Outcome): Event => ({
      stream: 'one',
      user: 'alice',
      verb: 'get',
      name: 'cart',
      pod: 1,
      time: day * 86_400 + 5,
      outcome,
    });
    const [use] = read([at(9, 'allowed'), at(3, 'denied'), at(7, 'unclear'), at(9, 'allowed')]).requests;
    expect(use).toMatchObject({
      first: 3 * 86_400 + 5,
      last: 9 * 86_400 + 5,
      days: [7, 9],
      allowed: 2,
      denied: 1,
      unclear: 1,
      streams: [0],
    });
  });

  test('tells pods apart by what made them, until there are too many or one that nobody knows', () => {
    const of = (...pods: readonly (number | undefined)[]): UseRecord =>
      read(pods.map((pod) => ({ stream: 'one', user: 'alice', verb: 'get', name: 'cart', pod, time: 1, outcome: 'allowed' })));
    expect(of(1, 2, 1).actors.map(({ maker }) => maker)).toEqual(['web-1', 'web-2']);
    expect(of(1, 2, undefined).actors).toEqual([{ name: 'alice', groups: [], bound: 'pod' }]);
    expect(of(1, 2, undefined).requests).toMatchObject([{ allowed: 3 }]);
    const many = Array.from({ length: 65 }, (_, index) => index);
    expect(of(...many.slice(1)).actors).toHaveLength(64);
    expect(of(...many).actors).toHaveLength(1);
  });

  test('tells names one by one until there are too many, and then none of them', () => {
    const of = (count: number): Event[] =>
      Array.from({ length: count }, (_, index) => ({
        stream: 'one',
        user: 'alice',
        verb: 'get',
        name: `pod-${index}`,
        pod: 1,
        time: 1,
        outcome: 'allowed',
      }));
    expect(read(of(MOST_IN_FAMILY)).requests).toHaveLength(MOST_IN_FAMILY);
    const { requests } = read(of(MOST_IN_FAMILY + 1));
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ allowed: MOST_IN_FAMILY + 1, asked: { name: undefined, namespace: 'shop' } });
  });

  test('keeps requests apart that hold the character by which keys are put together', () => {
    const ledger = new Ledger();
    const actor = ledger.actor({ name: 'alice', groups: [] });
    for (const [verb, apiGroup] of [
      ['get\u0001x', 'y'],
      ['get', 'x\u0001y'],
    ] as const)
      ledger.request(actor, { ...ASKED, verb, apiGroup }, { stream: 0, time: 1, outcome: 'denied' });
    expect(ledger.record().requests).toHaveLength(2);
  });

  test('folds what comes from many addresses outside, never pods', () => {
    const ledger = new Ledger();
    const { id: stream } = ledger.stream('flows', 'flows');
    const flow = (source: string, destination: string): void =>
      ledger.flow({ source, destination, protocol: 'TCP', port: 443 }, { stream, time: 1, outcome: 'allowed' });
    for (let index = 0; index <= MOST_IN_FAMILY; index += 1) {
      flow(`ip:203.0.${index >> 8}.${index & 255}`, 'pod:shop/web');
      flow(`pod:shop/client-${index}`, 'pod:shop/web');
    }
    const { flows } = ledger.record();
    expect(flows.filter(({ source }) => source === undefined)).toMatchObject([
      { destination: 'pod:shop/web', allowed: MOST_IN_FAMILY + 1 },
    ]);
    expect(flows.filter(({ source }) => source?.startsWith('pod:'))).toHaveLength(MOST_IN_FAMILY + 1);
  });
});

function mergedOf(...records: readonly UseRecord[]): UseRecord {
  const ledger = new Ledger();
  for (const name of ['one', 'two']) ledger.stream(name, 'audit');
  for (const record of records) ledger.merge(record);
  return ledger.record();
}
