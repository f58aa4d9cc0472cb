/** What listens on a node, from /proc/PID/net of a process in the network of the node. */
import type { ProcessFact, SocketFact } from '../../snapshot/index.ts';
import type { HostRoot } from './host-root.ts';

const LARGEST = 16 << 20;
const MOST_DESCRIPTORS = 65_536;
/** Its sockets are those of the node; else those of the first process. */
const ON_THE_NODE = ['kubelet', 'k3s', 'rke2', 'k0s', 'kubelite', 'kube-apiserver', 'containerd', 'crio'];
const LISTENING = { tcp: '0A', udp: '07' } as const;

interface Found extends SocketFact {
  inode: string;
}

/** Undefined where the tables cannot be read. */
export function readSockets(root: HostRoot, pids: readonly number[], processes: readonly ProcessFact[]): SocketFact[] | undefined {
  const named = ON_THE_NODE.map((name) => processes.find((process) => process.name === name && process.inPod !== true)?.pid);
  const pid = named.find((each) => each !== undefined) ?? pids[0];
  if (pid === undefined) return undefined;
  const tables = (['tcp', 'udp'] as const).flatMap((protocol) =>
    ['', '6'].map((version) => ({ protocol, text: root.text(`/proc/${pid}/net/${protocol}${version}`, LARGEST) })),
  );
  if (tables.every(({ text }) => text === undefined)) return undefined;
  const found = tables.flatMap(({ protocol, text = '' }) => text.split('\n').flatMap((line) => listeningIn(line, protocol) ?? []));
  const owners = ownersOf(root, pids, new Set(found.map(({ inode }) => inode)));
  const sockets = found.map(({ inode, ...socket }) => ({ ...socket, ...owners.get(inode) }));
  return withoutRepeats(sockets.toSorted(byPort));
}

/** `  1: 0100007F:1F90 00000000:0000 0A … uid timeout inode …` */
function listeningIn(line: string, protocol: 'tcp' | 'udp'): Found | undefined {
  const fields = line.trim().split(/\s+/);
  const [, address = '', port = ''] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(fields[1] ?? '') ?? [];
  if (address === '' || fields[3] !== LISTENING[protocol]) return undefined;
  return { protocol, address: addressOf(address), port: Number.parseInt(port, 16), inode: fields[9] ?? '' };
}

/** The kernel writes words of four bytes in the order of the machine, which is the lowest first. */
function addressOf(hex: string): string {
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    for (let at = word + 6; at >= word; at -= 2) bytes.push(Number.parseInt(hex.slice(at, at + 2), 16));
  }
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

function ownersOf(root: HostRoot, pids: readonly number[], inodes: ReadonlySet<string>): Map<string, { pid: number; process: string }> {
  const owners = new Map<string, { pid: number; process: string }>();
  for (const pid of pids) {
    const listed = root.list(`/proc/${pid}/fd`, MOST_DESCRIPTORS);
    if (typeof listed === 'string') continue;
    let name: string | undefined;
    for (const descriptor of listed.names) {
      const inode = /^socket:\[(\d+)\]$/.exec(root.link(`/proc/${pid}/fd/${descriptor}`) ?? '')?.[1];
      if (inode === undefined || !inodes.has(inode) || owners.has(inode)) continue;
      name ??= root.text(`/proc/${pid}/comm`, 4096)?.trim() ?? '';
      owners.set(inode, { pid, process: name });
    }
  }
  return owners;
}

function byPort(a: SocketFact, b: SocketFact): number {
  if (a.protocol !== b.protocol) return a.protocol < b.protocol ? -1 : 1;
  return a.port - b.port || (a.address < b.address ? -1 : a.address > b.address ? 1 : (a.pid ?? 0) - (b.pid ?? 0));
}

/** A program may listen several times on one port. */
function withoutRepeats(sockets: readonly SocketFact[]): SocketFact[] {
  return sockets.filter((socket, index) => {
    const before = sockets[index - 1];
    return before === undefined || byPort(before, socket) !== 0;
  });
}
