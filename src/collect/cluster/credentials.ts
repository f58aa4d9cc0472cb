/** Where a token or certificate comes from that can change while a cluster is read. */
import { readFileSync } from 'node:fs';
import { CastellanError, messageOf } from '../../lib/errors.ts';

export interface Credential {
  token?: string;
  /** Both in PEM. */
  certificate?: { cert: string; key: string };
}

export interface CredentialSource {
  /** Ends with the signal's reason when that fires. */
  get(signal?: AbortSignal): Promise<Credential>;
  /** The server refused this one, so that it is not given again. Whether there may be another. */
  forget(refused: Credential): boolean;
}

/** Token files are changed under a running program, in pods every hour; client-go reads them once a minute. */
const FILE_AGE = 60_000;

/** The token of a file; while that cannot be read, the one that was there before, else `token` of the entry. */
export class TokenFile implements CredentialSource {
  readonly #path: string;
  #held: string | undefined;
  #readAt = -Infinity;

  constructor(path: string, token: string | undefined) {
    this.#path = path;
    this.#held = token;
  }

  // oxlint-disable-next-line require-await -- a token file is one source among slower ones
  async get(): Promise<Credential> {
    if (performance.now() - this.#readAt >= FILE_AGE) {
      const token = this.#read();
      this.#held = token;
      this.#readAt = performance.now();
    }
    return { token: this.#held ?? '' };
  }

  forget(): boolean {
    this.#readAt = -Infinity;
    return true;
  }

  #read(): string {
    let fault = 'it is empty';
    try {
      const token = readFileSync(this.#path, 'utf8').trim();
      if (token !== '') return token;
    } catch (error) {
      fault = messageOf(error);
    }
    if (this.#held !== undefined) return this.#held;
    throw new CastellanError('CAS_SIGN_IN', `the token file of the user could not be read: ${fault}`);
  }
}
