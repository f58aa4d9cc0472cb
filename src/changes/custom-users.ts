/**
 * Objects of kinds that Kubernetes does not bring and that make pods as an account: workflows, schedules, jobs of frameworks.
 * What they make is gone when it is done, so that only the object tells that the account is used by it.
 */
import { isRecord, textOf } from '../lib/record.ts';
import { kindOf } from '../model/index.ts';
import { holdsContainers } from './admission/custom-templates.ts';
import { longestPeriod } from './cron-period.ts';
import type { AccountUser } from './requests/evidence.ts';

type Raw = Readonly<Record<string, unknown>>;

const ACCOUNT = new Set(['serviceAccountName', 'serviceAccount']);
const SCHEDULE = new Set(['schedule', 'schedules', 'cron']);

/** One for each account that it names. Nothing of what another object made: that one says the same. */
export function customUsers(object: Raw): AccountUser[] {
  const { apiVersion, kind, metadata } = object;
  if (!isRecord(metadata) || !textOf(apiVersion).includes('/') || kindOf(textOf(apiVersion), textOf(kind)) !== undefined) return [];
  const owners: unknown = metadata.ownerReferences;
  if (Array.isArray(owners) && owners.some((owner) => isRecord(owner) && owner.controller === true)) return [];
  const schedules = [...textsUnder(object.spec, SCHEDULE)];
  if (schedules.length === 0 && !holdsContainers(object)) return [];
  const namespace = textOf(metadata.namespace);
  const ref = `${textOf(kind)}/${namespace}/${textOf(metadata.name)}`;
  // What cannot be read may be once in years.
  const period = Math.max(...schedules.map((schedule) => longestPeriod(schedule) ?? Infinity));
  return [...new Set(textsUnder(object.spec, ACCOUNT))].map((name) => ({
    ref,
    account: `system:serviceaccount:${namespace}:${name}`,
    starts: [],
    ...(schedules.length > 0 && { period }),
  }));
}

/** The texts that stand under one of the names, by themselves or in a list, however deep. */
function* textsUnder(value: unknown, names: ReadonlySet<string>): Generator<string> {
  if (Array.isArray(value)) for (const one of value as unknown[]) yield* textsUnder(one, names);
  if (!isRecord(value)) return;
  for (const [key, one] of Object.entries(value)) {
    if (names.has(key)) for (const text of [one].flat()) if (typeof text === 'string' && text !== '') yield text;
    yield* textsUnder(one, names);
  }
}
