/** `castellan record show FILE`: over which time it saw what, and where it may have missed something. */
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { plural, printable } from '../lib/terminal.ts';
import { type Span, type Stream, type UseRecord, coverageOf, readRecordFile } from '../record/index.ts';
import { writeTable } from './net-input.ts';

export function runRecordShow(path: string, { format = 'table' }: { format?: string }): number {
  if (format !== 'table' && format !== 'json')
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `record show has no format "${format}"`, { remedy: 'The formats are: table, json.' });
  const record = readRecordFile(path);
  if (format === 'table') table(record);
  else {
    stdout.write(`${JSON.stringify(shown(record))}\n`);
    stdout.end();
  }
  return 0;
}

function shown({ streams, actors, requests, flows, addresses }: UseRecord): unknown {
  return {
    schema: 'castellan/record-show/v1',
    streams: streams.filter(hasEvents).map((stream) => {
      const { name, kind, formats, events, unread } = stream;
      const { span, holes, beats } = coverageOf(stream);
      return { name, kind, formats, events, unread, ...(span !== undefined && told(span)), heartbeats: beats, holes: holes.map(told) };
    }),
    actors: usersOf(actors).size,
    requests: requests.length,
    flows: flows.length,
    addresses: addresses.length,
  };
}

function table({ streams, actors, requests, flows }: UseRecord): void {
  stdout.write(
    `${plural(requests.length, 'distinct request')} of ${plural(usersOf(actors).size, 'user')}, ${plural(flows.length, 'distinct flow')}\n\n`,
  );
  const rows = streams.filter(hasEvents).map((stream) => {
    const { span, holes, beats } = coverageOf(stream);
    const { from = '', to = '' } = span === undefined ? {} : told(span);
    return [
      printable(stream.name),
      stream.kind,
      stream.formats.join(' '),
      String(stream.events),
      from,
      to,
      holesText(holes, beats),
      missed(stream),
    ];
  });
  writeTable(['STREAM', 'KIND', 'FORMAT', 'EVENTS', 'FROM', 'TO', 'HOLES', 'UNREAD'], rows);
}

/** Whichever of their pods asked. */
function usersOf(actors: UseRecord['actors']): ReadonlySet<string> {
  return new Set(actors.map(({ name, groups, bound }) => JSON.stringify([name, groups, bound])));
}

function hasEvents({ events }: Stream): boolean {
  return events > 0;
}

/** Without a heartbeat nobody can tell a quiet hour from a lost one. */
function holesText(holes: readonly Span[], beats: boolean): string {
  const minutes = holes.reduce((sum, { from, to }) => sum + (to - from) / 60, 0);
  const found = holes.length === 0 ? 'none' : `${holes.length} (${plural(minutes, 'minute')})`;
  return beats ? found : `${found}, no heartbeat`;
}

function missed({ unread }: Stream): string {
  const reasons = Object.entries(unread).map(([reason, count]) => `${count} × ${reason}`);
  return reasons.length === 0 ? 'none' : reasons.join(', ');
}

function told({ from, to }: Span): { from: string; to: string } {
  const text = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  return { from: text(from), to: text(to) };
}
