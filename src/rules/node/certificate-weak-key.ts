import { mitre, nsa } from '../rule.ts';
import { certificateRule } from './certificates.ts';
import { nodeFacts } from './node-examples.ts';

const LEAST_RSA = 2048;
const WEAK_CURVES = /^(?:secp1[0-9]{2}|prime192|sect1[0-9]{2}|sect163)/;
const WEAK_SIGNATURES = /^(?:md2|md4|md5|sha1|ecdsa-with-SHA1|dsaWithSHA1|dsa-with-sha1)/i;

export const rule = certificateRule({
  id: 'certificate-weak-key',
  title: 'Certificate has a weak key or signature',
  severity: 'high',
  rationale:
    'A key that can be computed, or a signature that can be forged for another certificate, lets an attacker stand in for the component that everybody trusts.',
  remedy:
    'Issue it anew with RSA of 2048 bits or more, or ECDSA on P-256 or P-384, signed with SHA-256 or better. Go refuses certificates signed with SHA-1, so clients fail with them anyway.',
  controls: [...nsa('encryption-in-transit', 'strong-authentication'), ...mitre('T1557', 'T1600')],
  wrongWith(certificate) {
    const [kind = '', size = ''] = certificate.key.split(' ');
    if (kind === 'dsa' || (kind === 'rsa' && Number(size) < LEAST_RSA) || (kind === 'ec' && WEAK_CURVES.test(size)))
      return { words: `has the key ${certificate.key}`, field: 'key' };
    // Nobody checks the signature of what is trusted by itself.
    const isOwn = certificate.ca && certificate.issuer === certificate.subject;
    const { signature } = certificate;
    if (signature === undefined || isOwn || !WEAK_SIGNATURES.test(signature)) return undefined;
    return { words: `is signed with ${signature}`, field: 'signature' };
  },
  right: ({ key, signature }) => ({
    words: `has the key ${key}${signature === undefined ? '' : ` and is signed with ${signature}`}`,
    field: 'key',
  }),
  examples: () => ({
    good: [
      nodeFacts({ certificates: [['/pki/a.crt a'], ['/pki/b.crt b', { key: 'ec prime256v1' }], ['/pki/c.crt c', { key: 'ed25519' }]] }),
      nodeFacts({ certificates: [['/pki/ca.crt ca', { ca: true, signature: 'sha1WithRSAEncryption' }]] }),
    ],
    bad: [
      { yaml: nodeFacts({ certificates: [['/pki/a.crt a', { key: 'rsa 1024' }]] }), path: 'key' },
      { yaml: nodeFacts({ certificates: [['/pki/a.crt a', { key: 'ec secp112r1' }]] }), path: 'key' },
      { yaml: nodeFacts({ certificates: [['/pki/a.crt a', { signature: 'sha1WithRSAEncryption' }]] }), path: 'signature' },
    ],
  }),
});
