/** Everything of a cluster that decides who may talk to whom, read from plain objects in one pass. */
import { type Labels, groupOf, kindOf } from '../../model/index.ts';
import { joinPath } from '../../lib/field-path.ts';
import { parseAddress } from './addresses.ts';
import type { Intervals } from './intervals.ts';
import { Field, Report, shown } from './field.ts';
import { ADMIN_KINDS, type AdminKind, parseAdminPolicy } from './parse-admin-policy.ts';
import { checkMetadata } from './parse-metadata.ts';
import { parseNetworkPolicy } from './parse-network-policy.ts';
import { type Pod, type Template, makersByWorkload, podsAndTemplates, readPod, readTemplate, withReplicas } from './pods.ts';
import { type Policy, type Problem, type Sourced, policyRef } from './policy.ts';
import { type Raw, labelsAt, recordAt, recordsAt, textAt } from './read.ts';
import { tableProblems } from './table-problems.ts';

export interface Node {
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly bigint[];
}

export interface World {
  /** By name, with those that only other objects tell of. Each has the label of its name, as the server gives it. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  /** Names of those of which the input has no Namespace, though pods are in them: their labels are not known. */
  readonly undeclared: ReadonlySet<string>;
  readonly nodes: readonly Node[];
  /**
   * Those that are there, and what stands for some that are not. Those that have ended are for lists of what policies say
   * of workloads; who asks what can be reached leaves them out.
   */
  readonly pods: readonly Pod[];
  /** Where pods without a known address are, if it was said. */
  readonly podRanges?: Intervals<bigint>;
  /** By the workload that pods are shown as those above it. */
  readonly makers: ReadonlyMap<string, readonly string[]>;
  /** Those that are in force: the server takes them, and no later one of the name replaces them. */
  readonly policies: readonly Policy[];
  readonly problems: readonly Problem[];
  /** What leads traffic to pods, as it is written: Services, what stands behind those without a selector … */
  readonly services: readonly Raw[];
  readonly endpoints: readonly Raw[];
  /** … and Ingresses, Routes and what Gateway API has. */
  readonly entrances: readonly Raw[];
  /** Where each of these stands among the objects that were read. */
  readonly places: ReadonlyMap<Raw, number>;
}

export const NAME_LABEL = 'kubernetes.io/metadata.name';
export const POLICY_GROUP = 'policy.networking.k8s.io';
/** By API group the kinds that are not of Kubernetes itself and lead traffic into a cluster. */
const ENTRANCES: Readonly<Record<string, ReadonlySet<string>>> = {
  'route.openshift.io': new Set(['Route']),
  'gateway.networking.k8s.io': new Set([
    'GatewayClass',
    'Gateway',
    'HTTPRoute',
    'GRPCRoute',
    'TLSRoute',
    'TCPRoute',
    'UDPRoute',
    'ReferenceGrant',
  ]),
};

/** What is read of objects, each by itself, before it is asked what they are to each other. */
export interface WorldParts {
  /** Of Namespace objects, by name. */
  readonly labels: ReadonlyMap<string, Labels>;
  /** Of namespaces that anything else is in. */
  readonly names: ReadonlySet<string>;
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly templates: readonly Template[];
  readonly policies: readonly Sourced[];
  readonly problems: readonly Problem[];
  readonly leads: Leads;
}

/** What leads traffic to pods, all of it. */
export type Leads = Pick<World, 'services' | 'endpoints' | 'entrances' | 'places'>;

export function readWorld(objects: Iterable<Raw>): World {
  return worldOf(readParts(objects));
}

/** Objects are counted from `first` on. */
export function readParts(objects: Iterable<Raw>, first = 0): WorldParts {
  const reader = new WorldReader();
  let index = first;
  for (const object of objects) {
    reader.add(object, index);
    index += 1;
  }
  return reader.parts();
}

export function worldOf(parts: WorldParts): World {
  const { labels, names, nodes, pods, templates, policies, leads } = parts;
  const { inForce } = tableProblems(policies);
  return {
    namespaces: new Map([...labels.keys(), ...names].map((name) => [name, namespaceLabels(name, labels.get(name))])),
    undeclared: undeclaredIn(parts),
    nodes,
    pods: onTheirNodes(withReplicas(podsAndTemplates(pods, templates), inForce), nodes),
    makers: makersByWorkload(templates),
    policies: inForce,
    problems: problemsIn(parts),
    ...leads,
    endpoints: withoutSelector(leads),
  };
}

export function problemsIn({ policies, problems }: Pick<WorldParts, 'policies' | 'problems'>): Problem[] {
  return [...problems, ...tableProblems(policies).problems].toSorted((a, b) => a.object - b.object);
}

export function undeclaredIn({ labels, pods, templates }: Pick<WorldParts, 'labels' | 'pods' | 'templates'>): ReadonlySet<string> {
  return new Set([...pods, ...templates].map(({ namespace }) => namespace).filter((name) => !labels.has(name)));
}

/** The server gives each namespace the label of its name. */
export function namespaceLabels(name: string, labels: Labels | undefined): Labels {
  return { ...labels, [NAME_LABEL]: name };
}

/** The kind of policy that one with other letters was meant to be. */
function meantKind(kind: string): string | undefined {
  return ['NetworkPolicy', ...ADMIN_KINDS].find((one) => one !== kind && one.toLowerCase() === kind.toLowerCase());
}

class WorldReader {
  readonly #labels = new Map<string, Labels>();
  readonly #names = new Set<string>();
  readonly #nodes: Node[] = [];
  readonly #pods: Pod[] = [];
  readonly #templates: Template[] = [];
  readonly #policies: Sourced[] = [];
  readonly #problems: Problem[] = [];
  readonly #services: Raw[] = [];
  readonly #endpoints: Raw[] = [];
  readonly #entrances: Raw[] = [];
  readonly #places = new Map<Raw, number>();

  add(object: Raw, index: number): void {
    const [apiVersion, kind] = [textAt(object, 'apiVersion'), textAt(object, 'kind')];
    const metadata = recordAt(object, 'metadata');
    const identity = { object: index, namespace: textAt(metadata, 'namespace') || 'default', name: nameOf(metadata) };
    const known = kindOf(apiVersion, kind);
    const group = groupOf(apiVersion);
    const isPolicy = known === 'NetworkPolicy' || (group === POLICY_GROUP && isAdminKind(kind));
    if (!isPolicy && (known !== undefined || ENTRANCES[group]?.has(kind) === true)) this.#problems.push(...metadataProblems(object, index));
    if (group === POLICY_GROUP && isAdminKind(kind)) this.#admin(object, kind, identity);
    else if (known === 'NetworkPolicy') this.#networkPolicy(object, identity);
    else if (known === undefined && meantKind(kind) !== undefined) this.#misspelt(object, kind, index);
    else if (known === 'Namespace') this.#namespace(object, identity);
    else if (known === 'Node') this.#nodes.push(readNode(object, identity.name));
    else if (known === 'Pod') this.#pods.push(this.#placed(readPod(object, identity)));
    else if (known === 'Service') this.#leads(this.#services, object, index);
    else if (known === 'Endpoints' || (kind === 'EndpointSlice' && group === 'discovery.k8s.io'))
      this.#leads(this.#endpoints, object, index);
    else if (known === 'Ingress' || ENTRANCES[group]?.has(kind) === true) this.#leads(this.#entrances, object, index);
    else if (known !== undefined) {
      const template = readTemplate(object, known, identity);
      if (template !== undefined) this.#templates.push(this.#placed(template));
    }
  }

  #misspelt(object: Raw, kind: string, index: number): void {
    const report = new Report(index, objectRef(object));
    const message = `there is no kind ${JSON.stringify(kind)} (did you mean ${meantKind(kind)}?)`;
    report.add({ category: 'kind-unknown', path: 'kind', message, refused: true });
    this.#problems.push(...report.problems);
  }

  #leads(list: Raw[], object: Raw, index: number): void {
    list.push(object);
    this.#places.set(object, index);
  }

  #placed<T extends { namespace: string }>(one: T): T {
    this.#names.add(one.namespace);
    return one;
  }

  #namespace(object: Raw, { object: index, name }: { object: number; name: string }): void {
    const ref = `Namespace/${name}`;
    if (this.#labels.has(name)) {
      const report = new Report(index, ref);
      report.add({ category: 'duplicate-namespace', path: 'metadata.name', message: `there are two of ${ref}`, refused: false });
      this.#problems.push(...report.problems);
    }
    this.#labels.set(name, labelsAt(recordAt(object, 'metadata'), 'labels'));
  }

  #networkPolicy(object: Raw, identity: { object: number; namespace: string; name: string }): void {
    const { object: index, namespace, name } = identity;
    const report = new Report(index, policyRef({ kind: 'NetworkPolicy', namespace, name }));
    const field = new Field(object, '', report);
    this.#names.add(namespace);
    checkMetadata(field, 'name', 'namespace');
    this.#keep(parseNetworkPolicy(field, { namespace, name }), report, index);
  }

  #admin(object: Raw, kind: AdminKind, { object: index, name }: { object: number; name: string }): void {
    const report = new Report(index, policyRef({ kind, namespace: '', name }));
    const field = new Field(object, '', report);
    checkMetadata(field, 'name');
    this.#keep(parseAdminPolicy(field, kind, name), report, index);
  }

  #keep(policy: Policy, report: Report, object: number): void {
    this.#problems.push(...report.problems);
    if (!report.refused) this.#policies.push({ object, policy });
  }

  parts(): WorldParts {
    return {
      labels: this.#labels,
      names: this.#names,
      nodes: this.#nodes,
      pods: this.#pods,
      templates: this.#templates,
      policies: this.#policies,
      problems: this.#problems,
      leads: { services: this.#services, endpoints: this.#endpoints, entrances: this.#entrances, places: this.#places },
    };
  }
}

/**
 * The server would take no such object. It counts all the same, as what it seems to mean: a pod that is left out would
 * be one that nobody can reach.
 */
function metadataProblems(object: Raw, index: number): readonly Problem[] {
  const metadata = recordAt(object, 'metadata');
  const wrong: { path: string; given: unknown; taken: string }[] = [];
  for (const [key, taken] of [
    ['name', ''],
    ['namespace', 'default'],
  ] as const)
    if (isNoText(metadata[key])) wrong.push({ path: `metadata.${key}`, given: metadata[key], taken });
  const labels = labelsAt(metadata, 'labels');
  // Where all are texts they are the very object that was read.
  if (labels !== metadata.labels) {
    for (const [key, value] of Object.entries(recordAt(metadata, 'labels')))
      if (typeof value !== 'string' && value !== null)
        wrong.push({ path: joinPath('metadata.labels', key), given: value, taken: labels[key] ?? '' });
  }
  if (wrong.length === 0) return [];
  const report = new Report(index, objectRef(object));
  for (const { path, given, taken } of wrong) {
    const message = `${path} is ${shown(given)}, and no text: the API server refuses the object; write it in quotes ("no", "on", "n" and "y" are truth values without). It is judged here as ${JSON.stringify(taken)}`;
    report.add({ category: 'field-type-wrong', path, message, refused: false });
  }
  return report.problems;
}

function isNoText(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'string';
}

/** `Namespace/shop`, `Pod/shop/web`, of anything but policies. */
export function objectRef(object: Raw): string {
  const kind = textAt(object, 'kind');
  const metadata = recordAt(object, 'metadata');
  const isOfCluster = kind === 'Namespace' || kind === 'Node';
  return policyRef({ kind, namespace: isOfCluster ? '' : textAt(metadata, 'namespace') || 'default', name: nameOf(metadata) });
}

/** What the cluster itself makes of a selector repeats what the pods say, and is not kept. */
export function withoutSelector({ endpoints, services }: Leads): readonly Raw[] {
  if (endpoints.length === 0) return [];
  const selected = new Set(services.filter(({ spec }) => Object.keys(recordAt(spec, 'selector')).length > 0).map(nameInNamespace));
  return endpoints.filter((object) => !selected.has(nameInNamespace(object)));
}

/** `ns/name`; of a slice of endpoints that of its Service. */
export function nameInNamespace(object: Raw): string {
  const metadata = recordAt(object, 'metadata');
  const service =
    textAt(object, 'kind') === 'EndpointSlice' ? textAt(recordAt(metadata, 'labels'), 'kubernetes.io/service-name') : undefined;
  return `${textAt(metadata, 'namespace') || 'default'}/${service ?? textAt(metadata, 'name')}`;
}

/** A pod on the host's network has the addresses of its node. */
export function onTheirNodes(pods: readonly Pod[], nodes: readonly Node[]): readonly Pod[] {
  if (nodes.length === 0 || !pods.some(({ host }) => host)) return pods;
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return pods.map((pod) => {
    const node = pod.host && !pod.finished ? byName.get(pod.node) : undefined;
    return node === undefined ? pod : { ...pod, read: pod, addresses: [...new Set([...pod.addresses, ...node.addresses])] };
  });
}

function readNode(object: Raw, name: string): Node {
  const addresses = recordsAt(recordAt(object, 'status'), 'addresses').map((entry) => parseAddress(textAt(entry, 'address')));
  return {
    name,
    labels: labelsAt(recordAt(object, 'metadata'), 'labels'),
    addresses: [...new Set(addresses.filter((address) => address !== undefined))],
  };
}

function isAdminKind(kind: string): kind is AdminKind {
  return (ADMIN_KINDS as readonly string[]).includes(kind);
}

export function nameOf(metadata: Raw): string {
  const generated = textAt(metadata, 'generateName');
  return textAt(metadata, 'name') || (generated === '' ? '' : `${generated}*`);
}
