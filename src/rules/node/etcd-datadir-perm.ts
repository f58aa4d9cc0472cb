import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'etcd-datadir-perm',
  title: 'Data of etcd can be read by others on the node',
  severity: 'high',
  rationale:
    'The folder holds every object of the cluster, Secrets among them: a copy of it can be read at leisure, without asking the API server and without a trace in its log.',
  remedy: 'Run chmod 700 on the folder of --data-dir, and let copies be made with etcdctl.',
  controls: [...cis('1.1.11'), ...nsa('etcd-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0102'], trivy: ['KCV-0058'] },
  component: 'etcd',
  files: 'etcd-data',
  what: 'a data folder of etcd',
  most: 0o700,
  examples: () => ({
    good: [nodeFacts({ files: { '/var/lib/etcd': '700 etcd:etcd/' } })],
    bad: [{ yaml: nodeFacts({ files: { '/var/lib/etcd': '755 etcd:etcd/' } }), path: 'mode' }],
  }),
});
