/** Who can open a connection to etcd, and who comes to what it holds, as `castellan paths` tells ways. */
import { type AttackGraph, type ClassMask, etcdServers, isControlPlane } from '../../graph/index.ts';
import { refOf } from '../../model/index.ts';
import { backupsOf } from '../../rules/index.ts';
import { plural, printable } from '../../lib/terminal.ts';
import type { Gap } from '../../snapshot/index.ts';
import { type PathsDocument, pathsDocument, pathsTable } from '../paths/index.ts';

export interface EtcdReachDocument {
  readonly schema: 'castellan/etcd-reach/v1';
  /** Pods of etcd in the input. `clientCertificate` is null where its settings were not seen. */
  readonly members: readonly { readonly pod: string; readonly nodes: readonly string[]; readonly clientCertificate: boolean | null }[];
  /** Nodes of the control plane, which hold etcd or its client certificates. */
  readonly nodes: readonly string[];
  /** Connections to its port; left out where no member is in the input. */
  readonly network?: PathsDocument;
  /** What it holds: by nodes, files, rights and certificates, or by the port where no certificate is asked for. */
  readonly data: PathsDocument;
  /** Backups that are seen in the cluster: where they go, all of it goes. */
  readonly backups: readonly {
    readonly object: string;
    readonly schedule: string;
    readonly target: string;
    readonly suspended: boolean;
    readonly lastSuccess: string | null;
  }[];
  /** What the input does not tell. */
  readonly unseen: readonly string[];
}

export interface EtcdReachQuestion {
  readonly from: string | undefined;
  readonly classes: ClassMask;
  readonly gaps: readonly Gap[];
}

const TOP = 5;

/** `graph` is drawn with the port of etcd. */
export function etcdReachDocument(graph: AttackGraph, { from, classes, gaps }: EtcdReachQuestion): EtcdReachDocument {
  const { scene } = graph;
  const members = etcdServers(scene).map(({ unit, asksCertificate }) => ({
    pod: `${unit.root.namespace}/${unit.root.name}`,
    nodes: [...scene.placement.nodesOf(unit.root).nodes].toSorted(),
    clientCertificate: asksCertificate ?? null,
  }));
  const nodes = scene.tables.Node.all.filter(({ labels }) => isControlPlane(labels)).map(({ name }) => name);
  const asked = { from, classes, top: TOP, gaps };
  const hasPort = graph.find('EtcdPort') !== undefined;
  return {
    schema: 'castellan/etcd-reach/v1',
    members,
    nodes: nodes.toSorted(),
    ...(hasPort && { network: pathsDocument(graph, { ...asked, to: 'EtcdPort' }) }),
    data: pathsDocument(graph, { ...asked, to: 'Etcd' }),
    backups: backupsOf(scene.tables).map(({ object, schedule, target, suspended, lastSuccess }) => ({
      object: refOf(object),
      schedule,
      target,
      suspended,
      lastSuccess: lastSuccess ?? null,
    })),
    unseen: unseenOf(members.length, nodes.length),
  };
}

function unseenOf(members: number, nodes: number): string[] {
  if (members > 0) return [];
  if (nodes > 0) return ['no member of etcd is a pod of the input: who can open a connection to it is not known'];
  return ['neither a member of etcd nor a node of the control plane is in the input: nothing is known of either'];
}

export function etcdReachTable({ members, nodes, network, data, backups, unseen }: EtcdReachDocument, all: boolean): string {
  const lines = members.map(({ pod, nodes: on, clientCertificate }) => {
    const certificate = clientCertificate === null ? 'not known whether it asks' : clientCertificate ? 'asks' : 'does not ask';
    return `etcd ${pod}${on.length > 0 ? ` on ${on.join(', ')}` : ''} ${certificate} for client certificates`;
  });
  if (nodes.length > 0) lines.push(`${plural(nodes.length, 'node')} of the control plane: ${nodes.join(', ')}`);
  for (const { object, schedule, target, suspended, lastSuccess } of backups) {
    const parts = [target === '' ? 'to a place that is not seen' : `to ${target}`, ...(schedule === '' ? [] : [`at "${schedule}"`])];
    parts.push(suspended ? 'suspended' : lastSuccess === null ? 'never seen to be done' : `last done ${lastSuccess.slice(0, 10)}`);
    lines.push(`backup ${object} ${parts.join(', ')}`);
  }
  lines.push(...unseen, '');
  const parts = [lines.map((line) => `${printable(line)}\n`).join('')];
  if (network !== undefined) parts.push('network: who can open a connection\n', `${pathsTable(network, { all, cut: false })}\n`);
  parts.push('data: who comes to what it holds\n', pathsTable(data, { all, cut: false }));
  return parts.join('');
}
