import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeAuthority } from './certificates.ts';

describe('certificates of test clusters', () => {
  const authority = makeAuthority('ca');
  const ca = new X509Certificate(authority.certificate);

  it('are signed by their authority, for those who are named', () => {
    const made = authority.issue({ name: 'jané/of, "x"', groups: ['a', 'b'], hosts: ['localhost', '127.0.0.1'] });
    const read = new X509Certificate(made.certificate);
    expect(ca.ca && ca.verify(ca.publicKey)).toBe(true);
    expect(read.ca).toBe(false);
    expect(read.checkIssued(ca) && read.verify(ca.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(made.key))).toBe(true);
    expect(read.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
    expect(read.toLegacyObject().subject).toMatchObject({ O: ['a', 'b'], CN: 'jané/of, "x"' });
    expect(read.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });

  it('differ in serial number and key, whatever their length', () => {
    const serials = Array.from(
      { length: 50 },
      () => new X509Certificate(authority.issue({ name: 'x'.repeat(300) }).certificate).serialNumber,
    );
    expect(new Set(serials).size).toBe(50);
  });
});
