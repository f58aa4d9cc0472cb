/** Who can open a connection to etcd, and who comes to what it holds, as `castellan paths` tells ways. */
import { type AttackGraph, type ClassMask, etcdServers, isControlPlane } from '../../graph/index.ts';
import { refOf } from '../../model/index.ts';
import { backupsOf } from '../../rules/index.ts';
import { plural, printable } from '../../lib/terminal.ts';
import type { Gap } from '../../snapshot/index.ts';
import { type OwnBackups } from './own-backups.ts';
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
    /** Of what k3s or RKE2 does by itself: which of them, and where that is set. `lastSuccess` is not known then. */
    readonly by?: string;
    readonly told?: readonly string[];
  }[];
  /** What the input does not tell. */
  readonly unseen: readonly string[];
}

export interface EtcdReachQuestion {
  readonly from: string | undefined;
  readonly classes: ClassMask;
  readonly gaps: readonly Gap[];
  /** By facts of nodes; where a place of one is told, `graph` is drawn with it. */
  readonly own: OwnBackups;
}

const TOP = 5;

/** `graph` is drawn with the port of etcd. */
export function etcdReachDocument(graph: AttackGraph, { from, classes, gaps, own }: EtcdReachQuestion): EtcdReachDocument {
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
    backups: [
      ...backupsOf(scene.tables).map(({ object, schedule, target, suspended, lastSuccess }) => ({
        object: refOf(object),
        schedule,
        target,
        suspended,
        lastSuccess: lastSuccess ?? null,
      })),
      ...own.found.map(({ node, by, schedule, target, suspended, told }) => {
        return { object: `Node/${node}`, schedule, target, suspended, lastSuccess: null, by, told };
      }),
    ],
    unseen: [...unseenOf(members.length, nodes.length), ...unseenBackups(graph, own)],
  };
}

/** Of servers that save snapshots by themselves and of which nobody gave the facts. */
function unseenBackups({ scene }: AttackGraph, { found, unseen }: OwnBackups): string[] {
  const known = new Set(found.map(({ node }) => node));
  const servers = scene.tables.Node.all.filter(({ name, labels, body }) => {
    return isControlPlane(labels) && /\+(?:k3s|rke2)/.test(body.status?.nodeInfo?.kubeletVersion ?? '') && !known.has(name);
  });
  const names = [...new Set([...unseen, ...servers.map(({ name }) => name)])].toSorted();
  if (names.length === 0) return [];
  const list =
    names.length > MOST_NAMED ? `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more` : names.join(', ');
  return [
    `k3s and RKE2 save snapshots of etcd by themselves: what ${list} ${names.length === 1 ? 'is' : 'are'} told about them was not seen (--node-facts)`,
  ];
}
const MOST_NAMED = 5;

function unseenOf(members: number, nodes: number): string[] {
  if (members > 0) return [];
  if (nodes > 0) return ['no member of etcd is a pod of the input: who can open a connection to it is not known'];
  return ['neither a member of etcd nor a node of the control plane is in the input: nothing is known of either'];
}

function backupLine({ object, schedule, target, suspended, lastSuccess, by, told = [] }: EtcdReachDocument['backups'][number]): string {
  if (by !== undefined && suspended) return `backup ${object} by ${by} itself is switched off (${told.join('; ')})`;
  const parts = [target === '' ? 'to a place that is not seen' : `to ${target}`, ...(schedule === '' ? [] : [`at "${schedule}"`])];
  if (by !== undefined) return `backup ${object} by ${by} itself ${parts.join(', ')} (${told.join('; ')})`;
  parts.push(suspended ? 'suspended' : lastSuccess === null ? 'never seen to be done' : `last done ${lastSuccess.slice(0, 10)}`);
  return `backup ${object} ${parts.join(', ')}`;
}

export function etcdReachTable({ members, nodes, network, data, backups, unseen }: EtcdReachDocument, all: boolean): string {
  const lines = members.map(({ pod, nodes: on, clientCertificate }) => {
    const certificate = clientCertificate === null ? 'not known whether it asks' : clientCertificate ? 'asks' : 'does not ask';
    return `etcd ${pod}${on.length > 0 ? ` on ${on.join(', ')}` : ''} ${certificate} for client certificates`;
  });
  if (nodes.length > 0) lines.push(`${plural(nodes.length, 'node')} of the control plane: ${nodes.join(', ')}`);
  for (const backup of backups) lines.push(backupLine(backup));
  lines.push(...unseen, '');
  const parts = [lines.map((line) => `${printable(line)}\n`).join('')];
  if (network !== undefined) parts.push('network: who can open a connection\n', `${pathsTable(network, { all, cut: false })}\n`);
  parts.push('data: who comes to what it holds\n', pathsTable(data, { all, cut: false }));
  return parts.join('');
}
