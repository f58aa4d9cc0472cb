/** What a client does that was seen doing something: informers list before they watch, locks are read and written. */
import type { Asked } from '../../record/index.ts';

const LOCKS = new Set(['leases', 'configmaps', 'endpoints']);
const READS = ['get', 'list', 'watch'] as const;

/**
 * Verbs on the same resource that go with a use. Reconnecting clients fall back from watch to list, and clients of a
 * recorder patch the event that they created when it comes again.
 */
export function impliedVerbs({ verb, resource, subresource, path }: Asked): readonly string[] {
  if (path !== '' || subresource !== '') return [];
  if (verb === 'watch') return READS.filter((one) => one !== 'watch');
  if (verb === 'list') return ['watch'];
  if (resource === 'events' && verb === 'create') return ['patch'];
  if (LOCKS.has(resource) && (verb === 'update' || verb === 'patch'))
    return ['get', 'create', 'update', 'patch'].filter((one) => one !== verb);
  return [];
}
