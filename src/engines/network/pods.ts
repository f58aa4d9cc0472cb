/** Pods, as far as policies can tell them apart, and the workloads that they are shown as. */
import { parsePath, valueAt } from '../../lib/field-path.ts';
import { memo } from '../../lib/memo.ts';
import { type KindEntry, KINDS, type Kind, type Labels, POD_INDEX, POD_NAME, controllerLabels, replicaLabels } from '../../model/index.ts';
import { parseAddress } from './addresses.ts';
import type { Policy } from './policy.ts';
import { type Protocol, isPort, isProtocol } from './ports.ts';
import { type Raw, labelsAt, recordAt, recordsAt, textAt } from './read.ts';

export interface ContainerPort {
  /** '' where it has none. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly number: number;
  readonly container: string;
  /** Where the node passes a port of its own on to it. */
  readonly onNode?: NodePort;
}

export interface NodePort {
  readonly port: number;
  /** Of the node, '' for all that it has. */
  readonly address: string;
  /** Of the field, inside the object that the pod was read from. */
  readonly path: string;
}

export interface Pod {
  /** Of the object that it was read from. */
  readonly object: number;
  readonly kind: Kind;
  readonly namespace: string;
  /** Of what stands for all pods of a template, the name of the workload. */
  readonly name: string;
  readonly labels: Labels;
  /** All of its containers have ended for good: it listens nowhere, and its address may be another pod's by now. */
  readonly finished: boolean;
  /** On the host's network no selector finds it, and its addresses are the node's. */
  readonly host: boolean;
  readonly node: string;
  readonly addresses: readonly bigint[];
  readonly ports: readonly ContainerPort[];
  /** `ns/name[Kind]` of the controller, or of the pod itself where nobody controls it. */
  readonly workload: string;
  /** The uid of the controller, '' where it is not known or there is none. */
  readonly owner: string;
  /** One of a StatefulSet, by its number, of which only the template tells. */
  readonly replica?: true;
  /** Its addresses stand for the places where it may be, one for each; nobody knows its own. */
  readonly supposed?: true;
  /** As it was read, where its node gave it addresses. */
  readonly read?: Pod;
}

/** A workload object beside its pods: it stands for a pod where none of its pods is in the input. */
export interface Template extends Pod {
  readonly uid: string;
  /** Of a StatefulSet, whose pods are known by number. */
  readonly replicas?: Ordinals;
}

interface Ordinals {
  readonly first: number;
  readonly count: number;
}

const NO_PORTS: readonly ContainerPort[] = [];

export function readPod(object: Raw, identity: { object: number; namespace: string; name: string }): Pod {
  const metadata = recordAt(object, 'metadata');
  const [spec, status] = [recordAt(object, 'spec'), recordAt(object, 'status')];
  const controller = controllerOf(metadata);
  const finished = status.phase === 'Succeeded' || status.phase === 'Failed';
  return {
    ...identity,
    labels: labelsAt(metadata, 'labels'),
    kind: 'Pod',
    ...networkOf(spec, 'spec'),
    finished,
    addresses: finished ? [] : addressesOf(status, spec.hostNetwork === true),
    workload: workloadOf(identity, controller),
    owner: textAt(controller ?? {}, 'uid'),
  };
}

/** Undefined for what makes no pods. */
export function readTemplate(
  object: Raw,
  known: Kind,
  identity: { object: number; namespace: string; name: string },
): Template | undefined {
  const entry: KindEntry = KINDS[known];
  if (entry.pod === undefined || known === 'PodTemplate') return undefined;
  const spec = recordAt(valueAt(object, parsePath(entry.pod.spec)));
  if (!Array.isArray(spec.containers)) return undefined;
  const metadata = recordAt(object, 'metadata');
  const [uid, ownSpec] = [textAt(metadata, 'uid'), recordAt(object, 'spec')];
  const jobSpec = known === 'CronJob' ? recordAt(ownSpec, 'jobTemplate', 'spec') : ownSpec;
  const given = controllerLabels({ kind: known, name: textAt(metadata, 'name'), uid, spec: jobSpec });
  return {
    ...identity,
    labels: { ...given, ...labelsAt(recordAt(valueAt(object, parsePath(entry.pod.metadata))), 'labels') },
    ...(known === 'StatefulSet' && { replicas: ordinalsOf(ownSpec) }),
    kind: known,
    ...networkOf(spec, entry.pod.spec),
    finished: known === 'Job' && hasEnded(object),
    addresses: [],
    workload: `${identity.namespace}/${identity.name}[${known}]`,
    uid,
    owner: textAt(controllerOf(metadata) ?? {}, 'uid'),
  };
}

/** It says so itself: with pods that have ended it may make others, and it makes none where these were deleted. */
function hasEnded(object: Raw): boolean {
  return recordsAt(recordAt(object, 'status'), 'conditions').some(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
}

function ordinalsOf(spec: Raw): Ordinals {
  const [count, first] = [spec.replicas, recordAt(spec, 'ordinals').start];
  return { first: typeof first === 'number' ? first : 0, count: typeof count === 'number' ? count : 1 };
}

/** Of more nobody writes policies one by one. */
const MOST_REPLICAS = 1000;

/** Whether a policy tells pods of one StatefulSet apart. */
export const namesReplicas = memo((policy: Policy): boolean =>
  [policy.subject, ...[policy.ingress ?? [], policy.egress ?? []].flat().flatMap(({ peers = [] }) => peers)].some(
    (peer) => peer.kind === 'pods' && peer.pods.requirements.some(({ key }) => key === POD_NAME || key === POD_INDEX),
  ),
);

/** Where policies name single pods of StatefulSets, each of these for what stands for all of them. */
export function withReplicas(pods: readonly Pod[], policies: readonly Policy[]): readonly Pod[] {
  return policies.some(namesReplicas) ? pods.flatMap(replicasOf) : pods;
}

/** Both with the single pods of StatefulSets where one of them has these, so that they can be compared pod by pod. */
export function alikeReplicas<W extends { readonly pods: readonly Pod[] }>(first: W, second: W): readonly [W, W] {
  const [one, other] = [first, second].map(({ pods }) => pods.some(({ replica }) => replica === true));
  if (one === other) return [first, second];
  const apart = (world: W): W => ({ ...world, pods: world.pods.flatMap(replicasOf) });
  return one === true ? [first, apart(second)] : [apart(first), second];
}

const replicasOf = memo((pod: Pod): readonly Pod[] => {
  const numbers = numbersOf(pod);
  if (numbers.length === 0) return [pod];
  const { replicas: _all, ...one } = pod as Template;
  return numbers.map((number) => ({
    ...one,
    name: `${pod.name}-${number}`,
    labels: { ...pod.labels, ...replicaLabels(pod.name, number) },
    replica: true,
  }));
});

/** Of the pods that it stands for, where these have numbers. */
function numbersOf(pod: Pod): number[] {
  const { replicas } = pod as Partial<Template>;
  if (replicas === undefined || replicas.count < 1 || replicas.count > MOST_REPLICAS) return [];
  return Array.from({ length: replicas.count }, (_, index) => replicas.first + index);
}

/** Whether it is one pod, and not what stands for all of a template. */
export function isSingle({ kind, replica }: Pod): boolean {
  return kind === 'Pod' || replica === true;
}

/** Who makes pods of a name such as `x/db-0`, if a StatefulSet does. */
export function setMaking(pod: string): string {
  return pod.replace(/-\d+$/, '[StatefulSet]');
}

/** Whether the pod of that name, `x/db-0`, is one of those that it stands for. */
export function standsFor(pod: Pod | undefined, name: string): boolean {
  return pod !== undefined && numbersOf(pod).some((number) => `${pod.namespace}/${pod.name}-${number}` === name);
}

/** Where the spec of its pods stands in an object. */
export function podPathOf({ kind }: Pick<Pod, 'kind'>): string {
  const entry: KindEntry = KINDS[kind];
  return entry.pod?.spec ?? 'spec';
}

/** What runs beside the containers of the pod for as long as they do has ports as they have. */
function networkOf(spec: Raw, path: string): Pick<Pod, 'host' | 'node' | 'ports'> {
  const ports: ContainerPort[] = [];
  for (const list of ['containers', 'initContainers']) {
    for (const [index, container] of recordsAt(spec, list).entries()) {
      if (list === 'initContainers' && container.restartPolicy !== 'Always') continue;
      for (const [at, port] of recordsAt(container, 'ports').entries()) {
        const [number, protocol] = [port.containerPort, textAt(port, 'protocol') || 'TCP'];
        if (!isPort(number) || !isProtocol(protocol)) continue;
        const read = { name: textAt(port, 'name'), protocol, number, container: textAt(container, 'name') };
        const onNode = onNodeOf(port, () => `${path}.${list}[${index}].ports[${at}].hostPort`);
        ports.push(onNode === undefined ? read : { ...read, onNode });
      }
    }
  }
  return { host: spec.hostNetwork === true, node: textAt(spec, 'nodeName'), ports: ports.length === 0 ? NO_PORTS : ports };
}

function onNodeOf({ hostPort, hostIP }: Raw, path: () => string): NodePort | undefined {
  if (!isPort(hostPort)) return undefined;
  return { port: hostPort, address: typeof hostIP === 'string' ? hostIP : '', path: path() };
}

function addressesOf(status: Raw, host: boolean): bigint[] {
  const texts = [
    textAt(status, 'podIP'),
    ...recordsAt(status, 'podIPs').map((entry) => textAt(entry, 'ip')),
    ...(host ? [textAt(status, 'hostIP'), ...recordsAt(status, 'hostIPs').map((entry) => textAt(entry, 'ip'))] : []),
  ];
  const found: bigint[] = [];
  for (const text of texts) {
    const address = text === '' ? undefined : parseAddress(text);
    if (address !== undefined && !found.includes(address)) found.push(address);
  }
  return found;
}

function controllerOf(metadata: Raw): Raw | undefined {
  if (metadata.ownerReferences === undefined) return undefined;
  return recordsAt(metadata, 'ownerReferences').find(({ controller }) => controller === true);
}

/** The controller's own controller is not followed. A pod that a node owns is one that the kubelet made by itself. */
function workloadOf({ namespace, name }: { namespace: string; name: string }, controller: Raw | undefined): string {
  if (controller === undefined) return `${namespace}/${name}[Pod]`;
  const kind = textAt(controller, 'kind');
  return kind === 'Node' ? `${namespace}/${name}[Pod]` : `${namespace}/${textAt(controller, 'name')}[${kind || 'Pod'}]`;
}

/**
 * By workload those that made it: a Deployment above each of its ReplicaSets. Pods are shown as their controller, but
 * people know them by what stands at the top.
 */
export function makersByWorkload(templates: readonly Template[]): ReadonlyMap<string, readonly string[]> {
  const owners = new Owners(byUid(templates));
  const found = new Map<string, readonly string[]>();
  for (const template of templates) {
    const makers = [...owners.makersOf(template)].map((maker) => maker.workload);
    if (makers.length > 0) found.set(template.workload, makers);
  }
  return found;
}

/** Pods, and one for each template of which nothing in the input is made. */
export function podsAndTemplates(pods: readonly Pod[], templates: readonly Template[]): Pod[] {
  const owners = new Owners(byUid(templates));
  const represented = new Set<Template>();
  for (const pod of pods) for (const template of owners.representedBy(pod)) represented.add(template);
  return [...pods, ...templates.filter((template) => !represented.has(template) && owners.standsAlone(template))];
}

/** Who owns whom is believed by uid only. */
export class Owners {
  readonly #templates: { get(uid: string): Template | undefined };

  /** By uid. */
  constructor(templates: { get(uid: string): Template | undefined }) {
    this.#templates = templates;
  }

  /** The controller, its controller and so on. */
  makersOf({ owner }: Pod): ReadonlySet<Template> {
    const makers = new Set<Template>();
    if (owner === '') return makers;
    for (let at = this.#templates.get(owner); at !== undefined && !makers.has(at); at = this.#templates.get(at.owner)) makers.add(at);
    return makers;
  }

  /** Of which no pod is to be looked for beside this one: who is not done makes another for one that has ended. */
  representedBy(pod: Pod): Template[] {
    return [...this.makersOf(pod)].filter(({ finished }) => !pod.finished || finished);
  }

  /** Nobody that is known makes it. What goes in a circle has nobody to stand for it. */
  standsAlone(template: Template): boolean {
    const makers = this.makersOf(template);
    return makers.size === 0 || makers.has(template);
  }
}

export function byUid(templates: readonly Template[]): Map<string, Template> {
  return new Map(templates.filter(({ uid }) => uid !== '').map((template) => [template.uid, template]));
}
