/** `castellan net entries`: what leads traffic from outside to which workload, and whether the policies let it in. */
import { EVERY_ADDRESS, type EntryPoint, type Evidence, Relation, entryPoints, rangesTexts } from '../engines/network/index.ts';
import { type Origin, positionOf } from '../snapshot/index.ts';
import { gapsField } from './net-gaps.ts';
import { type NetFlags, netFormat, readNetSources, writeDocument, writeRows } from './net-input.ts';

export async function runNetEntries(paths: readonly string[], flags: NetFlags): Promise<number> {
  const format = netFormat('entries', flags, ['table', 'json', 'csv']);
  const { world, origins } = await readNetSources(paths, flags);
  const entries = entryPoints(new Relation(world));
  if (format === 'json')
    writeDocument('net-entries', { entryPoints: entries.map((entry) => documentOf(entry, origins)), ...gapsField(world) });
  else writeRows(format, ['WORKLOAD', 'PORT', 'BY', 'FROM', 'ALLOWED', 'WHY', 'EVIDENCE'], entries.map(cellsOf));
  return 0;
}

function documentOf({ pods, via, from, internal, verdict, ...entry }: EntryPoint, origins: readonly Origin[]): Record<string, unknown> {
  const place = ({ ref, path, object }: Evidence): Record<string, unknown> => {
    const origin = origins[object];
    const position = origin === undefined ? undefined : positionOf(origin, path);
    return { object: ref, path, ...(origin !== undefined && { source: origin.source, line: position?.line ?? origin.line }) };
  };
  return {
    ...entry,
    pods: pods.length,
    from: rangesTexts(from),
    ...(internal !== undefined && { internal: place(internal) }),
    ...verdict,
    evidence: via.map(place),
  };
}

function cellsOf({ workload, container, protocol, port, by, via, hosts, outerPort, from, internal, verdict }: EntryPoint): string[] {
  const where = [hosts.join(','), outerPort ?? ''].filter((part) => part !== '').join(':');
  const restricted = from.join() === EVERY_ADDRESS.join() ? 'anywhere' : rangesTexts(from).join(' ');
  const ports = port === undefined ? 'any' : `${port}/${protocol}${container === undefined ? ' (of no container)' : ''}`;
  return [
    workload,
    ports,
    where === '' ? by : `${by} ${where}`,
    internal === undefined ? restricted : `${restricted}, inside the provider's network`,
    verdict.allowed,
    [verdict.reason ?? '', verdict.policies.join(', ') || 'no policy'].filter((part) => part !== '').join('; '),
    evidenceText(via),
  ];
}

/** Several fields of one object stand behind its name. */
function evidenceText(via: readonly Evidence[]): string {
  return via
    .map(({ ref, path }, index) => (via[index - 1]?.ref === ref ? `, ${path}` : `${index === 0 ? '' : ' > '}${ref} ${path}`))
    .join('');
}
