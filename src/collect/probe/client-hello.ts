/**
 * The first message of a TLS handshake (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2), written by hand: the runtime's OpenSSL is
 * built without the suites that are to be found, and a handshake need not be finished to see what a server agrees to.
 */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { TlsVersion } from '../../snapshot/index.ts';

/** On the wire. */
export const VERSION_NUMBERS: Readonly<Record<TlsVersion, number>> = {
  'TLS 1.0': 0x0301,
  'TLS 1.1': 0x0302,
  'TLS 1.2': 0x0303,
  'TLS 1.3': 0x0304,
};

const GROUPS = [0x001d, 0x0017, 0x0018, 0x0019, 0x0100, 0x0101];
/** Also those of SHA-1 and DSA: what is old is what is looked for. */
const SIGNATURES = [0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201];

export function clientHello(version: TlsVersion, suites: readonly number[], host: string): Buffer {
  const number = VERSION_NUMBERS[version];
  const is13 = version === 'TLS 1.3';
  const body = Buffer.concat([
    u16(Math.min(number, 0x0303)),
    randomBytes(32),
    // A session that is none, as middle boxes expect one of TLS 1.3.
    short(is13 ? randomBytes(32) : Buffer.alloc(0)),
    long(numbers(suites)),
    short(Buffer.from([0])),
    long(Buffer.concat(extensions(version, host))),
  ]);
  const handshake = Buffer.concat([Buffer.from([1, 0]), u16(body.length), body]);
  return Buffer.concat([Buffer.from([22]), u16(0x0301), long(handshake)]);
}

function extensions(version: TlsVersion, host: string): Buffer[] {
  const all = [
    extension(10, long(numbers(GROUPS))),
    extension(11, short(Buffer.from([0]))),
    extension(23, Buffer.alloc(0)),
    extension(0xff01, short(Buffer.alloc(0))),
  ];
  if (isIP(host) === 0) all.unshift(extension(0, long(Buffer.concat([Buffer.from([0]), long(Buffer.from(host))]))));
  if (version === 'TLS 1.2' || version === 'TLS 1.3') all.push(extension(13, long(numbers(SIGNATURES))));
  if (version === 'TLS 1.3') {
    all.push(extension(43, short(u16(VERSION_NUMBERS[version]))));
    // No share of a key: the server says which group it wants, and with it the suite that it chose.
    all.push(extension(51, long(Buffer.alloc(0))));
  }
  return all;
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([u16(type), long(content)]);
}

function numbers(values: readonly number[]): Buffer {
  return Buffer.concat(values.map(u16));
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

/** Behind its length in one byte. */
function short(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([content.length]), content]);
}

/** Behind its length in two bytes. */
function long(content: Buffer): Buffer {
  return Buffer.concat([u16(content.length), content]);
}
