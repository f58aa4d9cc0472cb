/** What of a cluster tells whether a record has seen enough: who runs as which account, and how many API servers there are. */
import { isRecord, textOf } from '../lib/record.ts';
import type { SourceObject } from '../snapshot/index.ts';
import { longestPeriod } from './cron-period.ts';
import { customUsers } from './custom-users.ts';
import { refIn } from './overlay.ts';
import { askingText } from './requests/asked-inside.ts';
import { grantedSince } from './requests/granted-since.ts';
import type { AccountUser } from './requests/evidence.ts';

type Raw = Readonly<Record<string, unknown>>;

/** A pod that is there now. */
export interface LivePod {
  readonly namespace: string;
  /** What made it, in the end: `Deployment/shop/cart`. */
  readonly ref: string;
  /** `system:serviceaccount:shop:cart`. */
  readonly account: string;
}

export interface Surroundings {
  readonly users: readonly AccountUser[];
  /** Objects of other kinds that make pods as an account, and of which there are none now. */
  readonly others: readonly AccountUser[];
  /** User names of all service accounts of the input. */
  readonly accounts: ReadonlySet<string>;
  /** Undefined where nothing of the input tells. */
  readonly servers: number | undefined;
  /** By their names, which pods of several namespaces may have. */
  readonly pods: ReadonlyMap<string, readonly LivePod[]>;
  /** What expressions of admission ask of the authorizer, each object's in one text. */
  readonly asking: readonly string[];
  /** Whether the plug-in OwnerReferencesPermissionEnforcement is on, as flags tell, or it is OpenShift, which always has it. */
  readonly ownersChecked: boolean;
  /** Of roles and bindings, `ClusterRole/view`: since when they give what they give, in seconds since 1970. */
  readonly grantedSince: ReadonlyMap<string, number>;
}

/** Whose expressions may ask the authorizer. */
const ADMISSION = new Set([
  'ValidatingAdmissionPolicy',
  'MutatingAdmissionPolicy',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
]);

export function surroundingsOf(objects: Iterable<SourceObject>): Surroundings {
  const reader = new Reader();
  for (const source of objects) {
    reader.add(source.object);
    reader.grant(source);
  }
  return reader.surroundings();
}

/** The same of objects of which nothing but roles and bindings are others. */
export function surroundingsWith(before: Surroundings, objects: Iterable<SourceObject>): Surroundings {
  const since = new Map<string, number>();
  for (const source of objects) noteGrant(since, source);
  return { ...before, grantedSince: since };
}

function noteGrant(known: Map<string, number>, source: SourceObject): void {
  const since = grantedSince(source);
  if (since !== undefined) known.set(refIn(source.object), since);
}

/** Where the pod template of each kind stands. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** Components that act when something fails, ends or grows, by words of their names and images. */
const RARE: readonly (readonly [what: string, words: RegExp])[] = [
  ['backup and restore', /velero|kasten|\bk10\b|stash|restic|backup|restore/],
  ['autoscaling', /autoscaler|karpenter|\bkeda\b|descheduler/],
  [
    'certificates',
    /cert-?manager|\bacme[-.]?(?:solver|dns|sh\b|webhook|client|challenge)|\/acme(?=$|[\s:@])|letsencrypt|\bspire\b|sealed-secrets|\bistiod\b|\bistio\/pilot\b|\bl5d\b|linkerd|\bstep-(?:ca|issuer|certificates)\b|trust-manager/,
  ],
  // Their webhooks have certificates that they make anew, some once in a year.
  ['certificates', /kyverno|gatekeeper/],
  [
    'node upgrades and failures',
    /\bkured\b|system-upgrade|upgrade-controller|node-problem-detector|termination-handler|cluster-api|\bcapi-|machine-(?:api|controller)|draino|cloud-controller|cloud-provider/,
  ],
  ['storage', /\bcsi\b|\brook\b|\bceph\b|longhorn|openebs|portworx|linstor|\btrident\b|snapshot-controller/],
  [
    'failover',
    /failover|sentinel|patroni|stolon|repmgr|cloudnative-?pg|\bcnpg\b|spilo|percona|strimzi|keepalived|kube-vip|metallb|kubeblocks|crunchy|galera|zookeeper/,
  ],
  [
    'failover',
    /(?:postgres(?:ql)?|pg|mysql|mariadb|mongo(?:db)?|redis|valkey|kafka|rabbitmq|elastic(?:search)?|opensearch|eck|cassandra|scylla|cockroach(?:db)?|vitess|clickhouse|etcd|tidb|couchbase)(?:-[a-z0-9]+)*[-/]operator/,
  ],
];

interface Entry {
  readonly account: string;
  readonly starts: number[];
  since: number | undefined;
  period: number | undefined;
  rare: string | undefined;
  readonly automount: boolean | undefined;
}

class Reader {
  readonly #accounts = new Set<string>();
  readonly #others: AccountUser[] = [];
  readonly #users = new Map<string, Entry>();
  /** Controllers by `Kind/namespace/name`, to what made them. */
  readonly #makers = new Map<string, string>();
  readonly #pods: { readonly object: Raw; readonly maker: string }[] = [];
  readonly #servers = new Set<string>();
  /** Of the Leases of API servers, when each was renewed, and until when it is held. */
  readonly #leases: { readonly renewed: number; readonly until: number }[] = [];
  readonly #asking: string[] = [];
  #serverPods = 0;
  #ownersChecked = false;
  readonly #grantedSince = new Map<string, number>();

  add(object: Raw): void {
    const { kind } = object;
    const { namespace, name } = placeOf(object);
    const ref = `${textOf(kind)}/${namespace}/${name}`;
    const maker = makerOf(object, namespace);
    if (maker !== undefined) this.#makers.set(ref, maker);
    if (kind === 'ServiceAccount') this.#accounts.add(`system:serviceaccount:${namespace}:${name}`);
    else if (kind === 'Pod') this.#pods.push({ object, maker: maker ?? ref });
    else if (typeof kind === 'string' && TEMPLATES[kind] !== undefined && maker === undefined) this.#workload(object, ref, TEMPLATES[kind]);
    else if (typeof kind === 'string' && ADMISSION.has(kind)) this.#admission(object);
    else this.#others.push(...customUsers(object));
    if (namespace === 'default' && (name === 'kubernetes' || labelOf(object, 'kubernetes.io/service-name') === 'kubernetes'))
      this.#endpoints(object);
    if (kind === 'Lease' && namespace === 'kube-system') this.#lease(object);
    if (kind === 'Pod' && namespace === 'kube-system' && labelOf(object, 'component') === 'kube-apiserver') {
      this.#serverPods += 1;
      this.#ownersChecked ||= JSON.stringify(at(object, ['spec', 'containers']) ?? '').includes('OwnerReferencesPermissionEnforcement');
    }
    this.#ownersChecked ||= /^(config|security)\.openshift\.io\//.test(textOf(object.apiVersion));
  }

  grant(source: SourceObject): void {
    noteGrant(this.#grantedSince, source);
  }

  surroundings(): Surroundings {
    const pods = new Map<string, LivePod[]>();
    for (const { object, maker } of this.#pods) {
      const ref = this.#root(maker);
      const spec = at(object, ['spec']);
      const entry = this.#entry(ref, object, spec);
      const { namespace, name } = placeOf(object);
      const live = { namespace, ref, account: accountOf(object, spec) };
      const called = pods.get(name);
      if (called === undefined) pods.set(name, [live]);
      else called.push(live);
      const start = Date.parse(textOf(at(object, ['status', 'startTime'])));
      if (!Number.isNaN(start)) entry.starts.push(start / 1000);
    }
    const users = [...this.#users].map(([ref, { account, starts, since, period, rare, automount }]) => ({
      ref,
      account,
      starts,
      ...(since !== undefined && { since }),
      ...(period !== undefined && { period }),
      ...(rare !== undefined && { rare }),
      ...(automount !== undefined && { automount }),
    }));
    const servers = Math.max(this.#servers.size, this.#serverPods, this.#heldLeases());
    return {
      users,
      others: this.#others.filter(({ ref, account }) => this.#users.get(ref)?.account !== account),
      accounts: this.#accounts,
      servers: servers === 0 ? undefined : servers,
      pods,
      asking: this.#asking,
      ownersChecked: this.#ownersChecked,
      grantedSince: this.#grantedSince,
    };
  }

  #admission(object: Raw): void {
    const text = askingText(object);
    if (text !== undefined) this.#asking.push(text);
  }

  #workload(object: Raw, ref: string, template: readonly string[]): void {
    const entry = this.#entry(ref, object, at(object, template));
    entry.since = createdAt(object);
    const schedule = object.kind === 'CronJob' ? at(object, ['spec', 'schedule']) : undefined;
    // What cannot be read may be once in years.
    if (typeof schedule === 'string') entry.period = longestPeriod(schedule) ?? Infinity;
  }

  #entry(ref: string, object: Raw, spec: unknown): Entry {
    let entry = this.#users.get(ref);
    if (entry === undefined) {
      const mounts = at(spec, ['automountServiceAccountToken']);
      const automount = typeof mounts === 'boolean' ? mounts : undefined;
      const [account, rare] = [accountOf(object, spec), rareOf(ref, spec)];
      this.#users.set(ref, (entry = { account, starts: [], since: undefined, period: undefined, rare, automount }));
    }
    return entry;
  }

  #root(ref: string): string {
    let root = ref;
    // A Job of a CronJob of something else is as deep as it gets.
    for (let depth = 0; depth < 5; depth += 1) root = this.#makers.get(root) ?? root;
    return root;
  }

  /** k8s.io/kubernetes/pkg/controlplane/apiserver: every API server keeps one, which stays for a while when it is gone. */
  #lease(object: Raw): void {
    if (labelOf(object, 'apiserver.kubernetes.io/identity') !== 'kube-apiserver') return;
    const time = Date.parse(textOf(at(object, ['spec', 'renewTime']))) / 1000;
    const length = at(object, ['spec', 'leaseDurationSeconds']);
    const isTold = !Number.isNaN(time) && typeof length === 'number';
    this.#leases.push(isTold ? { renewed: time, until: time + length } : { renewed: -Infinity, until: Infinity });
  }

  /** Nobody knows when files were written, but not before the last renewal that they tell of. */
  #heldLeases(): number {
    const latest = Math.max(...this.#leases.map(({ renewed }) => renewed));
    return this.#leases.filter(({ until }) => until >= latest).length;
  }

  /** Both kinds of objects list the same servers. */
  #endpoints(object: Raw): void {
    const lists =
      object.kind === 'EndpointSlice' ? [at(object, ['endpoints'])] : object.kind === 'Endpoints' ? [at(object, ['subsets'])] : [];
    for (const entry of lists.flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []))) {
      const { addresses }: Raw = isRecord(entry) ? entry : {};
      for (const address of Array.isArray(addresses) ? (addresses as unknown[]) : [])
        this.#servers.add(textOf(isRecord(address) ? address.ip : address));
    }
  }
}

/** Of a pod, or of what makes pods in its namespace. */
function accountOf(object: Raw, spec: unknown): string {
  const { serviceAccountName, serviceAccount }: Raw = isRecord(spec) ? spec : {};
  const given = [serviceAccountName, serviceAccount].filter((one) => typeof one === 'string').find((one) => one !== '');
  return `system:serviceaccount:${placeOf(object).namespace}:${given ?? 'default'}`;
}

function makerOf(object: Raw, namespace: string): string | undefined {
  const owners = at(object, ['metadata', 'ownerReferences']);
  const owner = (Array.isArray(owners) ? (owners as unknown[]) : []).find((one) => isRecord(one) && one.controller === true);
  return isRecord(owner) ? `${textOf(owner.kind)}/${namespace}/${textOf(owner.name)}` : undefined;
}

function rareOf(ref: string, spec: unknown): string | undefined {
  // What is restarted by itself beside the others stands among those that come first.
  const containers = ['containers', 'initContainers'].map((field) => at(spec, [field])).filter((list) => Array.isArray(list));
  const images = (containers.flat() as unknown[]).map((container) => (isRecord(container) ? textOf(container.image) : ''));
  const words = [ref, ...images].join(' ').toLowerCase();
  return RARE.find(([, pattern]) => pattern.test(words))?.[0];
}

function createdAt(object: Raw): number | undefined {
  const time = Date.parse(textOf(at(object, ['metadata', 'creationTimestamp'])));
  return Number.isNaN(time) ? undefined : time / 1000;
}

function placeOf(object: Raw): { namespace: string; name: string } {
  const { namespace, name }: Raw = isRecord(object.metadata) ? object.metadata : {};
  return {
    namespace: typeof namespace === 'string' && namespace !== '' ? namespace : 'default',
    name: typeof name === 'string' ? name : '',
  };
}

function labelOf(object: Raw, key: string): unknown {
  return at(object, ['metadata', 'labels', key]);
}

function at(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const key of path) found = isRecord(found) ? found[key] : undefined;
  return found;
}
