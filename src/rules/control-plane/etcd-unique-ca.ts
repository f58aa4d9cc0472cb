import { settingOf, processesNamed } from '../../engines/command-line/index.ts';
import { documents } from '../examples.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { allSet } from './expectations.ts';
import { wrongValue } from './faults.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, etcd, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'etcd-unique-ca',
  title: 'etcd trusts the CA of the whole cluster',
  severity: 'medium',
  rationale:
    'When etcd trusts the CA that signs users and kubelets, every one of their certificates opens the database past all authorization.',
  remedy: 'Make a CA for etcd alone, name it in --trusted-ca-file, and sign the client certificate of the API server with it.',
  controls: [...cis('2.7'), ...nsa('etcd-protection', 'encryption-in-transit', 'strong-authentication'), ...mitre('T1552', 'T1078')],
  aliases: { kubescape: ['C-0159'] },
  effort: 'high',
  component: 'etcd',
  reads: ['workloads'],
  expect(line, { workloads }) {
    const own = settingOf(line, '--trusted-ca-file');
    if (own === undefined || own.value === '' || own.opaque)
      return allSet(['--trusted-ca-file'])(line) ?? (own === undefined ? undefined : wrongValue(own));
    const servers = processesNamed(workloads, 'kube-apiserver');
    if (servers.length === 0)
      return { words: `trusts ${own.value}, and no API server is in the input to compare with`, use: own, status: 'unknown' };
    for (const { container, line: server } of servers) {
      const theirs = settingOf(server, '--client-ca-file');
      if (theirs?.value !== own.value) continue;
      const also = [{ object: container.workload.object, path: `${container.path}.${theirs.path}` }];
      return { words: `trusts ${own.value}, with which the API server checks users`, use: own, also };
    }
    return undefined;
  },
  examples: () => ({
    good: [documents(etcd('--trusted-ca-file=/pki/etcd/ca.crt'), apiServer('--client-ca-file=/pki/ca.crt'))],
    bad: [
      { yaml: documents(etcd('--trusted-ca-file=/pki/ca.crt'), apiServer('--client-ca-file=/pki/ca.crt')), path: FIRST },
      { yaml: etcd(), path: COMMAND },
      { yaml: etcd('--trusted-ca-file=/pki/etcd/ca.crt'), path: FIRST, status: 'unknown' },
    ],
  }),
});
