/** What is wrong with a database, and where. */

export type ProblemCode =
  | 'not-bbolt'
  | 'not-etcd'
  | 'truncated'
  | 'checksum'
  | 'meta'
  | 'page'
  | 'order'
  | 'used-twice'
  | 'freelist'
  | 'bucket'
  | 'revision'
  | 'record'
  | 'history'
  | 'value'
  | 'lease'
  | 'member'
  | 'too-large';

/** Where something stands: the number of a page, and bytes from the start of the file. */
export interface Place {
  page?: number;
  offset?: number;
}

export interface Problem extends Place {
  code: ProblemCode;
  /** A sentence without a full stop; never a stored value. */
  message: string;
}

/** As many as a person reads; the rest is counted. */
const KEPT = 100;

export class Problems {
  readonly kept: Problem[] = [];
  total = 0;

  add(code: ProblemCode, message: string, { page, offset }: Place = {}): void {
    this.total += 1;
    if (this.kept.length >= KEPT) return;
    this.kept.push({ code, message, ...(page !== undefined && { page }), ...(offset !== undefined && { offset }) });
  }
}
