/**
 * Flows as a table with a head: `time`, `source`, `destination`, `port`, and where it is known `protocol` (TCP),
 * `verdict` (allowed or denied) and `count`. An end is an address, or a pod as NAMESPACE/NAME.
 */
import type { Outcome } from '../../../record/index.ts';
import { type Endpoint, type FlowFormat, type FlowReader, portOf, protocolOf, timeOf } from './flow.ts';

const NEEDED = ['time', 'source', 'destination', 'port'] as const;
const VERDICTS: Readonly<Record<string, Outcome>> = { '': 'allowed', allowed: 'allowed', denied: 'denied', unclear: 'unclear' };

export const CSV: FlowFormat = {
  name: 'csv',
  begin: (line) => {
    const names = cellsOf(line).map((name) => name.toLowerCase());
    return NEEDED.every((name) => names.includes(name)) ? readerOf(names) : undefined;
  },
};

function readerOf(names: readonly string[]): FlowReader {
  const place = new Map(names.map((name, index) => [name, index]));
  return (line) => {
    const cells = cellsOf(line);
    if (cells.length === 1 && cells[0] === '') return 'other';
    const cell = (name: string): string => cells[place.get(name) ?? -1] ?? '';
    // The head itself.
    if (cell('time').toLowerCase() === 'time') return 'other';
    const [time, port, protocol] = [timeOf(cell('time')), portOf(cell('port')), protocolOf(cell('protocol') || 'TCP')];
    const [source, destination] = [endpoint(cell('source')), endpoint(cell('destination'))];
    const outcome = VERDICTS[cell('verdict').toLowerCase()];
    const count = Number(cell('count') || 1);
    if (time === undefined || port === undefined || protocol === undefined || outcome === undefined) return undefined;
    if (source === undefined || destination === undefined || !Number.isSafeInteger(count) || count < 1) return undefined;
    return { time, source, destination, protocol, port, outcome, count };
  };
}

function endpoint(text: string): Endpoint | undefined {
  if (/^[0-9a-fA-F:.]+$/.test(text) && /[.:]/.test(text)) return { address: text };
  const [namespace, pod, more] = text.split('/');
  return namespace !== undefined && pod !== undefined && namespace !== '' && pod !== '' && more === undefined
    ? { namespace, pod }
    : undefined;
}

/** No end, time or number holds a comma, so that quotes are only taken off. */
function cellsOf(line: string): string[] {
  return line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}
