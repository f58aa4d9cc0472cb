import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'etcd-datadir-owner',
  title: 'Data of etcd belongs to another user than its own',
  severity: 'low',
  rationale:
    'With a user of its own the database is out of reach of every other service on the node, and etcd itself need not run as root.',
  remedy:
    'Make a user and a group etcd, let etcd run as them, and run chown -R etcd:etcd on the folder of --data-dir. etcd does not start where it may not write there or read its key, so change the user of its pod (securityContext) or unit and the owner of its key at the same time.',
  controls: [...cis('1.1.12'), ...nsa('etcd-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0103'], trivy: ['KCV-0059'] },
  component: 'etcd',
  files: 'etcd-data',
  what: 'a data folder of etcd',
  // In k3s the database is a part of the one program, which runs as root.
  owned: ({ owner, group, uid, gid }, { facts }) =>
    (owner === 'etcd' && group === 'etcd') || (facts.distribution === 'k3s' && uid === 0 && gid === 0),
  wanted: 'etcd:etcd',
  all: true,
  examples: () => ({
    good: [nodeFacts({ files: { '/var/lib/etcd': '700 etcd:etcd/' } })],
    bad: [{ yaml: nodeFacts({ files: { '/var/lib/etcd': '700 root:root/' } }), path: 'owner' }],
  }),
});
