/**
 * What was seen of one node: what runs, with which arguments, what its files say and who may read them, what listens.
 * Paths are those of the node itself, whatever folder the disk was mounted at while it was read. Nothing in here is
 * key material: keys are not kept, tokens and passwords are replaced by marks before anything is written.
 */
import type { Gap } from './snapshot.ts';

export const NODE_FACTS_SCHEMA = 'castellan/node-facts/v1';

export interface NodeFacts {
  schema: typeof NODE_FACTS_SCHEMA;
  /** Name of the Node object, where the user or the kubelet's arguments give it; else the host name. */
  node: string;
  /** RFC 3339 in UTC with seconds. */
  collectedAt: string;
  /** Version of Castellan that collected. */
  collectedBy: string;
  /** Whether processes and sockets could be seen: not on the image of a disk. */
  running: boolean;
  /** The distribution by the places that it alone uses; `kubernetes` where none is known. */
  distribution: string;
  os: { id: string; version: string; name: string };
  /** `6.18.4`, of the running kernel; empty where it was not seen. */
  kernel: string;
  /** Versions of components, without the v, by the tags of their images or by what their files say. */
  versions: Record<string, string>;
  /** Components of Kubernetes, the container runtime, and what stands in for them. By pid. */
  processes: ProcessFact[];
  /** Units of systemd that start a component. By path. */
  units: UnitFact[];
  /** Everything that was looked at and is there. By path. */
  files: FileFact[];
  /** Places that were looked at and hold nothing, which is no lack of knowledge. Sorted. */
  absent: string[];
  /** Certificates in files and kubeconfigs. By path, then place in the file. */
  certificates: CertificateFact[];
  /** What listens, of any program. By protocol, port, address. */
  sockets: SocketFact[];
  /** Settings of the kernel that the kubelet or a benchmark asks for: `vm.overcommit_memory` → `1`. */
  sysctls: Record<string, string>;
  /** What could not be read. */
  gaps: Gap[];
}

export interface ProcessFact {
  pid: number;
  /** Base name of the program: `kube-apiserver`. */
  name: string;
  /** The exact arguments, the program first; credentials in them are masked. */
  argv: string[];
  /** Whom it runs as; left out where that was not seen. */
  uid?: number;
  /** Whether it runs in a pod: a kubelet that does is somebody's experiment and not the one of the node. */
  inPod?: boolean;
  /** The program file as the process sees it; left out where that may not be read. */
  exe?: string;
  /** When it began, as clock ticks since the start of the machine: tells two processes with one pid apart. */
  start?: number;
  /** Variables that configure it, masked like arguments: of etcd, which takes all its flags from them too. */
  environment?: Record<string, string>;
}

export interface UnitFact {
  /** `kubelet.service` */
  name: string;
  /** The unit file that counts. */
  path: string;
  /** `ExecStart`, `Environment`, `EnvironmentFile`, `User` and the like, as they stand, with their line. */
  lines: UnitLine[];
  /** Files of `NAME.d/*.conf`, in the order in which systemd reads them. */
  dropIns: { path: string; lines: UnitLine[] }[];
}

export interface UnitLine {
  line: number;
  text: string;
}

export const FILE_TYPES = ['file', 'directory', 'socket', 'fifo', 'device'] as const;

export interface FileFact {
  /** As it is named by who uses it. */
  path: string;
  /** The process that sees it there, in its container, where the node itself has nothing at that path. */
  pid?: number;
  /** Where symbolic links lead in the end, inside the node; type, mode and owner are those of that file. */
  target?: string;
  type: (typeof FILE_TYPES)[number];
  /** Permission bits in octal, as chmod takes them: `644`, `1777`. */
  mode: string;
  uid: number;
  gid: number;
  /** By the node's own /etc/passwd and /etc/group; left out where they name nobody. */
  owner?: string;
  group?: string;
  size: number;
  /** Who named it: `--kubeconfig of kubelet`, `known place`. */
  namedBy: string;
  /** Beside the certificates in it there is a private key, which was passed over. */
  holdsKey?: true;
  /** The content, of configuration that is judged; credentials and keys are replaced, so lines stay where they are. */
  text?: string;
}

export interface CertificateFact {
  path: string;
  /** Which one of a bundle, or which field of a kubeconfig. */
  part?: string;
  /** RFC 2253-like, one line: `O=system:masters, CN=kubernetes-admin`. */
  subject: string;
  issuer: string;
  /** `DNS:kubernetes`, `IP Address:10.96.0.1` */
  names: string[];
  /** RFC 3339 in UTC with seconds. */
  notBefore: string;
  notAfter: string;
  /** Extended uses by OID: `1.3.6.1.5.5.7.3.2` is that of clients. */
  uses: string[];
  ca: boolean;
  /** `rsa 2048`, `ec prime256v1`, `ed25519` */
  key: string;
  /** What its issuer signed it with: `sha256WithRSAEncryption`; left out by older collectors. */
  signature?: string;
  /** SHA-256 over the certificate, hexadecimal with colons. */
  fingerprint: string;
}

export interface SocketFact {
  protocol: 'tcp' | 'udp';
  /** `0.0.0.0`, `127.0.0.1`, `::` */
  address: string;
  port: number;
  /** Left out where the owner could not be seen. */
  pid?: number;
  process?: string;
}
