/** Audit logs, in whatever wrapping, into the ledger. */
import { CastellanError } from '../../../lib/errors.ts';
import { isRecord } from '../../../lib/record.ts';
import type { Ledger, OpenStream } from '../../../record/index.ts';
import type { LogFile, LogIntake } from '../log-file.ts';
import { AuditEntry, needsBody } from './enter.ts';
import { type AuditEvent, eventOf } from './event.ts';
import { wholeEvent, withoutBodies } from './lean-line.ts';
import { PLAIN, type Unwrapped, isEvent, unwrapped } from './wrappers.ts';

/** A document that is no list of lines is parsed as a whole. */
const LARGEST_DOCUMENT = 384 << 20;

const NO_JSON = 'line that is no JSON';
const NO_EVENT = 'entry that is no event';

export class AuditLog {
  readonly #ledger: Ledger;
  readonly #entry: AuditEntry;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#entry = new AuditEntry(ledger);
  }

  intake(file: LogFile): LogIntake {
    return new AuditIntake(this.#ledger, this.#entry, file);
  }
}

/** One file on its way into the ledger. */
class AuditIntake implements LogIntake {
  readonly kind = 'audit';
  readonly #ledger: Ledger;
  readonly #entry: AuditEntry;
  readonly #path: string;
  readonly #own: string;
  #events = 0;
  #unread = 0;
  #latest = 0;
  /** The lines of what may be one document: its first line was no JSON by itself. */
  #document: Buffer[] | undefined;
  #size = 0;
  #hasBegun = false;

  constructor(ledger: Ledger, entry: AuditEntry, { path, stream }: LogFile) {
    this.#ledger = ledger;
    this.#entry = entry;
    this.#path = path;
    this.#own = stream;
  }

  line(line: Buffer, last: boolean): boolean {
    if (this.#document === undefined && this.#json(line)) return true;
    if (this.#document === undefined && this.#hasBegun) {
      if (!last) this.#miss(NO_JSON);
      return !last;
    }
    this.#size += line.length + 1;
    if (this.#size > LARGEST_DOCUMENT)
      throw this.#noLog(`is one document of more than ${LARGEST_DOCUMENT >> 20} MB; write one event a line`);
    (this.#document ??= []).push(Buffer.from(line));
    return true;
  }

  end(): { events: number; unread: number } {
    if (this.#document !== undefined) this.#whole(this.#document);
    this.#entry.end(this.#latest);
    if (this.#events === 0) throw this.#noLog('holds no event of an audit log, and begins as none of the flow logs that are known');
    return { events: this.#events, unread: this.#unread };
  }

  /** One document over several lines; or lines of which the first was cut. */
  #whole(lines: readonly Buffer[]): void {
    const value = parsed(lines);
    if (value !== undefined) this.#value(value, undefined);
    else for (const line of lines) if (line.length > 0 && !this.#json(line)) this.#miss(NO_JSON);
  }

  /** False where the line is no JSON. */
  #json(line: Buffer): boolean {
    const value = withoutBodies(line) ?? wholeEvent(line);
    if (value === undefined) return false;
    this.#hasBegun = true;
    this.#value(value, line);
    return true;
  }

  #value(value: unknown, line: Buffer | undefined): void {
    // Nearly all lines are.
    if (isRecord(value) && isEvent(value)) {
      this.#event({ format: PLAIN, value }, line);
      return;
    }
    for (const found of unwrapped(value)) {
      if (found === 'other') continue;
      if (found === 'unknown') this.#miss(NO_EVENT);
      else this.#event(found, line);
    }
  }

  #event(found: Unwrapped, line: Buffer | undefined): void {
    let event = eventOf(found.value);
    if (event === undefined) {
      this.#miss(NO_EVENT);
      return;
    }
    if (line !== undefined && wantsBody(event)) event = eventOf(bodyOf(line) ?? found.value) ?? event;
    const stream = this.#stream(found.stream ?? this.#own);
    stream.formats.add(found.format);
    this.#entry.enter(stream, event);
    this.#latest = Math.max(this.#latest, event.time);
    this.#events += 1;
  }

  #stream(name: string): OpenStream {
    return this.#ledger.stream(name, 'audit');
  }

  #miss(reason: string): void {
    this.#unread += 1;
    this.#stream(this.#own).miss(reason);
  }

  #noLog(what: string): CastellanError {
    return new CastellanError('CAS_NOT_LOG', `${this.#path} ${what}`);
  }
}

function wantsBody({ object, request, response }: AuditEvent): boolean {
  return object !== undefined && request === undefined && response === undefined && needsBody(object);
}

function bodyOf(line: Buffer): Record<string, unknown> | undefined {
  const whole = wholeEvent(line);
  return isRecord(whole) && whole.kind === 'Event' ? whole : undefined;
}

function parsed(lines: readonly Buffer[]): unknown {
  try {
    return JSON.parse(lines.map((line) => line.toString('utf8')).join('\n')) as unknown;
  } catch {
    return undefined;
  }
}
