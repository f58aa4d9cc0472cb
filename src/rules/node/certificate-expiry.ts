import { mitre, nsa } from '../rule.ts';
import { certificateRule, daysLeft, lifetime } from './certificates.ts';
import { nodeFacts } from './node-examples.ts';

/** A CA is replaced over weeks, since everything that trusts it has to learn of the new one. */
const OF_CA = 90;
const OF_LEAF = 30;
/** Short-lived certificates are renewed late in their life. */
const SHARE = 0.1;

export const rule = certificateRule({
  id: 'certificate-expiry',
  title: 'Certificate expires soon or has expired',
  severity: 'medium',
  rationale:
    'When a certificate of a component runs out, nodes and controllers lose the API server all at once; in the outage checks are switched off that are seldom switched on again.',
  remedy:
    'Renew it: kubeadm certs renew all with a restart of the components, a restart of k3s or RKE2, or a new certificate by hand; for a CA plan weeks. Time is that of the collection, so collect again afterwards.',
  controls: [...nsa('encryption-in-transit'), ...mitre('T1562')],
  wrongWith(certificate, view) {
    const left = daysLeft(certificate, view);
    if (left === undefined) return { words: 'has an end that cannot be read', field: 'notAfter', status: 'unknown' };
    const end = certificate.notAfter.slice(0, 10);
    if (left < 0) return { words: `expired on ${end}`, field: 'notAfter', severity: 'high' };
    const least = Math.min(certificate.ca ? OF_CA : OF_LEAF, lifetime(certificate) * SHARE);
    return left >= least ? undefined : { words: `expires on ${end}, ${Math.floor(left)} days after it was looked at`, field: 'notAfter' };
  },
  nearest: (certificates) => certificates.toSorted((a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter))[0],
  right: ({ notAfter }) => ({ words: `is good until ${notAfter.slice(0, 10)}`, field: 'notAfter' }),
  examples: () => ({
    good: [
      nodeFacts({ certificates: [['/pki/a.crt a']] }),
      // Renewed by the kubelet itself: what it had before stays beside it.
      nodeFacts({
        certificates: [['/var/lib/kubelet/pki/kubelet-client-2025-01-01-00-00-00.pem a', { notAfter: '2026-01-01T00:00:00Z' }]],
      }),
      // Good for a day, and renewed every few hours.
      nodeFacts({ certificates: [['/pki/a.crt a', { notBefore: '2026-11-01T00:00:00Z', notAfter: '2026-11-02T00:00:00Z' }]] }),
      nodeFacts({ certificates: [] }),
    ],
    bad: [
      { yaml: nodeFacts({ certificates: [['/pki/a.crt a', { notAfter: '2026-10-31T00:00:00Z' }]] }), path: 'notAfter', severity: 'high' },
      {
        yaml: nodeFacts({ certificates: [['/pki/a.crt a', { notAfter: '2026-11-10T00:00:00Z', notBefore: '2025-11-10T00:00:00Z' }]] }),
        path: 'notAfter',
      },
      {
        yaml: nodeFacts({
          certificates: [['/pki/ca.crt ca', { ca: true, notBefore: '2016-12-20T00:00:00Z', notAfter: '2026-12-20T00:00:00Z' }]],
        }),
        path: 'notAfter',
      },
      { yaml: nodeFacts({ certificates: [['/pki/a.crt a', { notAfter: 'some day' }]] }), path: 'notAfter', status: 'unknown' },
    ],
  }),
});
