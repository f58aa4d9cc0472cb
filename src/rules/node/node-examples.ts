/** Facts of nodes for the examples of rules, from what matters in them. */
import { NODE_FACTS_SCHEMA } from '../../snapshot/index.ts';

interface Example {
  node?: string;
  processes?: readonly (readonly string[])[];
  /** By path `MODE USER:GROUP`, and behind a blank the text. */
  files?: Readonly<Record<string, string>>;
  absent?: readonly string[];
  units?: readonly unknown[];
  sockets?: readonly unknown[];
  gaps?: readonly unknown[];
  /** Each as `PATH SUBJECT`, signed by the CA `ca`, good for a year from October 2026, and what else matters. */
  certificates?: readonly (readonly [about: string, more?: Readonly<Record<string, unknown>>])[];
}

/** As one document of YAML, as examples are. */
export function nodeFacts({
  node = 'node1',
  processes = [],
  files = {},
  absent = [],
  units = [],
  sockets = [],
  gaps = [],
  certificates = [],
}: Example): string {
  const facts = {
    schema: NODE_FACTS_SCHEMA,
    node,
    collectedAt: '2026-11-01T08:00:00Z',
    collectedBy: '1.0.0',
    running: processes.length > 0,
    distribution: 'kubeadm',
    os: { id: 'debian', version: '13', name: 'Debian GNU/Linux 13' },
    kernel: '6.12.0',
    versions: {},
    processes: processes.map((argv, index) => ({ pid: 100 + index, name: (argv[0] ?? '').replace(/^.*\//, ''), argv })),
    units,
    files: Object.entries(files).map(([path, about]) => fileOf(path, about)),
    absent,
    certificates: certificates.map(([about, more]) => certificateOf(about, more)),
    sockets,
    sysctls: {},
    gaps,
  };
  return JSON.stringify(facts, null, 1);
}

function certificateOf(about: string, more: Readonly<Record<string, unknown>> = {}): unknown {
  const [path = '', subject = ''] = about.split(' ');
  return {
    path,
    subject: `CN=${subject}`,
    issuer: 'CN=ca',
    names: [],
    notBefore: '2026-10-01T00:00:00Z',
    notAfter: '2027-10-01T00:00:00Z',
    uses: [],
    ca: false,
    key: 'rsa 2048',
    signature: 'sha256WithRSAEncryption',
    fingerprint: `${path} ${subject}`,
    ...more,
  };
}

const NUMBERS: Readonly<Record<string, number>> = { root: 0, etcd: 101, kube: 1000 };

function fileOf(path: string, about: string): unknown {
  const [, mode = '', owner = '', group = '', slash, text] = /^(\d+) (\w+):(\w+)(\/)?(?: ([^]*))?$/.exec(about) ?? [];
  return {
    path,
    type: slash === undefined ? 'file' : 'directory',
    mode,
    uid: NUMBERS[owner] ?? 1,
    gid: NUMBERS[group] ?? 1,
    owner,
    group,
    size: text?.length ?? 1,
    namedBy: 'known place',
    ...(text !== undefined && { text }),
  };
}
