/** What a client does that was seen doing something: informers list before they watch, locks are read and written. */
import type { Asked } from '../../record/index.ts';

const LOCKS = new Set(['leases', 'configmaps', 'endpoints']);
const LOCKED_BY = ['get', 'create', 'update', 'patch'] as const;
const WRITES = ['create', 'update', 'patch'] as const;
const READS = ['get', 'list', 'watch'] as const;

const STREAMS = new Set(['exec', 'attach', 'portforward']);
/** From 1.35 on: the feature gate AuthorizePodWebsocketUpgradeCreatePermission. */
const STREAMS_CREATE_SINCE = 35;

/**
 * Verbs that the server asks for inside of a request, and never logs. `minor` is that of its release; the newest where left
 * out.
 */
export function verbsInside({ verb, apiGroup, resource, subresource }: Asked, minor = STREAMS_CREATE_SINCE): readonly string[] {
  const isStream = verb === 'get' && apiGroup === '' && resource === 'pods' && STREAMS.has(subresource);
  return isStream && minor >= STREAMS_CREATE_SINCE ? ['create'] : [];
}

/**
 * Verbs on the same resource that go with a use. Reconnecting clients fall back from watch to list, and clients of a
 * recorder patch the event that they created when it comes again.
 */
export function impliedVerbs(asked: Asked): readonly string[] {
  const { verb, resource, subresource, path } = asked;
  const others = (verbs: readonly string[]): string[] => verbs.filter((one) => one !== verb);
  if (path !== '' || subresource !== '') return verbsInside(asked);
  if (verb === 'watch') return others(READS);
  if (verb === 'list') return ['watch'];
  if (resource === 'events' && verb === 'create') return ['patch'];
  if (LOCKS.has(resource) && (verb === 'update' || verb === 'patch')) return others(LOCKED_BY);
  return [];
}

/**
 * With those that a use may lead to at another time: whoever only reads a Lease by its name may wait until its holder is
 * gone, and the recorder that finds its event gone creates it.
 */
export function possibleVerbs(asked: Asked): readonly string[] {
  const { verb, resource, subresource, name, path } = asked;
  const others = (verbs: readonly string[]): string[] => verbs.filter((one) => one !== verb);
  if (path === '' && subresource === '') {
    if (resource === 'leases' && (verb === 'create' || (verb === 'get' && name !== ''))) return others(LOCKED_BY);
    if (resource === 'events' && (verb === 'update' || verb === 'patch')) return others(WRITES);
  }
  return impliedVerbs(asked);
}
