import { settingOf } from '../../engines/command-line/index.ts';
import { type Hit, defineRule, mitre, nsa } from '../rule.ts';
import { daysLeft, hitOf, lifetime } from './certificates.ts';
import { nodeFacts } from './node-examples.ts';

/** The kubelet renews between 70 and 90 percent of the life of its certificate. */
const LATEST = 0.1;

export const rule = defineRule({
  id: 'kubelet-client-cert-rotated',
  title: 'Client certificate of the kubelet was not renewed',
  severity: 'medium',
  area: 'node',
  rationale:
    'Rotation that is switched on and does not happen is found out on the day when the certificate ends and the node is gone; a certificate that is never renewed is also good for its whole life to whoever copied it.',
  remedy:
    'See in the log of the kubelet why renewal fails: rotateCertificates that is off, an approver of requests that does not run, a CA that changed. Where all fails, a new bootstrap token lets it ask for a new one.',
  controls: [...nsa('strong-authentication'), ...mitre('T1552')],
  scope: 'node',
  needs: ['node'],
  component: 'kubelet',
  check(view): Hit {
    const kubelet = view.components.find(({ name }) => name === 'kubelet');
    const path = kubelet === undefined ? undefined : settingOf(kubelet.line, '--kubeconfig')?.value;
    if (path === undefined)
      return { message: 'no kubelet with a kubeconfig was seen', path: '', value: undefined, status: 'not-applicable' };
    const { certificates, files } = view.facts;
    const named = files.find(({ namedBy }) => namedBy === `client-certificate in ${path}`)?.path;
    // A certificate in the kubeconfig is only what it began with, once it has got one of its own.
    const certificate =
      certificates.find((one) => one.path.endsWith('/kubelet-client-current.pem')) ??
      certificates.find((one) => one.path === named && !one.ca) ??
      certificates.find((one) => one.path === path && one.part?.endsWith(' client-certificate-data') === true);
    if (certificate === undefined)
      return { message: 'the certificate of the kubelet was not seen', file: path, path: '', value: undefined, status: 'unknown' };
    const left = daysLeft(certificate, view);
    // What is over already is told by certificate-expiry.
    const isLate = left !== undefined && left >= 0 && left < lifetime(certificate) * LATEST;
    if (!isLate) {
      const words = left === undefined || left < 0 ? 'is not about to end' : `is good for ${Math.floor(left)} more days`;
      return { ...hitOf(certificate, { words, field: 'notAfter' }), status: 'pass' };
    }
    return hitOf(certificate, {
      words: 'has less than a tenth of its life left, in which the kubelet should have renewed it',
      field: 'notAfter',
    });
  },
  examples: () => ({
    good: [
      current('2026-10-01T00:00:00Z', '2027-10-01T00:00:00Z'),
      kubelet([embedded('2026-10-01T00:00:00Z', '2027-10-01T00:00:00Z')], '600 root:root {kind: Config}'),
      // What it began with is over soon, and long replaced.
      kubelet(
        [embedded('2025-11-15T00:00:00Z', '2026-11-15T00:00:00Z'), ['/var/lib/kubelet/pki/kubelet-client-current.pem node']],
        '600 root:root {kind: Config}',
      ),
      nodeFacts({}),
    ],
    bad: [
      { yaml: current('2025-11-15T00:00:00Z', '2026-11-15T00:00:00Z'), path: 'notAfter' },
      {
        yaml: kubelet([embedded('2025-11-15T00:00:00Z', '2026-11-15T00:00:00Z')], '600 root:root {kind: Config}'),
        path: 'user default-auth client-certificate-data notAfter',
      },
      { yaml: kubelet([], '600 root:root {kind: Config}'), path: '', status: 'unknown' },
    ],
  }),
});

type Certificates = NonNullable<Parameters<typeof nodeFacts>[0]['certificates']>;

function embedded(notBefore: string, notAfter: string): Certificates[number] {
  return ['/k.conf node', { part: 'user default-auth client-certificate-data', notBefore, notAfter }];
}

function kubelet(certificates: Certificates, kubeconfig: string, files: Readonly<Record<string, string>> = {}): string {
  return nodeFacts({
    processes: [['kubelet', '--kubeconfig=/k.conf', '--config=/k.yaml']],
    files: { '/k.conf': kubeconfig, '/k.yaml': '600 root:root {kind: KubeletConfiguration, rotateCertificates: true}', ...files },
    certificates,
  });
}

function current(notBefore: string, notAfter: string): string {
  const facts = JSON.parse(
    kubelet([['/pki/current.pem node', { notBefore, notAfter }]], '600 root:root {kind: Config}', { '/pki/current.pem': '600 root:root' }),
  ) as { files: { path: string; namedBy: string }[] };
  const files = facts.files.map((file) =>
    file.path === '/pki/current.pem' ? { ...file, namedBy: 'client-certificate in /k.conf' } : file,
  );
  return JSON.stringify({ ...facts, files });
}
