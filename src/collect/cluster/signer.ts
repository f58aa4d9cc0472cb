/**
 * Trust and sign-in of single requests. The library reads certificates, refreshes OIDC tokens and makes the agents,
 * also those of proxies; tokens, plugins and on whose behalf something is asked are ours.
 */
import type { Agent, RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js';
import { CastellanError, messageOf } from '../../lib/errors.ts';
import type { Credential, CredentialSource } from './credentials.ts';
import type { Headers } from './impersonation.ts';

/** Requests that may be under way at the same time. */
export const IN_FLIGHT = 4;

export interface SignerOptions {
  cluster: Cluster;
  /** Certificates and OIDC only; also where the context names nobody, as the library else trusts nothing of the cluster. */
  user: User;
  source: CredentialSource | undefined;
  /** `name:password` */
  basic: string | undefined;
  impersonation: Headers;
}

/** All in PEM. */
export interface Identity {
  /** The authority that vouches for the cluster; left out where none is named or nothing is verified. */
  ca?: string;
  certificate?: { cert: string; key: string };
}

export class Signer {
  readonly #options: SignerOptions;
  readonly #user: User;
  /** One for all requests: it remembers until when an OIDC token holds. */
  readonly #library = new KubeConfig();
  #turn: Promise<unknown> = Promise.resolve();
  #agent: Agent | undefined;
  /** What the agent was made with. */
  #identity = '';
  /** What requests were signed with. */
  readonly #given = new WeakMap<RequestOptions, Credential>();

  constructor(options: SignerOptions) {
    this.#options = options;
    this.#user = { ...options.user };
    this.#library.loadFromClusterAndUser(options.cluster, this.#user);
  }

  async sign(signal?: AbortSignal): Promise<RequestOptions> {
    const { source, basic, impersonation } = this.#options;
    const credential = (await source?.get(signal)) ?? {};
    const options = await this.#applied(credential);
    const headers: Record<string, string | string[]> = { ...(options.headers as Headers), ...impersonation };
    if (credential.token !== undefined) headers.Authorization = bearer(credential.token);
    else if (this.#user.authProvider !== undefined && headers.Authorization === undefined) {
      throw new CastellanError('CAS_SIGN_IN', 'the id-token of the user has ended, and there is nothing to get a new one with');
    }
    const auth = headers.Authorization === undefined ? basic : undefined;
    const signed: RequestOptions = { agent: this.#agentOf(options), headers, ...(auth !== undefined && { auth }) };
    this.#given.set(signed, credential);
    return signed;
  }

  async identity(signal?: AbortSignal): Promise<Identity> {
    const { cluster, source } = this.#options;
    const options = await this.#applied((await source?.get(signal)) ?? {});
    const [ca, cert, key] = [options.ca, options.cert, options.key].map((each) => {
      return typeof each === 'string' || Buffer.isBuffer(each) ? each.toString() : undefined;
    });
    return {
      ...(ca !== undefined && !cluster.skipTLSVerify && { ca }),
      ...(cert !== undefined && key !== undefined && { certificate: { cert, key } }),
    };
  }

  /** One after the other: a refresh token of OIDC may be good for one use only. */
  #applied(credential: Credential): Promise<RequestOptions> {
    const applied = this.#turn.then(() => this.#apply(credential));
    this.#turn = applied.catch(() => undefined);
    return applied;
  }

  /** Whether to sign again may help after a 401; what was refused is not given again. */
  renew(refused: RequestOptions): boolean {
    const credential = this.#given.get(refused);
    return credential !== undefined && this.#options.source?.forget(credential) === true;
  }

  async #apply({ certificate }: Credential): Promise<RequestOptions> {
    const options: RequestOptions = { headers: {} };
    const { certData, keyData } = this.#options.user;
    const given =
      certificate === undefined ? { certData, keyData } : { certData: base64(certificate.cert), keyData: base64(certificate.key) };
    Object.assign(this.#user, given);
    try {
      await this.#library.applyToHTTPSOptions(options);
    } catch (error) {
      // A parser quotes what it fails at, which is the id-token.
      const why = error instanceof SyntaxError ? 'the id-token of the user is none' : messageOf(error);
      const said = `signing in to ${this.#options.cluster.server} failed: ${why}`;
      throw new CastellanError('CAS_SIGN_IN', said);
    }
    return options;
  }

  /** One for all requests, so that connections are kept; a new one only when there is a new certificate. */
  #agentOf({ agent, cert, key }: RequestOptions): Agent {
    const identity = JSON.stringify([cert, key]);
    if (this.#agent === undefined || identity !== this.#identity) {
      this.#agent = agent as Agent & { keepAlive: boolean };
      Object.assign(this.#agent, { keepAlive: true, maxSockets: IN_FLIGHT });
      this.#identity = identity;
    }
    return this.#agent;
  }
}

function bearer(token: string): string {
  // What Node says of such a header names neither the token nor where it is from.
  if (!/^[\x20-\x7e\x80-\xff]+$/.test(token)) throw new CastellanError('CAS_SIGN_IN', 'the token of the user holds what no token can');
  return `Bearer ${token}`;
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
