/**
 * Values that an API server encrypted: `k8s:enc:PROVIDER:VERSION:KEY:` and what the provider makes. Forms:
 * k8s.io/apiserver, pkg/server/options/encryptionconfig and pkg/storage/value/encrypt. Nothing here can tell a changed
 * ciphertext from the one that was written; what its length and frame tell is checked.
 */
import { createHash } from 'node:crypto';
import type { EncryptedForm } from './forms.ts';
import { BYTES, eachField } from './wire.ts';

export const ENCRYPTED = Buffer.from('k8s:enc:');

/** `fault` where it is not what the provider makes; the form is told all the same where it can be read. */
export interface EncryptedValue {
  form: EncryptedForm;
  fault?: string;
}

const PROVIDERS: Readonly<Record<string, (data: Buffer) => string | undefined>> = {
  'aescbc:v1': cbcFault,
  'aesgcm:v1': (data) => (data.length < 12 + 16 ? 'is shorter than nonce and tag of AES-GCM' : undefined),
  'secretbox:v1': (data) => (data.length < 24 + 16 ? 'is shorter than nonce and tag of a secretbox' : undefined),
  'kms:v1': envelopeFault,
  'kms:v2': (data) => kmsObject(data).fault,
};

/** Longer names of keys than this are none. */
const LONGEST_NAME = 1024;

/** Undefined where there is no provider and no key to be read. */
export function readEncrypted(value: Buffer): EncryptedValue | undefined {
  const providerEnd = value.indexOf(58, ENCRYPTED.length);
  const versionEnd = providerEnd < 0 ? -1 : value.indexOf(58, providerEnd + 1);
  if (versionEnd < 0 || versionEnd > 64) return undefined;
  const [provider, version] = [text(value, ENCRYPTED.length, providerEnd), text(value, providerEnd + 1, versionEnd)];
  const check = PROVIDERS[`${provider}:${version}`];
  let first: EncryptedValue | undefined;
  // A name may hold colons itself: the first one with which the rest is right ends it.
  for (let end = value.indexOf(58, versionEnd + 1); end >= 0 && end - versionEnd < LONGEST_NAME; end = value.indexOf(58, end + 1)) {
    const key = text(value, versionEnd + 1, end);
    if (key === '' || !isName(key)) break;
    const data = value.subarray(end + 1);
    const fault = check === undefined ? 'is of a provider that no API server has' : check(data);
    const keyId = provider === 'kms' && version === 'v2' ? kmsObject(data).keyId : undefined;
    const read = { form: { encrypted: true, provider, version, key, ...(keyId !== undefined && { keyId }) } as const };
    if (fault === undefined) return read;
    first ??= { ...read, fault };
  }
  return first;
}

function text(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end);
}

/** What is behind the first colon may be ciphertext. */
function isName(text: string): boolean {
  return !/[\p{Cc}\uFFFD]/u.test(text);
}

/** An initialization vector of a block, and whole blocks. */
function cbcFault(data: Buffer): string | undefined {
  return data.length < 32 || data.length % 16 !== 0 ? 'is no whole number of blocks of AES-CBC' : undefined;
}

/** Two bytes of length, the key of the value as the service encrypted it, and the value. */
function envelopeFault(data: Buffer): string | undefined {
  if (data.length < 2) return 'has no encrypted key';
  const length = data.readUInt16BE(0);
  const rest = data.length - 2 - length;
  return length === 0 || rest < 28 ? 'is shorter than its encrypted key says' : undefined;
}

/** EncryptedObject of k8s.io/kms, apis/v2: data, id of the key, encrypted key, annotations, how the key is used. */
function kmsObject(data: Buffer): { fault?: string; keyId?: string } {
  const sizes = new Map<number, number>();
  let keyId: string | undefined;
  const whole = eachField(data, [0, data.length], ({ number, type, start, end }) => {
    if (number > 5 || type !== (number === 5 ? 0 : BYTES)) return false;
    sizes.set(number, end - start);
    if (number === 2) keyId = `sha256:${createHash('sha256').update(data.subarray(start, end)).digest('hex')}`;
    return true;
  });
  if (!whole) return { fault: 'is no encrypted object of a key service' };
  if ((sizes.get(1) ?? 0) < 28 || (sizes.get(2) ?? 0) === 0 || (sizes.get(3) ?? 0) === 0)
    return { fault: 'lacks its data, its key or the id of that' };
  return keyId === undefined ? {} : { keyId };
}
