/**
 * The configuration that a kubelet runs with, from its own port (`GET /configz`, pkg/kubelet/server). The one request of
 * a probe that shows who asks: with a client certificate, whose key stays here, or with a token that may do nothing else.
 * What asks for `nodes/proxy`, as kubelets without KubeletFineGrainedAuthz do, is not what such a token should have.
 */
import { request as plainRequest } from 'node:http';
import { isIP } from 'node:net';
import { type TLSSocket, connect as connectTls } from 'node:tls';
import { isDeeper, isRecord } from '../../lib/record.ts';
import { printable } from '../../lib/terminal.ts';
import { type ConfigzFact, endpointName } from '../../snapshot/index.ts';
import { redactConfig } from '../node/redact-config.ts';
import type { Door } from './handshake.ts';

/** How Castellan shows a kubelet who asks. */
export interface ConfigzSignIn {
  /** The CA of the cluster in PEM, where it is known. */
  ca?: string;
  credential: ConfigzCredential;
}

export type ConfigzCredential =
  | { by: 'certificate'; cert: string; key: string }
  /** `onlyTrusted`: it is not sent to a kubelet for which the CA does not vouch. */
  | { by: 'token'; token: string; onlyTrusted: boolean };

/** Why there is no answer, and whether that is a right that is missing. */
export interface ConfigzRefusal {
  isRight: boolean;
  reason: string;
}

/** A hundred times what the largest configuration takes. */
const LARGEST = 1 << 20;
const DEEPEST = 20;

export async function askConfigz(door: Door, signIn: ConfigzSignIn): Promise<ConfigzFact | ConfigzRefusal> {
  await door.pace.turn();
  const { credential } = signIn;
  const limit = AbortSignal.timeout(door.patience);
  let socket: TLSSocket | undefined;
  try {
    socket = await secured(door, signIn, limit);
    const untrusted = whyUntrusted(socket, signIn.ca);
    if (untrusted !== undefined && credential.by === 'token' && credential.onlyTrusted)
      return refused(`the token was not sent, as what else it may do is not known and ${untrusted}`);
    const { status, text } = await answerOf(socket, door, { credential, limit });
    const config = status === 200 ? configIn(text) : undefined;
    if (status !== 200) return refusalOf(status, text, credential);
    if (config === undefined) return refused('what it answered to /configz is no KubeletConfiguration that can be kept');
    return { by: credential.by, ...(untrusted !== undefined && { untrusted }), config };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = limit.aborted ? `no answer within ${door.patience / 1000} s` : (code ?? message);
    return refused(`/configz was not answered: ${printable(why).slice(0, 200)}`);
  } finally {
    socket?.destroy();
  }
}

/** Nothing but the certificate, where there is one, is shown before it is known who is there. */
function secured({ host, port }: Door, { ca, credential }: ConfigzSignIn, limit: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const own = credential.by === 'certificate' ? { cert: credential.cert, key: credential.key } : {};
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = connectTls({ host, port, rejectUnauthorized: false, ...servername, ...own, ...(ca !== undefined && { ca }) });
    const end = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    limit.addEventListener('abort', () => end(new Error('too late')), { once: true });
    socket.on('secureConnect', () => resolve(socket));
    socket.on('error', end);
    socket.on('close', () => end(new Error('it hung up')));
  });
}

/** A kubelet that nobody told otherwise signs its certificate itself. */
function whyUntrusted(socket: TLSSocket, ca: string | undefined): string | undefined {
  if (ca === undefined) return 'the kubeconfig names no CA that could vouch for its certificate';
  if (socket.authorized) return undefined;
  // A text, in spite of its type.
  const code = String(socket.authorizationError);
  if (/ALTNAME/.test(code)) return 'its certificate is for another name or address';
  return `the CA of the cluster does not vouch for its certificate: ${vouchWords(code)}`;
}

const VOUCH_WORDS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_SIGNATURE_FAILURE: 'its signature is wrong',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it signed itself',
  INVALID_PURPOSE: 'it is not for servers',
  SELF_SIGNED_CERT_IN_CHAIN: 'another CA signed it',
  UNABLE_TO_GET_ISSUER_CERT: 'another CA signed it',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'another CA signed it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'another CA signed it',
  // Of OpenSSL's reasons Node.js names the common ones.
  UNSPECIFIED: 'OpenSSL refuses it for a rarer reason, such as a weak key or signature',
};

/** Of the code that Node.js gives to a certificate that does not verify. */
export function vouchWords(code: string): string {
  return Object.hasOwn(VOUCH_WORDS, code) ? (VOUCH_WORDS[code] ?? '') : printable(code).slice(0, 80);
}

interface Asking {
  credential: ConfigzCredential;
  limit: AbortSignal;
}

function answerOf(socket: TLSSocket, door: Door, { credential, limit }: Asking): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const authorization = credential.by === 'token' ? { authorization: `Bearer ${credential.token}` } : {};
    const headers = { host: endpointName(door), accept: 'application/json', 'user-agent': 'castellan', ...authorization };
    // With an agent, also with none, the connection would be another one than that which was looked at.
    const request = plainRequest({ method: 'GET', path: '/configz', headers, signal: limit, createConnection: () => socket });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > LARGEST) response.destroy(new Error(`its answer is larger than ${LARGEST} bytes`));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
    });
    request.end();
  });
}

/** Undefined where it is none, or holds secrets that cannot be told from the rest. */
function configIn(text: string): Record<string, unknown> | undefined {
  const config = recordIn(text)?.kubeletconfig;
  if (!isRecord(config) || isDeeper(config, DEEPEST)) return undefined;
  const clean = redactConfig('configz', JSON.stringify(config, undefined, 1));
  return clean === undefined ? undefined : recordIn(clean);
}

function recordIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The kubelet names the subresources that it asked about (pkg/kubelet/server/auth.go): `configz` only where it knows that right. */
function refusalOf(status: number, text: string, { by }: ConfigzCredential): ConfigzRefusal {
  if (status === 401) return { isRight: true, reason: `it does not accept the ${by}` };
  if (status === 403) {
    const knows = /\bsubresource\(?s?\)?=\[?[^\])]*\bconfigz\b/.test(text);
    const reason = knows
      ? 'the right to get nodes/configz is missing: castellan permissions --for configz prints an account that has it'
      : 'it has no right for /configz alone and asks for nodes/proxy, which runs commands in pods: there is one from Kubernetes 1.33 on (KubeletFineGrainedAuthz, in 1.32 behind that gate)';
    return { isRight: true, reason };
  }
  if (status === 404 || status === 405) return refused('it does not serve /configz: enableDebuggingHandlers is off');
  return refused(`it answered ${status} to /configz`);
}

function refused(reason: string): ConfigzRefusal {
  return { isRight: false, reason };
}
