/**
 * Every error that a person can meet, with what to do about it. A code is never reused for another meaning.
 * Exit codes: 2 usage, 3 could not read or scan the input.
 */
export const ERRORS = {
  CAS_USAGE: { exit: 2, remedy: 'Run the command with --help for its arguments.' },
  CAS_NO_INPUT: { exit: 3, remedy: 'Name a file or folder with Kubernetes objects, or - for standard input.' },
  CAS_NOT_FOUND: { exit: 3, remedy: 'Check the path; relative paths start at the current folder.' },
  CAS_UNREADABLE: { exit: 3, remedy: 'Check the permissions of the file.' },
  CAS_WRITE: { exit: 3, remedy: 'Check that the folder exists and may be written to.' },
  CAS_CONFIG: { exit: 2, remedy: 'Mend the named line of the configuration file; docs/exceptions.md describes its form.' },
  CAS_BASELINE: { exit: 2, remedy: 'Write a new baseline with: castellan baseline PATH -o FILE.' },
  CAS_RULES_FILE: { exit: 2, remedy: 'A rules file exports one or more results of defineRule; see docs/own-rules.md.' },
  CAS_UNKNOWN_RULE: { exit: 2, remedy: 'castellan rules lists every rule.' },
  CAS_UNKNOWN_FORMAT: { exit: 2, remedy: 'castellan scan --help lists the formats.' },
  CAS_NOT_SNAPSHOT: { exit: 3, remedy: 'Name a file that castellan snapshot wrote.' },
  CAS_SNAPSHOT_DAMAGED: { exit: 3, remedy: 'Copy the file once more, or take a new snapshot: castellan snapshot -o FILE.' },
  CAS_SNAPSHOT_NEWER: { exit: 3, remedy: 'Update Castellan, or take the snapshot with this version.' },
  CAS_SNAPSHOT_TOO_LARGE: { exit: 3, remedy: 'Take a snapshot of fewer namespaces: castellan snapshot -n NAMESPACE -o FILE.' },
  CAS_NOT_RECORD: { exit: 3, remedy: 'Name a file that castellan record add wrote.' },
  CAS_RECORD_DAMAGED: { exit: 3, remedy: 'Copy the file once more, or read the logs again: castellan record add FILE… --record RECORD.' },
  CAS_RECORD_NEWER: { exit: 3, remedy: 'Update Castellan, or read the logs again with this version.' },
  CAS_NOT_NODE_FACTS: { exit: 3, remedy: 'Name a file that castellan node collect wrote.' },
  CAS_NODE_FACTS_NEWER: { exit: 3, remedy: 'Update Castellan, or collect the facts with this version.' },
  CAS_NOT_CLOUD: {
    exit: 3,
    remedy:
      'Name what aws eks describe-cluster --name NAME, az aks show -g GROUP -n NAME or gcloud container clusters describe NAME --format json prints.',
  },
  CAS_NOT_PROBE: { exit: 3, remedy: 'Name a file that castellan probe -f json wrote.' },
  CAS_NODE_ROOT: { exit: 3, remedy: 'Name the folder at which the disk of the node is mounted; on the node itself leave --root out.' },
  CAS_NOT_LOG: { exit: 3, remedy: 'Name audit logs or flow logs in a format that docs/record.md lists.' },
  CAS_NOT_ETCD: {
    exit: 3,
    remedy: 'Name a file that etcdctl snapshot save wrote, or member/snap/db of a data folder of etcd that does not run.',
  },
  CAS_ETCD_DAMAGED: { exit: 3, remedy: 'Copy the file once more, or take a new snapshot: etcdctl snapshot save FILE.' },
  CAS_NO_ETCD: { exit: 3, remedy: 'Name the folder with etcd and etcdutl: --etcd FOLDER; or leave out --restore-check.' },
  CAS_RESTORE: { exit: 3, remedy: 'Try what etcdutl snapshot restore says, and whether the release of etcd fits the snapshot.' },
  CAS_ENCRYPTION_CONFIG: { exit: 2, remedy: 'Name the file of --encryption-provider-config of the API server.' },
  CAS_VERSION_DATA: { exit: 2, remedy: 'Begin with what castellan versions data prints; docs/versions.md describes the fields.' },
  CAS_NO_CLUSTER: { exit: 3, remedy: 'Name a file or folder to scan, or a kubeconfig with --kubeconfig FILE.' },
  CAS_NO_NAMESPACE: { exit: 3, remedy: 'kubectl get namespaces lists those that there are.' },
  CAS_KUBECONFIG: { exit: 3, remedy: 'kubectl config view shows what the kubeconfig holds; --context chooses one of its contexts.' },
  CAS_SIGN_IN: { exit: 3, remedy: 'Sign in as for kubectl, and try: kubectl get namespaces.' },
  CAS_TLS: { exit: 3, remedy: "Check the cluster's certificate-authority and tls-server-name in the kubeconfig." },
  CAS_UNREACHABLE: { exit: 3, remedy: 'Check the address, the network and the proxy, and try: kubectl version.' },
  CAS_INTERRUPTED: { exit: 3, remedy: 'Run the command again; a snapshot of some namespaces is faster: -n NAMESPACE.' },
  CAS_CHANGE: { exit: 2, remedy: 'Make the change anew from the objects as they are now.' },
  CAS_CHANGED: { exit: 3, remedy: 'Nothing was written. Run the command again, so that it works with what is there now.' },
  CAS_NOT_JOURNAL: { exit: 3, remedy: 'Name the file that castellan apply wrote when it changed the cluster.' },
  CAS_NOT_APPLIED: {
    exit: 3,
    remedy: 'What was done before stands in the file that was named; castellan apply --undo FILE takes it back.',
  },
  CAS_NO_FIX: { exit: 2, remedy: 'castellan fixes lists them; name the same input, with the same record and --top.' },
  CAS_PEER: {
    exit: 2,
    remedy:
      'Name a workload as ns/name[Kind], a pod as ns/name, others as ns/*, ns/[app=web], svc:ns/name, 10.0.0.0/8; docs/network.md has all forms.',
  },
  CAS_TENANTS: { exit: 2, remedy: 'A file of tenants lists ends of connections under the name of each; docs/network.md shows one.' },
  CAS_ASSERTIONS: { exit: 2, remedy: 'Mend the line that is shown; docs/network-assertions.md describes what a line may say.' },
  CAS_SELF_CHECK: {
    exit: 3,
    remedy: 'This is a fault of Castellan: please report it with the input, or a snapshot of it made with --anonymize.',
  },
  CAS_NOT_CONFIRMED: { exit: 2, remedy: 'Nothing was written. Answer y, or give --yes where nobody can be asked.' },
  CAS_FORBIDDEN: {
    exit: 3,
    remedy: 'castellan permissions --for net-verify prints the rights that it needs; with --context which of them are missing.',
  },
  CAS_REFUSED: {
    exit: 3,
    remedy:
      'An admission rule or a quota of the cluster does not take it. Name an image that is allowed with --image, or except namespaces labelled app.kubernetes.io/managed-by=castellan-net-verify.',
  },
  CAS_POD_START: {
    exit: 3,
    remedy:
      'Name an image that the cluster can pull and that has node with --image, its pull secret with --image-pull-secret NAMESPACE/NAME, or nodes with room with --node.',
  },
  CAS_BAD_CASE: { exit: 1, remedy: 'One JSON object a line, in the shape that docs/eval.md gives.' },
} as const satisfies Record<string, { exit: 1 | 2 | 3; remedy: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** An error with a code, a sentence that names what was wrong, and the remedy of its code. */
export class CastellanError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly exit: number;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown; remedy?: string }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CastellanError';
    this.code = code;
    this.remedy = options?.remedy ?? ERRORS[code].remedy;
    this.exit = ERRORS[code].exit;
  }
}

/** The message of anything that was thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.split('\n', 1)[0] ?? '';
}
