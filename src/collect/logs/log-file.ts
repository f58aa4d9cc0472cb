/** Logs that are read into a record. */

export interface LogFile {
  readonly path: string;
  /** The stream that its events belong to, where they do not name it themselves. */
  readonly stream: string;
}

export interface LogSummary {
  readonly path: string;
  readonly kind: 'audit' | 'flows';
  readonly events: number;
  /** Lines and entries that are no event that could be read. */
  readonly unread: number;
  /** False where everything in it was read before. */
  readonly isNew: boolean;
}

/** Takes the lines of one log, whose first one it has seen. */
export interface LogIntake {
  readonly kind: LogSummary['kind'];
  /** False where a line without an end is left for the next time. */
  line(line: Buffer, last: boolean): boolean;
  /** After the last line. Counts; throws CAS_NOT_LOG where nothing of it was an event. */
  end(): { readonly events: number; readonly unread: number };
}
