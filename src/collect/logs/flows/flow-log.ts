/** Flow logs, in whatever format, into the ledger. */
import { statSync } from 'node:fs';
import type { Ledger, OpenStream } from '../../../record/index.ts';
import type { LogFile, LogIntake } from '../log-file.ts';
import { CALICO } from './calico.ts';
import { CONNTRACK } from './conntrack.ts';
import { CSV } from './csv.ts';
import { type Endpoint, type Flow, type FlowFormat, type FlowReader, endOf } from './flow.ts';
import { HUBBLE } from './hubble.ts';

const FORMATS: readonly FlowFormat[] = [HUBBLE, CALICO, CONNTRACK, CSV];

/** Of more it is not waited for how they began. */
const MOST_LATE = 50_000;
const UNREADABLE = 'line that is no flow';

export class FlowLog {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Undefined where the first line is that of none of the formats. */
  intake({ path, stream }: LogFile, first: Buffer): LogIntake | undefined {
    const text = first.toString('utf8');
    for (const { name, begin } of FORMATS) {
      const read = begin(text);
      if (read === undefined) continue;
      const open = this.#ledger.stream(stream, 'flows');
      open.formats.add(name);
      return new FlowIntake(this.#ledger, open, { read, at: writtenAt(path) });
    }
    return undefined;
  }
}

class FlowIntake implements LogIntake {
  readonly kind = 'flows';
  readonly #ledger: Ledger;
  readonly #stream: OpenStream;
  readonly #reader: { readonly read: FlowReader; readonly at: number };
  #events = 0;
  #unread = 0;
  /** Connections of which only an answer or the end is told so far. */
  readonly #late = new Map<string, Flow>();

  constructor(ledger: Ledger, stream: OpenStream, reader: { readonly read: FlowReader; readonly at: number }) {
    this.#ledger = ledger;
    this.#stream = stream;
    this.#reader = reader;
  }

  line(line: Buffer, last: boolean): boolean {
    const flow = this.#reader.read(line.toString('utf8'), this.#reader.at);
    if (flow === 'other') return true;
    if (flow === undefined) {
      if (last) return false;
      this.#unread += 1;
      this.#stream.miss(UNREADABLE);
      return true;
    }
    this.#events += 1;
    this.#stream.event(flow.time);
    if (flow.node !== undefined) this.#stream.nodes.add(flow.node);
    if (flow.late === undefined) this.#enter(flow);
    else this.#keep(flow);
    return true;
  }

  end(): { events: number; unread: number } {
    this.#enterLate();
    return { events: this.#events, unread: this.#unread };
  }

  #keep(flow: Flow): void {
    const { source, destination, protocol, port } = flow;
    this.#late.set(`${endOf(source)} ${endOf(destination)} ${port}/${protocol}`, flow);
    if (this.#late.size > MOST_LATE) this.#enterLate();
  }

  #enterLate(): void {
    for (const flow of this.#late.values()) {
      const { source, destination, protocol, port } = flow;
      if (!this.#ledger.hasFlow({ source: endOf(source), destination: endOf(destination), protocol, port })) this.#enter(flow);
    }
    this.#late.clear();
  }

  #enter({ time, source, destination, protocol, port, outcome, count }: Flow): void {
    this.#note(source, time);
    this.#note(destination, time);
    const sighting = { stream: this.#stream.id, time, outcome, ...(count !== undefined && { count }) };
    this.#ledger.flow({ source: endOf(source), destination: endOf(destination), protocol, port }, sighting);
  }

  /** Where a log tells both, it tells whose the address was. */
  #note(endpoint: Endpoint, time: number): void {
    const end = endOf(endpoint);
    const { address } = endpoint;
    if (address !== undefined && end !== undefined && !end.startsWith('ip:') && !end.startsWith('other:'))
      this.#ledger.address(address, end, time);
  }
}

function writtenAt(path: string): number {
  const written = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return Math.floor((written ?? Date.now()) / 1000);
}
