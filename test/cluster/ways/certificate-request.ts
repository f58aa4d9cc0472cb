/** A request for a certificate, in PEM, with the key that it is for. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { bits, der, identifier, integer, sequence, set, text } from '../der.ts';

export interface CertificateRequest {
  request: string;
  key: string;
}

const ECDSA_WITH_SHA256 = sequence(identifier('1.2.840.10045.4.3.2'));

/** Kubernetes reads the name as the user and the organisations as groups. */
export function certificateRequest({ name, groups }: { name: string; groups: readonly string[] }): CertificateRequest {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const parts = [...groups.map((group) => ['2.5.4.10', group] as const), ['2.5.4.3', name] as const];
  const subject = sequence(...parts.map(([type, value]) => set(sequence(identifier(type), text(value)))));
  const publicKey = pair.publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(integer(Buffer.from([0])), subject, publicKey, der(0xa0));
  const whole = sequence(body, ECDSA_WITH_SHA256, bits(sign('sha256', body, pair.privateKey)));
  const lines = whole.toString('base64').match(/.{1,64}/gu) ?? [];
  const request = `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`;
  return { request, key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
