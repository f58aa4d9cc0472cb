/** Which versions and suites a port takes, and which certificates it shows. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type ServedCertificate, TLS_VERSIONS, type TlsFact, type TlsVersion, endpointName } from '../../snapshot/index.ts';
import { factOf } from '../node/certificates.ts';
import { VERSION_NUMBERS } from './client-hello.ts';
import { type Door, handshake } from './handshake.ts';
import type { ServerSaid } from './server-hello.ts';
import { signatureOf } from './signature.ts';
import { OLDER_SUITES, SUITES_OF_TLS_13, suiteName } from './suites.ts';

export interface TlsSeen {
  fact: TlsFact;
  /** It asked for a certificate of the client, as far as that is sent in the open. */
  isAsked: boolean;
  /** A certificate is there and could not be read. */
  unread?: string;
}

/** Undefined where the port takes no version of TLS. */
export async function probeTls(door: Door): Promise<TlsSeen | undefined> {
  const versions: TlsFact['versions'] = [];
  let sent: Buffer[] = [];
  let isAsked = false;
  for (const version of TLS_VERSIONS) {
    const { accepted, suites, said } = await suitesOf(door, version);
    versions.push({ version, accepted, suites });
    if (said === undefined) continue;
    if (said.certificates.length > 0) sent = said.certificates;
    isAsked ||= said.asksForCertificate;
  }
  if (versions.every(({ accepted }) => accepted !== 'yes')) return undefined;
  // In TLS 1.3 they are encrypted, so the handshake must be gone through.
  const unread = sent.length === 0 ? 'its certificates are sent in TLS 1.3 only, and that handshake failed' : undefined;
  if (sent.length === 0) sent = await sentInTls13(door);
  const fact: TlsFact = { versions, clientCertificate: 'unknown', certificates: servedOf(sent, door) };
  return { fact, isAsked, ...(unread !== undefined && fact.certificates.length === 0 && { unread }) };
}

interface Agreed {
  accepted: TlsFact['versions'][number]['accepted'];
  suites: string[];
  /** What it said when it first agreed. */
  said?: ServerSaid;
}

/** Asks again without what was chosen, until nothing is. */
async function suitesOf(door: Door, version: TlsVersion): Promise<Agreed> {
  let left = version === 'TLS 1.3' ? SUITES_OF_TLS_13 : OLDER_SUITES;
  const suites: string[] = [];
  let first: ServerSaid | undefined;
  while (left.length > 0) {
    const outcome = await handshake(door, version, left);
    if (outcome.kind !== 'answer') return { accepted: suites.length > 0 ? 'yes' : 'unknown', suites, ...(first && { said: first }) };
    const { hello } = outcome.said;
    // A server that takes no version this old may answer with one of its own.
    if (hello === undefined || hello.version !== VERSION_NUMBERS[version] || !left.includes(hello.suite)) break;
    first ??= outcome.said;
    suites.push(suiteName(hello.suite));
    left = left.filter((suite) => suite !== hello.suite);
  }
  return { accepted: suites.length > 0 ? 'yes' : 'no', suites, ...(first && { said: first }) };
}

/** Empty where the handshake fails. Nothing is trusted: what is wrong with a certificate is what is looked for. */
async function sentInTls13({ host, port, pace, patience }: Door): Promise<Buffer[]> {
  await pace.turn();
  return new Promise((resolve) => {
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = connectTls({ host, port, rejectUnauthorized: false, minVersion: 'TLSv1.3', timeout: patience, ...servername });
    const end = (found: Buffer[]): void => {
      socket.destroy();
      resolve(found);
    };
    socket.on('secureConnect', () => {
      const chain: Buffer[] = [];
      let next = socket.getPeerX509Certificate();
      for (; next !== undefined && chain.length < MOST_CERTIFICATES; next = next.issuerCertificate) chain.push(next.raw);
      end(chain);
    });
    socket.on('timeout', () => end([]));
    socket.on('error', () => end([]));
  });
}
const MOST_CERTIFICATES = 10;

function servedOf(sent: readonly Buffer[], { host, port }: Door): ServedCertificate[] {
  return sent.slice(0, MOST_CERTIFICATES).flatMap((der, index) => {
    const fact = factOf(der, endpointName({ host, port }), `[${index}]`);
    if (fact === undefined) return [];
    const read = new X509Certificate(der);
    const fits = index > 0 ? undefined : (isIP(host) === 0 ? read.checkHost(host) : read.checkIP(host)) !== undefined;
    return [{ ...fact, signature: signatureOf(der), selfSigned: isSelfSigned(read), ...(fits !== undefined && { fits }) }];
  });
}

function isSelfSigned(read: X509Certificate): boolean {
  try {
    return read.subject === read.issuer && read.verify(read.publicKey);
  } catch {
    return false;
  }
}
