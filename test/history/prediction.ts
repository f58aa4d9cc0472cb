/**
 * How well `safe` foretells: a history of 90 days is split at its 60th; proofs are made from the days before it, as many
 * as are looked at, and what the changes that were called safe would deny in the 30 days after it is counted one by one.
 */
import { type AuditPolicy, parsePolicy } from '../../src/engines/audit-policy/index.ts';
import { rbacOfObjects } from '../../src/engines/rbac/index.ts';
import { replayRequests } from '../../src/changes/requests/replay.ts';
import { surroundingsOf } from '../../src/changes/surroundings.ts';
import { DAY, type RequestEvent } from './event.ts';
import { type Family, historyOf } from './families.ts';
import { recordOf } from './logged.ts';
import { allowedBy, removalsOf } from './removals.ts';

const SPLIT = 60;
export const OBSERVED = [3, 7, 14, 21, 30, 60] as const;

/** Of several histories. */
export function summed(counts: readonly Count[]): Count {
  const sum: Count = { safe: 0, wrong: 0, unused: 0, earned: 0, used: 0, missed: 0 };
  for (const count of counts) for (const key of Object.keys(sum) as (keyof Count)[]) sum[key] += count[key];
  return sum;
}

export interface Count {
  /** Changes that were called safe, and those of them that deny something afterwards. */
  safe: number;
  wrong: number;
  /** Changes that take what nobody uses in all 90 days, and those of them that were called safe. */
  unused: number;
  earned: number;
  /** Changes that deny what was recorded, and those of them that were not told to break it. */
  used: number;
  missed: number;
}

const EVERYTHING = everything();

/** By days of observation. */
export function predicted(family: Family, seed: number, observed: readonly number[]): Map<number, Count> {
  const history = historyOf(family, seed);
  const at = history.span.from + SPLIT * DAY;
  const objects = history.objects(at);
  const before = rbacOfObjects(objects);
  const { users, accounts, servers = 0 } = surroundingsOf(objects.map((object) => ({ object, origin: NOWHERE })));
  const distinct = distinctUses(history.requests);
  const used = new Set(
    allowedBy(
      objects,
      distinct.map(({ event }) => event),
    ),
  );
  const uses = distinct.filter(({ event }) => used.has(event));
  const removals = removalsOf(objects).map(({ after }) => {
    const left = new Set(
      allowedBy(
        after,
        uses.map(({ event }) => event),
      ),
    );
    return { after: rbacOfObjects(after), times: uses.flatMap(({ event, times }) => (left.has(event) ? [] : times)) };
  });
  return new Map(
    observed.map((days) => {
      const from = at - days * DAY;
      const count: Count = { safe: 0, wrong: 0, unused: 0, earned: 0, used: 0, missed: 0 };
      const record = recordOf(history.requests, { from, to: at, servers: history.span.servers });
      const evidence = { record, auditPolicy: EVERYTHING, servers, users, accounts, rolesKnown: true, leastWindow: days * DAY - 300 };
      for (const { after, times } of removals) {
        const { verdict } = replayRequests(before, after, evidence);
        const [isSafe, isUnused] = [verdict === 'safe', times.length === 0];
        const isUsed = times.some((time) => time >= from && time < at);
        count.safe += Number(isSafe);
        count.wrong += Number(isSafe && times.some((time) => time >= at));
        count.unused += Number(isUnused);
        count.earned += Number(isSafe && isUnused);
        count.used += Number(isUsed);
        count.missed += Number(isUsed !== (verdict === 'breaks'));
      }
      return [days, count];
    }),
  );
}

const NOWHERE = { source: 'history', line: 1, format: 'json' as const, prefix: [] };

/** Each way of asking once, with when it was used. */
function distinctUses(requests: readonly RequestEvent[]): { event: RequestEvent; times: number[] }[] {
  const found = new Map<string, { event: RequestEvent; times: number[] }>();
  for (const event of requests) {
    const { verb, apiGroup, resource, subresource, namespace, name } = event;
    const key = [(event.as ?? event.caller).name, verb, apiGroup, resource, subresource, namespace, name].join(' ');
    const known = found.get(key);
    if (known === undefined) found.set(key, { event, times: [event.time] });
    else known.times.push(event.time);
  }
  return [...found.values()];
}

function everything(): AuditPolicy {
  const { policy } = parsePolicy({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata' }] });
  if (policy === undefined) throw new Error('no policy');
  return policy;
}
