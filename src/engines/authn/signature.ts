/** Whether a token is signed by one of the keys that an issuer is known by. */
import { type KeyObject, constants, createPublicKey, verify } from 'node:crypto';
import { isRecord } from '../../lib/record.ts';
import type { Token } from './token.ts';

export interface IssuerKey {
  id: string | undefined;
  key: KeyObject;
}

/** By issuer; those that are not in it are not known. */
export type Keys = ReadonlyMap<string, readonly IssuerKey[]>;

/** A set of keys (RFC 7517), or public keys in PEM. Undefined where it is neither. */
export function keysIn(text: string): IssuerKey[] | undefined {
  try {
    if (!text.trimStart().startsWith('{')) return pemKeys(text);
    const value: unknown = JSON.parse(text);
    const list = isRecord(value) && Array.isArray(value.keys) ? (value.keys as unknown[]) : [value];
    return list.map((jwk) => ({
      id: isRecord(jwk) && typeof jwk.kid === 'string' ? jwk.kid : undefined,
      key: createPublicKey({ key: isRecord(jwk) ? jwk : {}, format: 'jwk' }),
    }));
  } catch {
    return undefined;
  }
}

function pemKeys(text: string): IssuerKey[] | undefined {
  const blocks = text.match(/-----BEGIN (?:PUBLIC KEY|RSA PUBLIC KEY|CERTIFICATE)-----[^-]+-----END [A-Z ]+-----/g) ?? [];
  return blocks.length === 0 ? undefined : blocks.map((block) => ({ id: undefined, key: createPublicKey(block) }));
}

const HASHES: Readonly<Record<string, string>> = { '256': 'sha256', '384': 'sha384', '512': 'sha512' };
const KEY_TYPES: Readonly<Record<string, string>> = { RS: 'rsa', PS: 'rsa', ES: 'ec' };

export function algorithmOf({ header }: Token): string {
  return typeof header.alg === 'string' ? header.alg : '';
}

/** With the keys that have the id of the token, or all where it names none. */
export function isSignedBy(token: Token, keys: readonly IssuerKey[]): boolean {
  const [head = '', body = '', signature = ''] = (token.text ?? '').split('.');
  const { kid } = token.header;
  const named = typeof kid === 'string' && kid !== '' ? keys.filter(({ id }) => id === undefined || id === kid) : keys;
  const algorithm = algorithmOf(token);
  return named.some(({ key }) => isSigned(`${head}.${body}`, { signature, algorithm, key }));
}

function isSigned(text: string, { signature, algorithm, key }: { signature: string; algorithm: string; key: KeyObject }): boolean {
  const [family, hash] = [algorithm.slice(0, 2), HASHES[algorithm.slice(2)]];
  if (hash === undefined || key.asymmetricKeyType !== KEY_TYPES[family] || !/^[A-Za-z0-9_-]+$/.test(signature)) return false;
  const options =
    family === 'ES'
      ? ({ key, dsaEncoding: 'ieee-p1363' } as const)
      : { key, ...(family === 'PS' && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }) };
  try {
    return verify(hash, Buffer.from(text), options, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}
