/** `eval network`: {objects, probes} → whether each connection is allowed, and by what in each direction. */
import { Ends, Relation, ask, isProtocol, readWorld } from '../engines/network/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { isRecord } from '../model/index.ts';
import { objectsOfCase } from './case-objects.ts';

/** Policies that the server would refuse are not in force, and stand in `problems`. */
export function evalNetwork({ objects, probes }: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(probes)) throw new CastellanError('CAS_BAD_CASE', '"probes" is not a list');
  const world = readWorld(objectsOfCase(objects));
  const relation = new Relation(world);
  const ends = new Ends(relation);
  const results = (probes as unknown[]).map((probe, index) => answer(probe, `probes[${index}]`, { relation, ends }));
  const problems = world.problems.map(({ category, ref, path, message }) => ({ category, object: ref, path, message }));
  return { results, ...(problems.length > 0 && { problems }) };
}

function answer(probe: unknown, place: string, { relation, ends: all }: { relation: Relation; ends: Ends }): unknown {
  const { from, to, protocol = 'TCP', port } = isRecord(probe) ? probe : {};
  const end = (name: string, value: unknown): readonly number[] => {
    const found = typeof value === 'string' ? all.find(value) : undefined;
    if (found === undefined)
      throw wrong(`${place} has a "${name}" that is neither a pod of "objects", as ns/name, nor an address, as ip:10.1.2.3`);
    return found;
  };
  if (typeof protocol !== 'string' || !isProtocol(protocol)) throw wrong(`${place} has a "protocol" that is none of TCP, UDP, SCTP`);
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65535) throw wrong(`${place} has a "port" that is no port`);
  const unasked = (allowed: boolean): unknown => ({ allowed, ingress: { allowed: true, by: [] }, egress: { allowed: true, by: [] } });
  const ends = { from: end('from', from), to: end('to', to) };
  const [source, destination] = [from, to].map((text) => (typeof text === 'string' ? all.podNamed(text) : undefined));
  // What has ended talks to nobody, and no policy keeps a pod from itself.
  if (source?.finished === true || destination?.finished === true) return unasked(false);
  if (source !== undefined && source === destination) return unasked(true);
  // Where one end has addresses of IPv4 only and the other of IPv6, no policy is asked either.
  return ask(relation, ends, { protocol, port }) ?? unasked(false);
}

function wrong(message: string): CastellanError {
  return new CastellanError('CAS_BAD_CASE', message);
}
