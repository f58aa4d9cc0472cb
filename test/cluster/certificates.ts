/**
 * Certificates of a test cluster, made with node:crypto: a cluster has about a dozen, and a program started for each
 * would cost more than all of them do here.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { bits, der, identifier, integer, octets, sequence, set, text, time, TRUE } from './der.ts';

/** In PEM, as every program here reads it. */
export interface Certificate {
  certificate: string;
  key: string;
}

export interface Authority extends Certificate {
  issue(subject: Subject): Certificate;
}

/** Who it is for: Kubernetes reads the name as the user and the organisations as groups. */
export interface Subject {
  name: string;
  groups?: readonly string[];
  /** Host names and addresses at which it serves. */
  hosts?: readonly string[];
  /** When it ends; in a year where left out. */
  until?: Date;
  /** A key of RSA with so many bits in place of P-256. */
  rsa?: number;
}

const ECDSA_WITH_SHA256 = sequence(identifier('1.2.840.10045.4.3.2'));
const SERVER_AND_CLIENT = sequence(identifier('1.3.6.1.5.5.7.3.1'), identifier('1.3.6.1.5.5.7.3.2'));
const DAY = 86_400_000;

interface Signer {
  name: Buffer;
  key: KeyObject;
  keyId: Buffer;
}

export function makeAuthority(name: string): Authority {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = { name: distinguishedName({ name }), key: pair.privateKey, keyId: keyId(pair.publicKey) };
  const extensions = [
    extension('2.5.29.19', sequence(TRUE), true),
    // To sign certificates and lists of revoked ones, and by itself.
    extension('2.5.29.15', bits(Buffer.from([0x86]), 1), true),
    extension('2.5.29.14', octets(signer.keyId)),
  ];
  const certificate = signed({ subject: signer.name, publicKey: pair.publicKey, extensions }, signer);
  return { certificate, key: pem(pair.privateKey), issue: (subject) => issue(subject, signer) };
}

function issue(subject: Subject, signer: Signer): Certificate {
  const { rsa, until } = subject;
  const pair = rsa === undefined ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: rsa });
  const extensions = [
    extension('2.5.29.19', sequence(), true),
    // To sign, and to encipher keys.
    extension('2.5.29.15', bits(Buffer.from([0xa0]), 5), true),
    extension('2.5.29.37', SERVER_AND_CLIENT),
    extension('2.5.29.35', sequence(der(0x80, signer.keyId))),
  ];
  if (subject.hosts !== undefined) extensions.push(extension('2.5.29.17', sequence(...subject.hosts.map(host))));
  const unsigned = { subject: distinguishedName(subject), publicKey: pair.publicKey, extensions, ...(until !== undefined && { until }) };
  const certificate = signed(unsigned, signer);
  return { certificate, key: pem(pair.privateKey) };
}

interface Unsigned {
  subject: Buffer;
  publicKey: KeyObject;
  extensions: readonly Buffer[];
  until?: Date;
}

function signed({ subject, publicKey, extensions, until }: Unsigned, signer: Signer): string {
  const now = Date.now();
  const start = Math.min(now, until?.getTime() ?? now) - DAY; // a day before: clocks differ
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    signer.name,
    sequence(time(new Date(start)), time(until ?? new Date(now + 365 * DAY))),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const whole = sequence(body, ECDSA_WITH_SHA256, bits(sign('sha256', body, signer.key)));
  const lines = whole.toString('base64').match(/.{1,64}/gu) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName({ name, groups = [] }: Subject): Buffer {
  const parts = [...groups.map((group) => ['2.5.4.10', group] as const), ['2.5.4.3', name] as const];
  return sequence(...parts.map(([type, value]) => set(sequence(identifier(type), text(value)))));
}

function extension(type: string, content: Buffer, critical = false): Buffer {
  return sequence(identifier(type), ...(critical ? [TRUE] : []), octets(content));
}

function host(name: string): Buffer {
  return isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name));
}

function keyId(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
