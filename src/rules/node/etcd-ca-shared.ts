import { settingOf } from '../../engines/command-line/index.ts';
import type { NodeView } from '../../engines/component-config/index.ts';
import type { CertificateFact } from '../../snapshot/index.ts';
import { type Hit, cis, defineRule, mitre, nsa } from '../rule.ts';
import { hitOf } from './certificates.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = defineRule({
  id: 'etcd-ca-shared',
  title: 'etcd trusts a copy of the CA of the whole cluster',
  severity: 'medium',
  area: 'node',
  rationale:
    'Two files can hold one CA: then every certificate of a user or a kubelet opens the database past all authorization, though the flags name different files.',
  remedy: 'Make a CA for etcd alone, put it into the file of --trusted-ca-file, and sign the client certificate of the API server with it.',
  controls: [...cis('2.7'), ...nsa('etcd-protection', 'strong-authentication'), ...mitre('T1552', 'T1078')],
  effort: 'high',
  scope: 'node',
  needs: ['node'],
  component: 'etcd',
  check(view): Hit {
    const etcd = certificatesOf(view, 'etcd', '--trusted-ca-file');
    const server = certificatesOf(view, 'kube-apiserver', '--client-ca-file');
    const [first] = etcd;
    const [other] = server;
    if (first === undefined || other === undefined)
      return {
        message: 'the CAs of etcd and of the API server were not both seen on the node',
        path: '',
        value: undefined,
        status: 'not-applicable',
      };
    // One file for both is told by etcd-unique-ca.
    const shared = etcd.find(({ path, fingerprint }) => server.some((one) => one.path !== path && one.fingerprint === fingerprint));
    if (shared === undefined) {
      const also = [{ file: other.path, path: 'fingerprint', value: other.fingerprint }];
      const message = `${first.path} is another CA than ${other.path}`;
      return { message, file: first.path, path: 'fingerprint', value: first.fingerprint, status: 'pass', also };
    }
    const twin = server.find(({ fingerprint }) => fingerprint === shared.fingerprint) ?? other;
    const hit = hitOf(shared, { words: `is trusted by etcd and is the CA of ${twin.path} too`, field: 'fingerprint' });
    return { ...hit, also: [{ file: twin.path, path: 'fingerprint', value: twin.fingerprint }] };
  },
  examples: () => ({
    good: [both('one', 'two'), nodeFacts({ processes: [['etcd', '--trusted-ca-file=/etcd.crt']] })],
    bad: [{ yaml: both('one', 'one'), path: 'fingerprint' }],
  }),
});

function certificatesOf({ components, facts }: NodeView, component: string, flag: string): CertificateFact[] {
  const paths = new Set(components.flatMap(({ name, line }) => (name === component ? (settingOf(line, flag)?.value ?? []) : [])));
  return facts.certificates.filter(({ path }) => paths.has(path));
}

function both(one: string, other: string): string {
  return nodeFacts({
    processes: [
      ['etcd', '--trusted-ca-file=/etcd.crt'],
      ['kube-apiserver', '--client-ca-file=/ca.crt'],
    ],
    certificates: [
      ['/etcd.crt etcd-ca', { ca: true, fingerprint: one }],
      ['/ca.crt ca', { ca: true, fingerprint: other }],
    ],
  });
}
