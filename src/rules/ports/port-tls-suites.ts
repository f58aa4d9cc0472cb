import { STRONG_SUITES } from '../control-plane/suites.ts';
import { enumerate } from '../control-plane/expectations.ts';
import { mitre, nsa } from '../rule.ts';
import { probed } from './port-examples.ts';
import { acceptedBy, hasTls, portRule } from './port-rule.ts';

/** Forward secrecy and authenticated encryption, in other words than those that the benchmark lists. */
const ALSO_STRONG = /^TLS_(?:ECDHE|DHE)_(?:ECDSA|RSA)_WITH_.*(?:GCM|CCM|CHACHA20)/;
/** Those that are broken today, and not only old. */
const BROKEN = /RC4|3DES|_DES_|NULL|EXPORT|anon|MD5/;

export const rule = portRule({
  id: 'port-tls-suites',
  title: 'Port agrees to weak cipher suites',
  severity: 'low',
  rationale:
    'With suites that lack forward secrecy or authenticated encryption, recorded traffic can be read once the key leaks; RC4, 3DES and suites without encryption or authentication give way to whoever listens.',
  remedy:
    'Set --tls-cipher-suites (kubelet: tlsCipherSuites; etcd: --cipher-suites) to ECDHE suites with GCM or ChaCha20, or the least version to TLS 1.3. Very old clients then cannot connect.',
  controls: [...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  applies: hasTls,
  check({ fact: { tls } }) {
    const suites = tls === undefined ? [] : acceptedBy(tls).flatMap(({ version, suites: all }) => (version === 'TLS 1.3' ? [] : all));
    const weak = [...new Set(suites)].filter((suite) => !STRONG_SUITES.has(suite) && !ALSO_STRONG.test(suite));
    if (weak.length === 0) return undefined;
    const broken = weak.filter((suite) => BROKEN.test(suite));
    const worst = broken.length > 0 ? broken : weak;
    return {
      message: `it agrees to ${broken.length > 0 ? 'broken' : 'weak'} suites: ${enumerate(worst)}`,
      path: 'tls.versions',
      value: weak.join(', '),
      ...(broken.length > 0 && { severity: 'medium' as const }),
    };
  },
  examples: () => ({
    good: [probed({}), probed({ versions: { 'TLS 1.2': ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'] } })],
    bad: [
      { yaml: probed({ versions: { 'TLS 1.2': ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA'] } }), path: 'tls.versions', severity: 'low' },
      { yaml: probed({ versions: { 'TLS 1.2': ['TLS_RSA_WITH_3DES_EDE_CBC_SHA'] } }), path: 'tls.versions', severity: 'medium' },
    ],
  }),
});
