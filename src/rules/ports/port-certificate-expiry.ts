import { nsa } from '../rule.ts';
import { probed } from './port-examples.ts';
import { hasTls, portRule } from './port-rule.ts';

const DAY = 86_400_000;
const SOON = 30;

export const rule = portRule({
  id: 'port-certificate-expiry',
  title: 'Port shows a certificate that is over or soon will be',
  severity: 'high',
  rationale:
    'Clients that check refuse the connection, and the part of the cluster behind it stands still; those that were told to go on without checking trust whoever answers.',
  remedy:
    'Renew it (kubeadm certs renew, or rotation for kubelets) and have the component read the new file: those that do not by themselves need a restart.',
  controls: [...nsa('control-plane-hardening', 'encryption-in-transit')],
  applies: hasTls,
  check({ fact: { tls }, probedAt }) {
    const now = Date.parse(probedAt);
    return (tls?.certificates ?? []).flatMap(({ part = '[0]', subject, notBefore, notAfter }) => {
      const left = Math.floor((Date.parse(notAfter) - now) / DAY);
      const at = { path: `tls.certificates${part}.notAfter`, value: notAfter, key: part };
      if (Date.parse(notBefore) > now)
        return [
          {
            ...at,
            message: `the certificate of ${subject} is valid from ${notBefore} only`,
            path: `tls.certificates${part}.notBefore`,
            value: notBefore,
          },
        ];
      if (Date.parse(notAfter) < now) return [{ ...at, message: `the certificate of ${subject} ended on ${notAfter.slice(0, 10)}` }];
      if (left >= SOON) return [];
      return [
        { ...at, message: `the certificate of ${subject} ends in ${left} days, on ${notAfter.slice(0, 10)}`, severity: 'low' as const },
      ];
    });
  },
  examples: () => ({
    good: [probed({}), probed({ certificate: { notAfter: '2027-02-01T00:00:00Z' } })],
    bad: [
      { yaml: probed({ certificate: { notAfter: '2026-10-01T00:00:00Z' } }), path: 'tls.certificates[0].notAfter', severity: 'high' },
      { yaml: probed({ certificate: { notAfter: '2026-11-09T00:00:00Z' } }), path: 'tls.certificates[0].notAfter', severity: 'low' },
      { yaml: probed({ certificate: { notBefore: '2026-12-01T00:00:00Z' } }), path: 'tls.certificates[0].notBefore' },
    ],
  }),
});
