/**
 * Requests to the API server: retried where a retry can help, with the pauses that the server asks for, and ended
 * when nobody waits any more. Collecting sends GET only, and the reviews of `castellan permissions`; what writes to a
 * cluster stands in `src/enforce/` and sends through `ask`.
 */
import { type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { type RequestOptions, request as tlsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { CastellanError, messageOf } from '../../lib/errors.ts';
import type { Connection } from './connection.ts';
import {
  BusyError,
  FinalError,
  RequestError,
  SilentError,
  UnreachableError,
  errorOf,
  mayPass,
  noAnswer,
  unreachable,
} from './request-error.ts';

export interface ClientOptions {
  signal?: AbortSignal;
  /** Attempts of one request before it counts as failed. */
  attempts?: number;
  /** Milliseconds before the second attempt; doubled for each one after it. */
  firstPause?: number;
  /** Milliseconds without a byte after which a request counts as lost. */
  silence?: number;
  onRetry?: (reason: string) => void;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** What the server said to a request: an object, the text of a log, or the Status of a refusal (400 to 499). */
export interface Answer {
  status: number;
  body: unknown;
}

interface Question {
  method: Method;
  path: string;
  accept: string;
  body?: string;
}

const LONGEST_PAUSE = 30_000;
/** How often silence is waited for. */
const PATIENCE = 3;
/** Milliseconds for a request to a server that did not answer the one before. */
const ONCE_GONE = 5000;

export class Client {
  readonly connection: Connection;
  readonly #options: Required<Pick<ClientOptions, 'attempts' | 'firstPause' | 'silence'>> & ClientOptions;
  /** One request has waited in vain until the end: those after it need not do so again, until one is answered. */
  #isGone = false;
  /** The server does not accept what signing in again gave either. */
  #isRefused = false;

  constructor(connection: Connection, options: ClientOptions = {}) {
    this.connection = connection;
    this.#options = { attempts: 6, firstPause: 500, silence: 60_000, ...options };
  }

  /** The bytes of an answer, handed on as they come. Not retried here: the caller knows what it has when it breaks off. */
  async stream(path: string, accept: string, chunk: (bytes: Buffer) => void): Promise<void> {
    await this.#drain(await this.#open({ method: 'GET', path, accept }), chunk);
  }

  async json(path: string, accept = 'application/json'): Promise<unknown> {
    return this.retried(async () => parsed(await this.#text(await this.#open({ method: 'GET', path, accept }))));
  }

  async post(path: string, body: unknown): Promise<unknown> {
    return this.retried(async () =>
      parsed(await this.#text(await this.#open({ method: 'POST', path, accept: 'application/json', body: JSON.stringify(body) }))),
    );
  }

  /** Any request, for those whom a refusal tells something as well. Throws where there is no answer, in words for people. */
  async ask(method: Method, path: string, body?: unknown): Promise<Answer> {
    const accept = 'application/json, */*';
    const question: Question = { method, path, accept, ...(body !== undefined && { body: JSON.stringify(body) }) };
    try {
      return await this.retried(async () => {
        const response = await this.#open(question);
        const text = await this.#text(response);
        const isJson = /^application\/json\b/.test(response.headers['content-type'] ?? '');
        return { status: response.statusCode ?? 0, body: isJson ? parsed(text) : text };
      });
    } catch (error) {
      if (error instanceof RequestError && isRefusal(error.status)) return { status: error.status, body: error.body ?? error.message };
      throw noAnswer(error, this.connection);
    }
  }

  /** Runs it again while what it throws may pass: a busy server, one that is starting, a lost connection. */
  async retried<T>(attempt: () => Promise<T>): Promise<T> {
    const { attempts, firstPause, signal, onRetry } = this.#options;
    for (let count = 1; ; count += 1) {
      try {
        const answer = await attempt();
        this.#isGone = false;
        return answer;
      } catch (error) {
        signal?.throwIfAborted();
        const isLast = count >= (error instanceof SilentError ? Math.min(attempts, PATIENCE) : attempts) || this.#isGone;
        if (!(error instanceof RequestError) || !mayPass(error) || isLast) {
          this.#isGone = error instanceof UnreachableError;
          throw error;
        }
        const asked = error instanceof BusyError ? error.retryAfter : 0;
        // A little apart from the others that were refused at the same moment.
        const planned = firstPause * 2 ** (count - 1) * (0.75 + Math.random() / 2);
        onRetry?.(error.message);
        const wait = pause(Math.min(LONGEST_PAUSE, Math.max(asked, planned)), undefined, signal === undefined ? {} : { signal });
        await wait.catch(() => signal?.throwIfAborted());
      }
    }
  }

  async #open(question: Question): Promise<IncomingMessage> {
    const signed = await this.#signed();
    let response = await this.#send(signed, question);
    if (response.statusCode === 401 && !this.#isRefused && this.connection.renew(signed)) {
      // A token may end while a large cluster is read. When a new one is refused as well, no more are asked for.
      response.resume();
      response = await this.#send(await this.#signed(), question);
      this.#isRefused = response.statusCode === 401;
    }
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    throw errorOf(status, response, await this.#text(response).catch(() => ''));
  }

  async #signed(): Promise<RequestOptions> {
    try {
      return await this.connection.sign(this.#options.signal);
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      throw error instanceof CastellanError ? new FinalError(error) : error;
    }
  }

  #send(signed: RequestOptions, { method, path, accept, body }: Question): Promise<IncomingMessage> {
    const { server, timeout } = this.connection;
    const headers = {
      ...(signed.headers as Record<string, string>),
      Accept: accept,
      'Accept-Encoding': 'gzip',
      'User-Agent': 'castellan',
      // With its length: of a DELETE Node would send the body as if it were the next request.
      ...(body !== undefined && { 'Content-Type': contentTypeOf(method), 'Content-Length': String(Buffer.byteLength(body)) }),
    };
    const { signal: cancelled, silence } = this.#options;
    // A server that has stopped to answer gets a short chance for each kind that is left.
    const patience = this.#isGone ? Math.min(timeout ?? ONCE_GONE, ONCE_GONE) : timeout;
    const limit = patience === undefined ? undefined : AbortSignal.timeout(patience);
    const signals = [cancelled, limit].filter((each) => each !== undefined);
    const url = new URL(`${server}${path}`);
    return new Promise((resolve, reject) => {
      const send = url.protocol === 'http:' ? plainRequest : tlsRequest;
      const options = { ...signed, method, headers, ...(signals.length > 0 && { signal: AbortSignal.any(signals) }) };
      const request = requested(server, () => send(url, options, resolve));
      request.setTimeout(silence, () => request.destroy(new SilentError(0, `no answer for ${silence / 1000} s`)));
      request.on('error', (error) => {
        if (limit?.aborted)
          reject(
            new SilentError(
              0,
              patience === timeout ? `no answer within --request-timeout (${timeout} ms)` : `no answer for ${ONCE_GONE / 1000} s`,
            ),
          );
        else reject(error instanceof RequestError ? error : unreachable(server, error));
      });
      request.end(body);
    });
  }

  async #drain(response: IncomingMessage, chunk: (bytes: Buffer) => void): Promise<void> {
    const bytes = response.headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response;
    // A pipe does not hand on that its source broke.
    if (bytes !== response) response.on('error', (error) => bytes.destroy(error));
    response.on('aborted', () => bytes.destroy(new Error('the connection was lost')));
    try {
      for await (const each of bytes) chunk(each as Buffer);
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      response.destroy();
      throw error instanceof RequestError ? error : new RequestError(0, `the answer broke off: ${messageOf(error)}`);
    }
  }

  async #text(response: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    await this.#drain(response, (bytes) => chunks.push(bytes));
    return Buffer.concat(chunks).toString('utf8');
  }
}

/** The only patches that are sent are those of RFC 6902. */
function contentTypeOf(method: Method): string {
  return method === 'PATCH' ? 'application/json-patch+json' : 'application/json';
}

/** Not to be signed in, or to be asked to wait, says nothing of what was asked. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 401 && status !== 429;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new RequestError(0, 'the answer is no JSON');
  }
}

/** A certificate that is none is met before anything is sent. */
function requested(server: string, send: () => ClientRequest): ClientRequest {
  try {
    return send();
  } catch (error) {
    throw unreachable(server, error as Error);
  }
}
