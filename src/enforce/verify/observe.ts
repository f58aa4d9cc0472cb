/** What the pods that ask have met lately: the ends of their logs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord } from '../../lib/record.ts';
import { type Ask, PODS, objectOf, pathOf } from './api.ts';
import { type Client, namespaceOf } from './pods.ts';
import type { Round } from './prober.ts';
import type { Run } from './run.ts';
import { type Expectation, type Probe, keyOf } from './trials.ts';

/** Rounds in a row in which everything is as it should be: the second of them began when the first had been seen. */
const STEADY = 2;
const TAIL = 4;

export interface Observer {
  ask: Ask;
  run: Run;
  /** Milliseconds between two looks. */
  poll: number;
  signal: AbortSignal;
}

/** What a probe met in the last round that was seen of it; `silence` where its pod has told nothing new. */
export type Met = ReadonlyMap<Probe, string>;

export interface Settled {
  /** Whether it was as expected before the time was over. */
  held: boolean;
  met: Met;
  milliseconds: number;
}

/** Waits until all is as expected, for so many milliseconds at most. */
export async function settle(observer: Observer, expected: readonly { probe: Probe; open: boolean }[], within: number): Promise<Settled> {
  const { poll, signal } = observer;
  const clients = [...new Set(expected.map(({ probe }) => probe.from))];
  const began = Date.now();
  const marks = new Map<Client, number>();
  for (const client of clients) marks.set(client, lastOf(await roundsOf(observer, client)));
  const met = new Map<Probe, string>(expected.map(({ probe }) => [probe, 'silence']));
  const steady = new Set<Client>();
  for (;;) {
    for (const client of clients) {
      const later = (await roundsOf(observer, client)).filter(({ round }) => round > (marks.get(client) ?? 0)).slice(-STEADY);
      const own = expected.filter(({ probe }) => probe.from === client);
      for (const { probe } of own) {
        const result = later.at(-1)?.results[keyOf(probe)];
        if (result !== undefined) met.set(probe, result);
      }
      const holds =
        later.length === STEADY &&
        later.every(({ results }) => own.every(({ probe, open }) => (results[keyOf(probe)] === 'open') === open));
      if (holds) steady.add(client);
      else steady.delete(client);
    }
    const milliseconds = Date.now() - began;
    if (steady.size === clients.length) return { held: true, met, milliseconds };
    if (milliseconds > within) return { held: false, met, milliseconds };
    await sleep(poll, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** Everything flows, as it must without a policy. */
export function allOpen(expectations: readonly Expectation[]): { probe: Probe; open: boolean }[] {
  return expectations.map(({ probe }) => ({ probe, open: true }));
}

export function underPolicy(expectations: readonly Expectation[]): { probe: Probe; open: boolean }[] {
  return expectations.map(({ probe, role }) => ({ probe, open: role !== 'stops' }));
}

async function roundsOf({ ask, run }: Observer, client: Client): Promise<Round[]> {
  const path = `${pathOf(PODS, { namespace: namespaceOf(client, run), name: client })}/log?tailLines=${TAIL}`;
  const answer = await ask('GET', path);
  // A container that has just started has no log yet.
  if (answer.status === 400 || answer.status === 404) return [];
  if (answer.status >= 400) objectOf(answer, 'get pods/log');
  return (typeof answer.body === 'string' ? answer.body : '').split('\n').flatMap(roundOf);
}

/** A line that is being written is half a line. */
function roundOf(line: string): Round[] {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) && typeof value.round === 'number' && isRecord(value.results)
      ? [{ round: value.round, results: value.results as Round['results'] }]
      : [];
  } catch {
    return [];
  }
}

function lastOf(rounds: readonly Round[]): number {
  return rounds.at(-1)?.round ?? 0;
}
