/** What can go wrong with a request: whether it passes by waiting, and how it is told. */
import type { IncomingMessage } from 'node:http';
import { CastellanError } from '../../lib/errors.ts';
import type { Connection } from './connection.ts';

/** What the server said instead of an answer; `status` 0 is that it could not be reached. */
export class RequestError extends Error {
  readonly status: number;
  /** The Status object, where there was one. */
  readonly body: unknown;

  constructor(status: number, message: string, body?: unknown) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.body = body;
  }
}

/** Why a cluster could not be read at all, for people. */
export function noAnswer(error: unknown, { server }: Connection, remedy?: string): unknown {
  if (error instanceof FinalError) return error.told;
  if (!(error instanceof RequestError)) return error;
  const { status, message } = error;
  if (status === 401) return new CastellanError('CAS_SIGN_IN', `${server} does not accept the credentials: ${message}`, { cause: error });
  if (status === 403)
    return new CastellanError('CAS_SIGN_IN', `${server} does not allow it: ${message}`, {
      cause: error,
      ...(remedy !== undefined && { remedy }),
    });
  const said = status === 0 ? message : `${server} answered ${status}: ${message}`;
  return new CastellanError('CAS_UNREACHABLE', said, { cause: error, ...(remedy !== undefined && { remedy }) });
}

/** Nobody took the connection, or it was lost before an answer. */
export class UnreachableError extends RequestError {}

/** The connection stands, but nothing comes. Waiting again and again would take hours for all kinds of a cluster. */
export class SilentError extends UnreachableError {}

/** What will not pass by waiting: no name, no trust, no sign-in. An error of the whole, or in the middle of one list. */
export class FinalError extends RequestError {
  readonly told: CastellanError;

  constructor(told: CastellanError) {
    super(0, told.message);
    this.told = told;
  }
}

/** Refused for now; `retryAfter` in milliseconds. */
export class BusyError extends RequestError {
  readonly retryAfter: number;

  constructor(status: number, message: string, retryAfter: number) {
    super(status, message);
    this.retryAfter = retryAfter;
  }
}

export function errorOf(status: number, { headers }: IncomingMessage, text: string): RequestError {
  const body = bodyOf(text);
  const message = (body as { message?: unknown } | undefined)?.message;
  const said = typeof message === 'string' && message !== '' ? message : `HTTP status ${status}`;
  const wait = Number(headers['retry-after']);
  return Number.isFinite(wait) && wait > 0 ? new BusyError(status, said, wait * 1000) : new RequestError(status, said, body);
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A proxy in between answers in HTML.
    return undefined;
  }
}

export function mayPass(error: RequestError): boolean {
  const { status } = error;
  if (error instanceof FinalError) return false;
  return status === 0 || status === 429 || status === 500 || status === 502 || status === 503 || status === 504;
}

/** What will not pass by waiting is told at once: a wrong certificate, a name that nobody knows. */
export function unreachable(server: string, error: Error): Error {
  const { code = '', hostname } = error as NodeJS.ErrnoException & { hostname?: string };
  if (error.name === 'AbortError') return error;
  if (/CERT|SSL|TLS|ALTNAME|UNABLE_TO|SELF_SIGNED|EPROTO/.test(code)) {
    return new FinalError(new CastellanError('CAS_TLS', `${server} could not be trusted: ${error.message}`, { cause: error }));
  }
  if (code === 'ENOTFOUND') {
    const isProxy = hostname !== undefined && hostname !== new URL(server).hostname;
    const said = isProxy ? `the name of the proxy before ${server} is not known` : `the name in ${server} is not known`;
    return new FinalError(new CastellanError('CAS_UNREACHABLE', said, { cause: error }));
  }
  return new UnreachableError(0, `${server} could not be reached: ${error.message || code}`);
}
