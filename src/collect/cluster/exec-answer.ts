/**
 * What a sign-in plugin printed. It holds credentials also where it is not what it should be, so that nothing of it
 * may stand in an error, neither text nor what a parser says of it.
 */
import { createSecureContext } from 'node:tls';
import { isRecord } from '../../lib/record.ts';
import type { Credential } from './credentials.ts';

export interface Answer {
  credential: Credential;
  /** Milliseconds of the clock; undefined is never. */
  expires: number | undefined;
}

/** What went wrong with a plugin, as the end of a sentence that starts with it. */
export class PluginFault extends Error {
  /** What its installHint is for. */
  readonly isMissing: boolean;

  constructor(message: string, isMissing = false) {
    super(message);
    this.isMissing = isMissing;
  }
}

/** Throws why it is no answer. */
export function answerOf(output: string, apiVersion: string): Answer {
  const answer = parsed(output);
  if (!isRecord(answer)) throw new PluginFault('printed something else than an ExecCredential in JSON');
  if (answer.kind !== 'ExecCredential') throw new PluginFault('printed JSON that is no ExecCredential');
  if (answer.apiVersion !== apiVersion) throw new PluginFault(`answered in another version than ${apiVersion}, which the kubeconfig names`);
  if (!isRecord(answer.status)) throw new PluginFault('gave no status');
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = answer.status;
  if (!isText(token) && !isText(cert) && !isText(key)) throw new PluginFault('gave neither a token nor a certificate');
  if (isText(cert) !== isText(key)) throw new PluginFault('gave a certificate or its key, but not both');
  const expires = isText(expirationTimestamp) ? Date.parse(expirationTimestamp) : undefined;
  if (Number.isNaN(expires)) throw new PluginFault('gave an expirationTimestamp that is no time');
  return {
    credential: {
      ...(isText(token) && { token: token.trim() }),
      ...(isText(cert) && isText(key) && { certificate: checked({ cert, key }) }),
    },
    expires,
  };
}

function checked(certificate: { cert: string; key: string }): { cert: string; key: string } {
  try {
    createSecureContext(certificate);
  } catch {
    throw new PluginFault('gave a certificate and a key that are no PEM, or not of one another');
  }
  return certificate;
}

function parsed(output: string): unknown {
  try {
    return JSON.parse(output) as unknown;
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
