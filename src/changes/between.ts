/** The change that leads from one state to another, object by object. */
import { sameJson } from '../lib/json-patch.ts';
import { isRecord } from '../lib/record.ts';
import type { Change, Patch } from '../rules/index.ts';
import { refIn } from './overlay.ts';
import type { State } from './state.ts';

type Body = Readonly<Record<string, unknown>>;

/** What a server writes by itself, and what differs from one reading to the next without anybody having changed it. */
const SERVER_FIELDS: ReadonlySet<string> = new Set([
  'resourceVersion',
  'generation',
  'managedFields',
  'creationTimestamp',
  'uid',
  'selfLink',
]);

/** Whole objects, as nobody wrote down what was meant. An object that stands twice is the last one, as kubectl applies it. */
export function changeBetween(before: State, after: State): Change {
  const [old, now] = [bodiesOf(before), bodiesOf(after)];
  const patches: Patch[] = [];
  for (const [target, object] of now) {
    const was = old.get(target);
    if (was === undefined) patches.push({ target, operation: 'create', patch: [], object });
    else if (was !== object && !saysTheSame(was, object))
      patches.push({ target, operation: 'patch', patch: [{ op: 'replace', path: '', value: object }] });
  }
  for (const target of old.keys()) if (!now.has(target)) patches.push({ target, operation: 'delete', patch: [] });
  return { patches, effort: 'low' };
}

/** Whether nobody would see a difference: what a server writes by itself is none, nor is a namespace that is left out. */
export function saysTheSame(one: Body, other: Body): boolean {
  return sameJson(written(one), written(other));
}

function bodiesOf({ objects }: State): Map<string, Body> {
  return new Map(objects.map(({ object }) => [refIn(object), object]));
}

function written(object: Body): Body {
  const { metadata } = object;
  const rest = Object.fromEntries(Object.entries(object).filter(([key]) => key !== 'status'));
  if (!isRecord(metadata)) return rest;
  const own = Object.entries(metadata).filter(([key, value]) => !SERVER_FIELDS.has(key) && !(key === 'namespace' && value === 'default'));
  return { ...rest, metadata: Object.fromEntries(own) };
}
