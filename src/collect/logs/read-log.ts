/** Logs of use into a ledger: what they are is told by how they begin, and what was read before is passed over. */
import { type Ledger, type ReadPart, type UseRecord, notePart } from '../../record/index.ts';
import { AuditLog } from './audit/audit-log.ts';
import { FlowLog } from './flows/flow-log.ts';
import type { LogFile, LogIntake, LogSummary } from './log-file.ts';
import { readLines } from './log-lines.ts';

interface KnownPart {
  readonly part: ReadPart;
  readonly stream: string;
}

export class LogReader {
  readonly #ledger: Ledger;
  readonly #audit: AuditLog;
  readonly #flows: FlowLog;
  readonly #known = new Map<string, KnownPart>();

  /** `record` is what the ledger already holds. */
  constructor(ledger: Ledger, record?: UseRecord) {
    this.#ledger = ledger;
    this.#audit = new AuditLog(ledger);
    this.#flows = new FlowLog(ledger);
    for (const { name, parts } of record?.streams ?? []) for (const part of parts) this.#known.set(part.head, { part, stream: name });
  }

  /**
   * Errors: CAS_NOT_FOUND, CAS_UNREADABLE; CAS_NOT_LOG for what is no log, and for one that was edited since it was read.
   */
  async read(file: LogFile): Promise<LogSummary> {
    let intake: LogIntake | undefined;
    // Whatever it is called now, it goes on where it was read before.
    let { stream } = file;
    const result = await readLines(file.path, {
      known: (head) => {
        const known = this.#known.get(head);
        if (known !== undefined) ({ stream } = known);
        return known?.part;
      },
      first: (line) => {
        const named = { ...file, stream };
        intake = this.#flows.intake(named, line) ?? this.#audit.intake(named);
      },
      line: (line, last) => intake?.line(line, last) ?? true,
    });
    const into = intake ?? this.#audit.intake(file);
    const { events, unread } = result.isNew && result.part.bytes > 0 ? into.end() : { events: 0, unread: 0 };
    const open = this.#ledger.stream(stream, into.kind);
    if (result.broken !== undefined) open.miss(result.broken);
    notePart(open, result.part);
    this.#known.set(result.part.head, { part: result.part, stream });
    return { path: file.path, kind: into.kind, events, unread: unread + (result.broken === undefined ? 0 : 1), isNew: result.isNew };
  }
}
