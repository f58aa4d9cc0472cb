/** What earlier runs have left: they were killed, or lost their cluster before they could remove it. */
import { isRecord } from '../../lib/record.ts';
import { type Ask, type Fields, NAMESPACES, type Resource, itemsOf, objectOf, pathOf } from './api.ts';
import { ENDS_AT, type Owner, PREFIX, PROCESS, SELECTOR, ownerOf, runLabelOf } from './run.ts';
import { takeDown } from './take-down.ts';
import { Writer } from './writer.ts';

const POLL = 300;
const GONE = 90_000;

export interface Leftover {
  run: string;
  /** Namespaces first, as their removal takes the longest. */
  objects: readonly { resource: Resource; name: string }[];
  /** When its pods have ended at the latest, as RFC 3339; '' where it does not say. */
  endsAt: string;
  owner: Owner;
  /** Nobody needs it any more: its process has ended, or its time is over. */
  isOver: boolean;
}

/** `kinds` are those that lie in no namespace, as far as the server has them. */
export async function findLeftovers(ask: Ask, kinds: readonly Resource[], now = new Date()): Promise<Leftover[]> {
  const runs = new Map<string, { objects: { resource: Resource; name: string }[]; endsAt: string; owner: Owner }>();
  for (const resource of [NAMESPACES, ...kinds]) {
    const query = `?labelSelector=${encodeURIComponent(SELECTOR)}`;
    const answer = await ask('GET', `${pathOf(resource)}${query}`);
    // Policies of the cluster go with the namespace that owns them: who may not list them need not.
    if (answer.status === 403 && resource !== NAMESPACES) continue;
    for (const { metadata } of itemsOf(objectOf(answer, `list ${resource.resource}`))) {
      const { name, labels, annotations } = metadataOf(metadata);
      // Whoever puts our label on something else of theirs does not lose it.
      if (!name.startsWith(PREFIX) && name !== 'default') continue;
      if (name === 'default' && resource.resource !== 'baselineadminnetworkpolicies') continue;
      const id = runLabelOf(labels);
      const run = runs.get(id) ?? { objects: [], endsAt: '', owner: 'unknown' as const };
      run.objects.push({ resource, name });
      if (typeof annotations[ENDS_AT] === 'string')
        Object.assign(run, { endsAt: annotations[ENDS_AT], owner: ownerOf(annotations[PROCESS]) });
      runs.set(id, run);
    }
  }
  return [...runs].map(([run, found]) => ({ run, ...found, isOver: found.owner === 'ended' || isPast(found.endsAt, now) }));
}

/** Those that are over. The answer is what is left of them, and why. */
export async function removeLeftovers(ask: Ask, leftovers: readonly Leftover[]): Promise<string[]> {
  const writer = new Writer(ask);
  for (const { objects, isOver } of leftovers) if (isOver) writer.ledger.standing.push(...objects);
  return takeDown({ ask, writer, poll: POLL, gone: GONE });
}

/** What does not say when it ends has lost its namespace, and so its run. */
function isPast(endsAt: string, now: Date): boolean {
  const time = Date.parse(endsAt);
  return Number.isNaN(time) || time < now.getTime();
}

function metadataOf(metadata: unknown): { name: string; labels: Fields; annotations: Fields } {
  const { name, labels, annotations } = isRecord(metadata) ? metadata : {};
  return { name: String(name), labels: isRecord(labels) ? labels : {}, annotations: isRecord(annotations) ? annotations : {} };
}
