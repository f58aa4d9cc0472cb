import { mitre, nsa } from '../rule.ts';
import { probed } from './port-examples.ts';
import { acceptedBy, hasTls, portRule } from './port-rule.ts';

const OLD: ReadonlySet<string> = new Set(['TLS 1.0', 'TLS 1.1']);

export const rule = portRule({
  id: 'port-tls-version',
  title: 'Port takes an old version of TLS',
  severity: 'medium',
  rationale:
    'TLS 1.0 and 1.1 rest on MD5 and SHA-1 and on modes that leak what they encrypt; whoever stands in between may make both ends agree to them.',
  remedy:
    'Set --tls-min-version=VersionTLS12 or higher (kubelet: tlsMinVersion; etcd: --tls-min-version=TLS1.2), and restart the component. Clients that know no newer version then cannot connect.',
  controls: [...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  applies: hasTls,
  check({ fact: { tls } }) {
    const old = tls === undefined ? [] : acceptedBy(tls).filter(({ version }) => OLD.has(version));
    if (old.length === 0) return undefined;
    return {
      message: `it takes ${old.map(({ version }) => version).join(' and ')}`,
      path: 'tls.versions',
      value: old.map(({ version, suites }) => `${version} with ${suites[0] ?? ''}`).join(', '),
    };
  },
  examples: () => ({
    good: [probed({}), probed({ versions: { 'TLS 1.2': ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'] } }), probed({ http: true })],
    bad: [{ yaml: probed({ versions: { 'TLS 1.1': ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA'] } }), path: 'tls.versions' }],
  }),
});
