/** A few kinds of a cluster as plain objects, for those who need no snapshot of it. Nothing is taken out of them. */
import type { Client } from './client.ts';
import { type ServedResource, discover } from './discovery.ts';
import { listResource } from './list.ts';
import { noAnswer } from './request-error.ts';
import { nameOf } from './resources.ts';

type Fields = Record<string, unknown>;

export interface Served {
  /** By the names of kubectl (`deployments.apps`): those of the kinds that the server has, in its preferred version. */
  kinds: ReadonlyMap<string, ServedResource>;
  /** All of a kind; what could not be listed is missing here. */
  objects: ReadonlyMap<string, readonly Fields[]>;
  /** Why not. */
  failed: ReadonlyMap<string, string>;
}

/** Everything that can be listed, in the version that the server prefers. */
export async function servedKinds(client: Client): Promise<readonly ServedResource[]> {
  const found = await discover(client).catch((error: unknown) => Promise.reject(noAnswer(error, client.connection)));
  return found.resources;
}

export async function listSome(client: Client, names: readonly string[], namespaces?: readonly string[]): Promise<Served> {
  const resources = await servedKinds(client);
  const kinds = new Map(resources.map((kind) => [nameOf(kind), kind] as const).filter(([name]) => names.includes(name)));
  const objects = new Map<string, readonly Fields[]>();
  const failed = new Map<string, string>();
  for (const [name, resource] of kinds) {
    const found: Fields[] = [];
    for (const namespace of (resource.namespaced ? namespaces : undefined) ?? [undefined]) {
      const before = found.length;
      const sink = { add: (object: Fields) => void found.push(object), restart: () => void (found.length = before) };
      const outcome = await listResource(client, { resource, namespace }, sink);
      if (outcome.state === 'forbidden' || outcome.state === 'failed') failed.set(name, outcome.reason);
    }
    if (!failed.has(name)) objects.set(name, found);
  }
  return { kinds, objects, failed };
}
