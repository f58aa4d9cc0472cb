/** What policies are generated from: the objects, the world that they make, and the workloads as people know them. */
import {
  type Raw,
  Services,
  type World,
  familyOf,
  labelsAt,
  nameInNamespace,
  readWorld,
  recordAt,
  textAt,
} from '../../engines/network/index.ts';
import { type Labels, type ReadObjects, type Tables, type Workload, buildCluster, toApiObject, toWorkload } from '../../model/index.ts';
import { isSystemNamespace } from '../../rules/index.ts';
import type { Snapshot, SourceObject } from '../../snapshot/index.ts';
import { madeByOperators } from './made-by-operators.ts';

/** A workload at the top of its chain of owners, with all of its pods. */
export interface App {
  /** `ns/name[Kind]` */
  readonly key: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Indexes into the world. */
  readonly pods: readonly number[];
  /** What one of its pods runs, for all of them. */
  readonly workload: Workload;
  /** Of the objects that were read, the one that `workload` is in. */
  readonly object: number;
  /** Of its own selector, where it has one that was not made by the server. */
  readonly matchLabels: Labels;
  /** On the network of its node: no policy is for it. */
  readonly host: boolean;
  /** Whether policies are made for it. */
  readonly policed: boolean;
}

export class Inventory {
  /** Those of the input, and behind them what operators make of these. */
  readonly sources: readonly SourceObject[];
  readonly world: World;
  readonly services: Services;
  readonly apps: readonly App[];
  readonly tables: Tables;
  /** Whether addresses of IPv6 are in use. */
  readonly ipv6: boolean;
  readonly #byPod = new Map<number, App>();
  readonly #byName: Map<string, number>;

  /** `namespaces` are those that policies are made for; all where left out. `read` is what was read of the objects before. */
  constructor(
    snapshot: Snapshot,
    { namespaces, read }: { namespaces?: ReadonlySet<string> | undefined; read?: ReadObjects | undefined } = {},
  ) {
    const given = [...snapshot.objects];
    this.sources = [...given, ...madeByOperators(given)];
    this.world = readWorld(this.sources.map(({ object }) => object));
    this.services = new Services(this.world);
    this.tables = buildCluster({ ...snapshot, objects: this.sources }, read).tables;
    const apps = appsOf(this.sources, this.world);
    this.apps =
      namespaces === undefined
        ? apps
        : apps.map((app) => (app.policed && !namespaces.has(app.namespace) ? { ...app, policed: false } : app));
    this.ipv6 = usesIpv6(this.world);
    for (const app of this.apps) for (const pod of app.pods) this.#byPod.set(pod, app);
    this.#byName = new Map(this.sources.map(({ object }, index) => [`${textAt(object, 'kind')} ${nameInNamespace(object)}`, index]));
  }

  appOf(pod: number): App | undefined {
    return this.#byPod.get(pod);
  }

  /** The last object of the kind and name, as the last one counts when all are applied. */
  find(kind: string, namespace: string, name: string): number | undefined {
    return this.#byName.get(`${kind} ${namespace}/${name}`);
  }

  *ofKind(kind: string): Generator<readonly [object: Raw, index: number]> {
    for (const [index, { object }] of this.sources.entries()) if (object.kind === kind) yield [object, index];
  }
}

function usesIpv6({ pods, services }: World): boolean {
  if (pods.some(({ addresses }) => addresses.some((address) => familyOf(address) === 6))) return true;
  return services.some(({ spec }) => {
    const { ipFamilies } = recordAt(spec);
    return Array.isArray(ipFamilies) && ipFamilies.includes('IPv6');
  });
}

function appsOf(sources: readonly SourceObject[], world: World): App[] {
  const byUid = new Map<string, number>();
  for (const [index, { object }] of sources.entries()) {
    const uid = textAt(recordAt(object, 'metadata'), 'uid');
    if (uid !== '') byUid.set(uid, index);
  }
  const groups = new Map<string, { root: number; pods: number[] }>();
  for (const [index, pod] of world.pods.entries()) {
    const root = rootOf(pod.object, sources, byUid);
    const key = root === pod.object ? pod.workload : keyOf(sources[root]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { root, pods: [index] });
    else group.pods.push(index);
  }
  return [...groups]
    .flatMap(([key, { root, pods }]) => {
      const app = appOf(key, { root, pods }, { sources, world });
      return app === undefined ? [] : [app];
    })
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** The object above all others that make this one, as far as it is in the input. Known by uid, which only a server gives. */
function rootOf(start: number, sources: readonly SourceObject[], byUid: ReadonlyMap<string, number>): number {
  const seen = new Set([start]);
  for (let at = start; ;) {
    const metadata = recordAt(sources[at]?.object, 'metadata');
    const owners = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
    const controller = recordAt(owners.find((owner: unknown) => recordAt(owner).controller === true));
    const above = byUid.get(textAt(controller, 'uid'));
    // What goes in a circle, or is owned by something that makes no pods, ends here.
    if (above === undefined || seen.has(above) || workloadAt(sources, above) === undefined) return at;
    seen.add(above);
    at = above;
  }
}

function keyOf(source: SourceObject | undefined): string {
  const metadata = recordAt(source?.object, 'metadata');
  return `${textAt(metadata, 'namespace') || 'default'}/${textAt(metadata, 'name')}[${textAt(recordAt(source?.object), 'kind')}]`;
}

function workloadAt(sources: readonly SourceObject[], index: number): Workload | undefined {
  const source = sources[index];
  const object = source === undefined ? undefined : toApiObject(source, index);
  return object === undefined || 'code' in object ? undefined : toWorkload(object);
}

function appOf(
  key: string,
  { root, pods }: { root: number; pods: number[] },
  { sources, world }: { sources: readonly SourceObject[]; world: World },
): App | undefined {
  const first = world.pods[pods[0] ?? -1];
  if (first === undefined) return undefined;
  // What runs says more than what comes next: of a template that was changed some pods may be left.
  const object = workloadAt(sources, root) === undefined ? first.object : root;
  const workload = workloadAt(sources, object);
  if (workload === undefined) return undefined;
  const [, namespace = '', name = '', kind = ''] = /^([^/]*)\/(.*)\[(\w*)\]$/.exec(key) ?? [];
  const selector = recordAt(sources[root]?.object, 'spec', 'selector');
  const matchLabels =
    kind === 'ReplicationController' ? labelsAt(recordAt(sources[root]?.object, 'spec'), 'selector') : labelsAt(selector, 'matchLabels');
  return {
    key,
    kind,
    namespace,
    name,
    pods,
    workload,
    object,
    matchLabels: kind === 'Job' || kind === 'CronJob' || kind === 'Pod' ? {} : matchLabels,
    host: first.host,
    policed: !first.host && !isSystemNamespace(namespace) && isNamespace(namespace),
  };
}

/** What the server takes as one, and so what a selector may name. */
export function isNamespace(name: string): boolean {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
}
