/** The form of a rule about the certificates of a node. */
import type { NodeView } from '../../engines/component-config/index.ts';
import type { CertificateFact } from '../../snapshot/index.ts';
import type { Severity } from '../finding.ts';
import { type Examples, type Hit, type Rule, type RuleHeader, defineRule } from '../rule.ts';

export interface WrongCertificate {
  /** What follows the place of the certificate: `expired on 2026-10-01`. */
  words: string;
  /** The field of it that says so. */
  field: keyof CertificateFact;
  severity?: Severity;
  status?: 'unknown';
}

interface CertificateRule extends Omit<RuleHeader, 'area' | 'needs' | 'component'> {
  wrongWith: (certificate: CertificateFact, view: NodeView) => WrongCertificate | undefined;
  /** Of certificates with which nothing is wrong the one that is nearest to it; the first where left out. */
  nearest?: (certificates: readonly CertificateFact[]) => CertificateFact | undefined;
  /** What it says of itself: `is good until 2027-10-01`. */
  right: (certificate: CertificateFact) => WrongCertificate;
  examples: () => Examples;
}

export function certificateRule({ wrongWith, nearest = ([first]) => first, right, ...header }: CertificateRule): Rule {
  return defineRule({
    ...header,
    component: 'pki',
    area: 'node',
    scope: 'node',
    needs: ['node'],
    check(view): Hit | readonly Hit[] {
      const certificates = view.facts.certificates.filter(({ path }) => !isLeftOver(path));
      if (certificates.length === 0)
        return { message: 'no certificate was seen on the node', path: '', value: undefined, status: 'not-applicable' };
      const hits = certificates.flatMap((certificate) => {
        const wrong = wrongWith(certificate, view);
        return wrong === undefined ? [] : [hitOf(certificate, wrong)];
      });
      const shown = nearest(certificates);
      if (hits.length > 0 || shown === undefined) return hits;
      const { message, key: _key, ...hit } = hitOf(shown, right(shown));
      const among = certificates.length === 1 ? '' : `, of ${certificates.length} certificates`;
      return { ...hit, message: `${message}${among}`, status: 'pass' };
    },
  });
}

export function hitOf(certificate: CertificateFact, { words, field, severity, status }: WrongCertificate): Hit {
  const part = placeOf(certificate);
  const hit: Hit = {
    message: `${certificate.path}${certificate.part === undefined ? '' : ` (${certificate.part})`} ${words}`,
    file: certificate.path,
    path: part === '' ? field : `${part} ${field}`,
    value: certificate[field],
    key: `${certificate.path} ${part}`.trim(),
  };
  if (severity !== undefined) hit.severity = severity;
  if (status !== undefined) hit.status = status;
  return hit;
}

function placeOf({ part }: CertificateFact): string {
  return part ?? '';
}

/** The kubelet keeps the certificates that it had before, and uses what `-current.pem` leads to. */
function isLeftOver(path: string): boolean {
  return /\/kubelet-(?:client|server)-\d{4}-[^/]*\.pem$/.test(path);
}

const DAY = 86_400_000;

/** In days, negative where it is over; undefined where a time cannot be read. By the clock of the collection. */
export function daysLeft({ notAfter }: CertificateFact, { facts: { collectedAt } }: NodeView): number | undefined {
  const days = (Date.parse(notAfter) - Date.parse(collectedAt)) / DAY;
  return Number.isNaN(days) ? undefined : days;
}

export function lifetime({ notBefore, notAfter }: CertificateFact): number {
  return (Date.parse(notAfter) - Date.parse(notBefore)) / DAY;
}
