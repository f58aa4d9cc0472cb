import type { ServedCertificate } from '../../snapshot/index.ts';
import { mitre, nsa } from '../rule.ts';
import { probed } from './port-examples.ts';
import { hasTls, portRule } from './port-rule.ts';

const LEAST_RSA = 2048;
const SMALL_CURVES = /^ec (?:prime192v|secp(?:112|128|160|192|224)|sect1)/;

export const rule = portRule({
  id: 'port-certificate-weak',
  title: 'Port shows a certificate with a weak key or signature',
  severity: 'medium',
  rationale:
    'A key that is short can be worked out, and a signature of SHA-1 or MD5 be made for another certificate: whoever has either is taken for the component.',
  remedy: 'Issue it anew with RSA of 2048 bits or more, P-256 or Ed25519, and a signature of SHA-256 or more.',
  controls: [...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  applies: hasTls,
  check({ fact: { tls } }) {
    return (tls?.certificates ?? []).flatMap((certificate) => {
      const { part = '[0]', subject } = certificate;
      const weak = weaknessOf(certificate);
      if (weak === undefined) return [];
      return [
        {
          message: `the certificate of ${subject} has ${weak.words}`,
          path: `tls.certificates${part}.${weak.field}`,
          value: weak.value,
          key: part,
        },
      ];
    });
  },
  examples: () => ({
    // The signature of a root is nobody's proof.
    good: [probed({}), probed({ certificate: { key: 'rsa 2048', signature: 'sha1-with-rsa', selfSigned: true } })],
    bad: [
      { yaml: probed({ certificate: { key: 'rsa 1024' } }), path: 'tls.certificates[0].key' },
      { yaml: probed({ certificate: { signature: 'sha1-with-rsa' } }), path: 'tls.certificates[0].signature' },
    ],
  }),
});

function weaknessOf({ key, signature, selfSigned }: ServedCertificate): { field: string; value: string; words: string } | undefined {
  const bits = Number(/^(?:rsa|dsa)\S* (\d+)$/.exec(key)?.[1] ?? LEAST_RSA);
  if (bits < LEAST_RSA || SMALL_CURVES.test(key)) return { field: 'key', value: key, words: `a short key (${key})` };
  if (!selfSigned && /^(?:md|sha1)/.test(signature))
    return { field: 'signature', value: signature, words: `a weak signature (${signature})` };
  return undefined;
}
