/** Who calls the API server, and how: each kind of caller makes its requests in its own rhythm. */
import type { Dice } from './dice.ts';
import { type Caller, DAY, type Part, type RequestEvent, account, person } from './event.ts';
import { type Right, grant, rightIn, whatOf } from './rights.ts';
import { type Pod, bound, cronJob, deployment, podOfRun, podsOf } from './workload.ts';

/** When a history begins and ends, and how many servers answer. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly servers: number;
}

/** What somebody has and what of it he uses, as `verb group/resource`. */
export interface Habit {
  readonly namespace: string;
  readonly name: string;
  /** Held in the whole cluster. */
  readonly wide?: boolean;
  readonly used: readonly string[];
  /** What it does once in weeks, as it goes with what it does all the time. */
  readonly rarely?: readonly string[];
  readonly unused: readonly string[];
}

const HOUR = 3600;

/** Requests of one caller into a list, each answered by whatever server the balancer chose. */
class Voice {
  readonly requests: RequestEvent[] = [];
  readonly #dice: Dice;
  readonly #span: Span;

  constructor(dice: Dice, span: Span) {
    this.#dice = dice;
    this.#span = span;
  }

  say(time: number, caller: Caller, right: Right, { namespace, name = '' }: { namespace: string; name?: string }): void {
    if (time < this.#span.from || time >= this.#span.to) return;
    const server = this.#dice.below(this.#span.servers);
    // What is listed, watched or created has no name for the authorizer.
    const isNamed = !['list', 'watch', 'create'].includes(right.verb) || right.resource.includes('/');
    this.requests.push({ ...whatOf(right, namespace, isNamed ? name : ''), time, caller, server, allowed: true });
  }

  bind(pod: string, namespace: string, time: number): void {
    if (time < this.#span.from || time >= this.#span.to) return;
    this.requests.push(bound(pod, { namespace, time, server: this.#dice.below(this.#span.servers) }));
  }
}

function rightsOf({ used, rarely = [], unused }: Habit): Right[] {
  return [...used, ...rarely, ...unused].map(rightIn);
}

function accountGrant(habit: Habit) {
  const { namespace, name, wide = false } = habit;
  const place = wide ? {} : { namespace };
  return grant(name, rightsOf(habit), { holder: { kind: 'ServiceAccount', name, namespace }, ...place });
}

/**
 * A controller with informers: lists and then watches what it watches at each start of its pod, watches again when the
 * server ends a watch, renews its lock, and writes when something changed. `since` is when it was put into the cluster.
 */
export function controller(dice: Dice, span: Span, habit: Habit & { readonly since?: number }): Part {
  const { namespace, name, used, since = span.from } = habit;
  const pods = podsOf(dice, name, { from: since, to: span.to, life: 5 * DAY });
  if (since > span.from && pods[0] !== undefined) pods[0] = { ...pods[0], start: since };
  const voice = new Voice(dice, span);
  const rights = used.map(rightIn);
  for (const pod of pods) {
    voice.bind(pod.name, namespace, pod.start);
    for (const right of (habit.rarely ?? []).map(rightIn))
      if (dice.chance(0.2)) voice.say(pod.start + DAY, account(namespace, name, pod.name), right, { namespace: 'shop', name: 'x' });
    work(voice, dice, { pod, rights, caller: account(namespace, name, pod.name), namespace: habit.wide === true ? 'shop' : namespace });
  }
  const here = deployment(namespace, name, { pods, ...(habit.since !== undefined && { since }) });
  const rbac = accountGrant(habit);
  return { requests: voice.requests, objects: (at) => (since > at ? [] : [...here(at), ...rbac]) };
}

function work(
  voice: Voice,
  dice: Dice,
  { pod, rights, caller, namespace }: { pod: Pod; rights: readonly Right[]; caller: Caller; namespace: string },
): void {
  for (const right of rights) {
    // Informers see all namespaces or their own; what they write is one object.
    const where = { namespace, name: `${right.resource.split('/')[0]}-${dice.below(4)}` };
    if (right.verb === 'list') voice.say(pod.start + 5, caller, right, where);
    else if (right.verb === 'watch') for (let time = pod.start + 6; time < pod.end; time += 4 * HOUR) voice.say(time, caller, right, where);
    else
      for (let time = pod.start + 9 + dice.wait(9 * HOUR); time < pod.end; time += dice.wait(9 * HOUR))
        voice.say(time, caller, right, where);
  }
}

/** Runs at the same hour of the days that its schedule names, does all that it does, and ends. */
export function job(dice: Dice, span: Span, habit: Habit & { readonly schedule: string; readonly runsOn: (day: number) => boolean }): Part {
  const { namespace, name, used, schedule } = habit;
  const voice = new Voice(dice, span);
  const runs: number[] = [];
  // Before the history too: the cluster still has the pods of its last runs.
  for (let day = span.from / DAY - 40; day * DAY < span.to; day += 1) if (habit.runsOn(day)) runs.push(day * DAY + 2 * HOUR);
  for (const time of runs) {
    const pod = podOfRun(name, time);
    voice.bind(pod, namespace, time);
    for (const right of used.map(rightIn)) voice.say(time + 20, account(namespace, name, pod), right, { namespace, name: 'data' });
  }
  const here = cronJob(namespace, name, { schedule, runs });
  const rbac = accountGrant(habit);
  return { requests: voice.requests, objects: (at) => [...here(at), ...rbac] };
}

/** A pipeline outside of the cluster with the token of an account: works on the days that it works on. */
export function pipeline(dice: Dice, span: Span, habit: Habit & { readonly worksOn: (day: number) => boolean }): Part {
  const { namespace, name, used } = habit;
  const voice = new Voice(dice, span);
  for (let day = span.from / DAY; day * DAY < span.to; day += 1) {
    if (!habit.worksOn(day)) continue;
    const time = day * DAY + 9 * HOUR + dice.below(6 * HOUR);
    for (const right of used.map(rightIn))
      voice.say(time, account(namespace, name), right, { namespace: 'shop', name: `app-${dice.below(3)}` });
  }
  const objects = [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }, ...accountGrant(habit)];
  return { requests: voice.requests, objects: () => objects };
}

/** People look at things on working days, each thing once in some days. */
export function human(dice: Dice, span: Span, habit: Habit): Part {
  const { name, used } = habit;
  const voice = new Voice(dice, span);
  const caller = person(name, 'company:everybody');
  for (const right of used.map(rightIn)) {
    for (let time = span.from + dice.wait(DAY); time < span.to; time += dice.wait(1.5 * DAY))
      if (isWorkday(time / DAY)) voice.say(time, caller, right, { namespace: 'shop', name: `app-${dice.below(3)}` });
  }
  const rbac = grant(name.replace(/@.*/, ''), rightsOf(habit), { holder: { kind: 'User', name }, namespace: 'shop' });
  return { requests: voice.requests, objects: () => rbac };
}

/** What somebody else's account does besides when something goes wrong, once in so many days by chance. */
export function incidents(
  dice: Dice,
  span: Span,
  { caller, used, every }: { caller: Caller; used: readonly string[]; every: number },
): Part {
  const voice = new Voice(dice, span);
  for (let time = span.from + dice.wait(every * DAY); time < span.to; time += dice.wait(every * DAY))
    for (const right of used.map(rightIn)) voice.say(time, caller, right, { namespace: 'shop', name: `app-${dice.below(3)}` });
  return { requests: voice.requests, objects: () => [] };
}

/** A workload that has a token and shows it to others, never to the API server. */
export function silent(dice: Dice, span: Span, habit: Habit): Part {
  const { namespace, name } = habit;
  const pods = podsOf(dice, name, { from: span.from, to: span.to, life: 5 * DAY });
  const voice = new Voice(dice, span);
  for (const pod of pods) voice.bind(pod.name, namespace, pod.start);
  const here = deployment(namespace, name, { pods });
  const rbac = accountGrant(habit);
  return { requests: voice.requests, objects: (at) => [...here(at), ...rbac] };
}

export function isWorkday(day: number): boolean {
  return ![0, 6].includes(weekday(day));
}

/** 0 is Sunday. */
export function weekday(day: number): number {
  return (Math.floor(day) + 4) % 7;
}

export function dayOfMonth(day: number): number {
  return new Date(Math.floor(day) * DAY * 1000).getUTCDate();
}
