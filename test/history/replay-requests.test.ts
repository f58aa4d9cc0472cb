/** What was asked, in random worlds of rights: the replay against events looked at one by one, which share no line with it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rbacOfObjects } from '../../src/engines/rbac/index.ts';
import { replayRequests } from '../../src/changes/requests/replay.ts';
import { Ledger, type UseRecord } from '../../src/record/index.ts';
import { type Asked, type Raw, type RawBinding, type RawRole, type Who, allows, roleOf, settle } from '../rbac/brute-force.ts';
import { RANDOM_OBJECTS, RANDOM_REQUEST, RANDOM_USER } from '../rbac/worlds.ts';
import { DEEP, RUNS } from '../runs.ts';
import { oneOf } from './one-of.ts';

/** Each writes a history and reads it twice. */
const HISTORIES = DEEP ? RUNS : Math.ceil(RUNS / 4);
const TIMEOUT = 60_000 + HISTORIES * 200;

interface Event {
  readonly who: Who;
  readonly asked: Asked;
  readonly count: number;
}

/** Named once, since fast-check keeps what it was given by its name. */
const aRequest = (): typeof RANDOM_REQUEST => RANDOM_REQUEST;
const aUser = (): typeof RANDOM_USER => RANDOM_USER;

/** Few random questions are allowed, so that most are made of what a rule of somebody's role says. */
function eventsIn(objects: readonly Raw[], dice: fc.GeneratorValue, count: number): Event[] {
  const world = settle(objects);
  const one = <T>(values: readonly T[]): T | undefined => oneOf(dice, values);
  return Array.from({ length: count }, (): Event => {
    const [random, user, times] = [dice(aRequest), dice(aUser), dice(fc.integer, { min: 1, max: 3 })];
    const binding = one(world.bindings.filter((each) => roleOf(world, each) !== undefined));
    const subject = one(binding?.subjects ?? []);
    const rule = one((binding === undefined ? undefined : roleOf(world, binding))?.rules ?? []);
    const who = subject === undefined || binding === undefined ? user : asSubject(subject, binding, user);
    if (binding === undefined || rule === undefined || 'path' in random) return { who, asked: random, count: times };
    const said = (values: readonly string[] | undefined, other: string): string => {
      const value = one(values ?? []) ?? other;
      return value === '*' ? other : value;
    };
    const verb = said(rule.verbs, random.verb);
    if (rule.nonResourceURLs !== undefined)
      return { who, asked: { verb, path: said(rule.nonResourceURLs, '/api').replaceAll('*', 'v1') }, count: times };
    const [resource = '', subresource = ''] = said(rule.resources, random.resource).split('/');
    const namespace = binding.metadata.namespace ?? random.namespace;
    const name = one(rule.resourceNames ?? []) ?? random.name;
    const asked = {
      ...random,
      verb,
      apiGroup: said(rule.apiGroups, random.apiGroup),
      resource: said([resource], random.resource),
      subresource: said([subresource], 'exec'),
      namespace,
      name,
    };
    return { who, asked, count: times };
  });
}

function asSubject({ kind, name, namespace = '' }: NonNullable<RawBinding['subjects']>[number], { metadata }: RawBinding, user: Who): Who {
  if (kind === 'User') return { ...user, name };
  if (kind === 'Group') return { ...user, groups: [...user.groups, name] };
  return { ...user, name: `system:serviceaccount:${namespace === '' ? (metadata.namespace ?? '') : namespace}:${name}` };
}

/** A binding without one subject, a role without one rule, or one of them gone. */
function changed(objects: readonly Raw[], dice: fc.GeneratorValue): Raw[] {
  const at = dice(fc.nat, { max: Math.max(0, objects.length - 1) });
  return objects.flatMap((object, index): Raw[] => {
    if (index !== at) return [object];
    const key = object.kind.endsWith('Binding') ? 'subjects' : 'rules';
    const list = ((object as RawBinding & RawRole)[key] ?? []) as unknown[];
    if (list.length === 0 || dice(fc.boolean)) return [];
    const left = dice(fc.nat, { max: list.length - 1 });
    return [{ ...object, [key]: list.filter((_one, place) => place !== left) }];
  });
}

function recordOf(events: readonly Event[], isAllowed: (event: Event) => boolean): UseRecord {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  stream.event(0, { beat: true });
  for (const event of events) {
    const { who, asked, count } = event;
    const whole = { apiGroup: '', resource: '', subresource: '', namespace: '', name: '', path: '', ...asked, through: 'request' as const };
    const outcome = isAllowed(event) ? 'allowed' : 'denied';
    ledger.request(ledger.actor({ name: who.name, groups: who.groups.toSorted() }), whole, { stream: stream.id, time: 0, outcome, count });
  }
  return ledger.record();
}

function byName(list: readonly { readonly who: string; readonly count: number }[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const { who, count } of list) sums.set(who, (sums.get(who) ?? 0) + count);
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

test(
  'a change denies what a brute force says it denies, and is never safe then',
  () => {
    const verdicts = { breaks: 0, other: 0 };
    fc.assert(
      fc.property(RANDOM_OBJECTS, fc.gen(), (objects, dice) => {
        const after = changed(objects, dice);
        const [was, is] = [settle(objects), settle(after)];
        // The groups that a server adds to whoever comes.
        const events = eventsIn(objects, dice, 12).map((event) => ({ ...event, who: withGroups(event.who) }));
        const isAllowed = ({ who, asked }: Event): boolean => allows(was, who, asked);
        const asked = events.filter(isAllowed).flatMap((event) => [event, ...insideOf(event)]);
        const denied = asked.filter((event) => isAllowed(event) && !allows(is, event.who, event.asked));
        const evidence = { record: recordOf(events, isAllowed), users: [], accounts: undefined, rolesKnown: true };
        const proof = replayRequests(rbacOfObjects(objects), rbacOfObjects(after), evidence);
        expect(byName(proof.denies)).toEqual(byName(denied.map(({ who, count }) => ({ who: who.name, count }))));
        expect(proof.verdict === 'breaks').toBe(denied.length > 0);
        verdicts[denied.length > 0 ? 'breaks' : 'other'] += 1;
      }),
      { numRuns: HISTORIES },
    );
    // Both happen, or the property would say nothing.
    expect(verdicts.breaks).toBeGreaterThan(HISTORIES / 20);
    expect(verdicts.other).toBeGreaterThan(HISTORIES / 20);
  },
  TIMEOUT,
);

/** Who opens a stream to a pod by a get is asked for create inside of the server, from 1.35 on. */
function insideOf(event: Event): Event[] {
  const { asked } = event;
  if ('path' in asked || asked.verb !== 'get' || asked.apiGroup !== '' || asked.resource !== 'pods') return [];
  return /^(?:exec|attach|portforward)$/.test(asked.subresource ?? '') ? [{ ...event, asked: { ...asked, verb: 'create' } }] : [];
}

function withGroups({ name, groups }: Who): Who {
  const [, namespace] = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name) ?? [];
  const own = namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return { name, groups: [...new Set([...groups, ...own, 'system:authenticated'])] };
}
