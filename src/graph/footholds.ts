/** Where attackers may begin, and what they want: the ends of paths, by the words of the command line. */
import { CastellanError } from '../lib/errors.ts';
import { nearestOf } from '../lib/near.ts';
import { UNAUTHENTICATED, accountOf } from '../engines/rbac/index.ts';
import type { AttackGraph } from './attack-graph.ts';

export const FOOTHOLDS = ['exposed', 'workloads'] as const;
export type Foothold = (typeof FOOTHOLDS)[number];

const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/**
 * `exposed` is what outsiders can have: the internet, anonymous requests, and whoever a binding names that is not of the
 * system: users, groups, and service accounts that are used from outside. `workloads` is every container outside of the
 * system's namespaces, once for each workload.
 */
export function footholds(graph: AttackGraph, kind: Foothold): string[] {
  const names = new Set(kind === 'workloads' ? workloads(graph) : exposed(graph));
  return [...names].filter((name) => graph.find(name) !== undefined).toSorted();
}

function* workloads({ scene }: AttackGraph): Generator<string> {
  for (const { vertex, root } of scene.units) if (!SYSTEM_NAMESPACES.has(root.namespace)) yield scene.builder.nameOf(vertex);
}

function* exposed({ scene }: AttackGraph): Generator<string> {
  yield 'Internet';
  yield `Group/${UNAUTHENTICATED}`;
  const withToken = new Set(
    scene.tables.Secret.all
      .filter(({ body }) => body.type === 'kubernetes.io/service-account-token')
      .map(({ namespace, annotations }) => `${namespace}/${annotations['kubernetes.io/service-account.name'] ?? ''}`),
  );
  for (const { kind, namespace, name } of scene.rbac.subjects) {
    if (kind !== 'ServiceAccount') {
      if (!name.startsWith('system:')) yield `${kind}/${name}`;
      continue;
    }
    if (SYSTEM_NAMESPACES.has(namespace) || !scene.accountsIn(namespace).has(name)) continue;
    const key = `${namespace}/${name}`;
    // A token that never expires is used from outside, and so is an account that no pod runs as.
    if (withToken.has(key) || scene.tables.workloads.runningAs(namespace, name).length === 0) yield `ServiceAccount/${key}`;
  }
}

/** The entries that a word names: a kind of foothold, or vertices by name with commas between them. */
export function entriesNamed(graph: AttackGraph, text: string): string[] {
  const known = FOOTHOLDS.find((each) => each === text);
  if (known !== undefined) return footholds(graph, known);
  return text.split(',').map((name) => entryNamed(graph, name.trim()));
}

const NODE_USER = /^User\/system:node:(.+)$/;

/** The name in the graph of somebody who begins; refused where the input has nobody of that name. */
export function entryNamed(graph: AttackGraph, text: string): string {
  const name = entryWritten(graph, text);
  requireVertex(graph, name);
  return name;
}

/**
 * The same, whether he is in the input or not. An account may be written `sa:NAMESPACE/NAME` or as the user that it is;
 * whoever signs in as a node is in the group of nodes too, and so its kubelet.
 */
export function entryWritten(graph: AttackGraph, text: string): string {
  const [, node] = NODE_USER.exec(text) ?? [];
  const kubelet = `NodeIdentity/${node ?? ''}`;
  if (node !== undefined && graph.find(kubelet) !== undefined) return kubelet;
  const account = text.startsWith('User/') ? accountOf(text.slice('User/'.length)) : undefined;
  return account === undefined ? nameWritten(text) : `ServiceAccount/${account.namespace}/${account.name}`;
}

function nameWritten(text: string): string {
  return text.startsWith('sa:') ? `ServiceAccount/${text.slice('sa:'.length)}` : text;
}

/** The name in the graph of what somebody asks the ways to. */
export function targetNamed(graph: AttackGraph, text: string): string {
  const name = nameWritten(text);
  requireVertex(graph, name);
  return name;
}

/** The vertex of a name that somebody typed. */
export function requireVertex(graph: AttackGraph, name: string): number {
  const vertex = graph.find(name);
  if (vertex !== undefined) return vertex;
  const near = namesNear(name, graph.graph.names);
  throw new CastellanError('CAS_USAGE', `nothing in the input is called "${name}"`, {
    remedy:
      near.length > 0
        ? `Perhaps you mean ${near.join(', ')}.`
        : 'Names are like ServiceAccount/shop/cart, Container/shop/cart/app, User/ann, Node/worker-1, ClusterAdmin.',
  });
}

/** Up to three names that end alike, else the one that a slip of the finger makes of it. */
function namesNear(name: string, all: Iterable<string>): string[] {
  const known = [...all].filter((each) => !each.includes(' '));
  const alike = known.filter((each) => each.endsWith(`/${name.slice(name.lastIndexOf('/') + 1)}`)).slice(0, 3);
  return alike.length > 0 ? alike : [nearestOf(name, known) ?? []].flat();
}

/** Refuses names of containers that are said to be exploitable and are not there, which would change nothing silently. */
export function requireContainers(graph: AttackGraph, names: readonly string[]): void {
  const containers = graph.scene.units.map(({ vertex }) => graph.scene.builder.nameOf(vertex));
  for (const name of names) {
    if (name.startsWith('Container/') && graph.find(name) !== undefined) continue;
    const near = namesNear(name, containers);
    throw new CastellanError('CAS_USAGE', `no container in the input is called "${name}"`, {
      remedy: near.length > 0 ? `Perhaps you mean ${near.join(', ')}.` : 'Containers are named Container/NAMESPACE/WORKLOAD/CONTAINER.',
    });
  }
}
