import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encrypted, message } from '../../../test/etcd/contents.ts';
import { RUNS } from '../../../test/runs.ts';
import { readEncrypted } from './encrypted-value.ts';

const BLOCKS = Buffer.alloc(48, 9);
const KMS = message([1, Buffer.alloc(40, 1)], [2, Buffer.from('key-of-the-service')], [3, Buffer.alloc(32, 2)], [5, 1n]);

describe('forms of providers', () => {
  it.each([
    ['aescbc', BLOCKS, undefined],
    ['aescbc', Buffer.alloc(16), 'is no whole number of blocks of AES-CBC'],
    ['aescbc', Buffer.alloc(47), 'is no whole number of blocks of AES-CBC'],
    ['aesgcm', Buffer.alloc(28), undefined],
    ['aesgcm', Buffer.alloc(27), 'is shorter than nonce and tag of AES-GCM'],
    ['secretbox', Buffer.alloc(41), undefined],
    ['secretbox', Buffer.alloc(39), 'is shorter than nonce and tag of a secretbox'],
    ['kms', Buffer.concat([Buffer.from([0, 4, 1, 2, 3, 4]), BLOCKS]), undefined],
    ['kms', Buffer.concat([Buffer.from([0, 200, 1, 2, 3, 4]), BLOCKS]), 'is shorter than its encrypted key says'],
    ['kms2', KMS, undefined],
    ['kms2', KMS.subarray(0, 60), 'is no encrypted object of a key service'],
    ['kms2', message([1, BLOCKS], [3, BLOCKS]), 'lacks its data, its key or the id of that'],
    ['rot13', BLOCKS, 'is of a provider that no API server has'],
  ])('%s', (provider, data, fault) => {
    const read = readEncrypted(encrypted(provider, 'key1', data));
    expect(read?.form).toMatchObject({ provider: provider === 'kms2' ? 'kms' : provider, key: 'key1' });
    expect(read?.fault).toBe(fault);
  });

  it('names of keys may hold colons; the ciphertext may as well', () => {
    expect(readEncrypted(encrypted('aescbc', 'a:b', BLOCKS))).toEqual({
      form: { encrypted: true, provider: 'aescbc', version: 'v1', key: 'a:b' },
    });
    expect(readEncrypted(encrypted('aescbc', 'a', Buffer.alloc(48, ':')))?.form.key).toBe('a');
  });

  it('of kms v2 only the digest of the id of the key is told', () => {
    const keyId = readEncrypted(encrypted('kms2', 'vault', KMS))?.form.keyId;
    expect(keyId).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each(['k8s:enc:', 'k8s:enc:aescbc:', 'k8s:enc:aescbc:v1:', 'k8s:enc:aescbc:v1:key1', 'k8s:enc:aescbc:v1::'])(
    '%s is cut short',
    (text) => {
      expect(readEncrypted(Buffer.from(text))).toBeUndefined();
    },
  );

  it('any bytes are read', () => {
    fc.assert(
      fc.property(fc.constantFrom('aescbc:v1:', 'kms:v2:', 'kms:v1:', ''), fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        const read = readEncrypted(Buffer.concat([Buffer.from(`k8s:enc:${start}`), rest]));
        expect(read === undefined || read.form.key.length > 0).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});
