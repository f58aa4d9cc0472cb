import { mitre, nsa } from '../rule.ts';
import { probed } from './port-examples.ts';
import { portRule, requestOf } from './port-rule.ts';

export const rule = portRule({
  id: 'port-etcd-open',
  title: 'etcd asks for no client certificate',
  severity: 'critical',
  rationale:
    'Whoever reaches the port reads and writes every object of the cluster, Secrets and rights included, past the API server and its audit log.',
  remedy:
    'Set --client-cert-auth=true with --trusted-ca-file, and --peer-client-cert-auth=true with --peer-trusted-ca-file for the peer port, with a CA that signs for nobody else; let only the API servers reach the port.',
  controls: [...nsa('etcd-protection', 'control-plane-hardening'), ...mitre('T1190', 'T1552')],
  applies: ({ fact }) => fact.component === 'etcd' && (fact.use === 'client' || fact.use === 'peer') && fact.tls !== undefined,
  check({ fact: { tls, answers, use } }) {
    if (tls?.clientCertificate === 'unknown')
      return {
        message: 'whether it asks for a client certificate could not be seen',
        path: 'tls.clientCertificate',
        value: 'unknown',
        status: 'unknown',
      };
    const shown = answers.find(({ status, scheme }) => status !== undefined && scheme === 'https');
    if (tls?.clientCertificate !== 'not-required' || shown === undefined) return undefined;
    return { message: `its ${use} port answers without a certificate of the client`, path: requestOf(shown), value: shown.status };
  },
  examples: () => ({
    good: [probed({ component: 'etcd', use: 'client', clientCertificate: 'required' })],
    bad: [
      { yaml: probed({ component: 'etcd', use: 'client', answers: { 'https /health': 200 } }), path: 'GET https:/health' },
      { yaml: probed({ component: 'etcd', use: 'peer', clientCertificate: 'unknown' }), path: 'tls.clientCertificate', status: 'unknown' },
    ],
  }),
});
