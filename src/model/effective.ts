/**
 * What the pods of a workload run, as one short text: equal where nothing differs but what every pod is given anyway.
 * A cluster has tens of thousands of pods whose parts are mostly the same objects (lean.ts), so each part is looked at
 * once and known by a number from then on.
 */
import { isJobIndex, isOwnToleration, isSecurityAnnotation, isTokenMount, isTokenVolume } from './admitted.ts';
import { LABELS_OF_ONE } from './controller-labels.ts';
import { AS_IT_IS, CONTAINER, EMPTY, MOUNT, POD, type Part, TOLERATION, VOLUME } from './alike.ts';
import { automountsToken, imagePullPolicy, volumeSources } from './defaults.ts';
import type { ContainerSpec, PodSpec, VolumeSpec } from './kinds/pod.ts';
import type { ApiObject } from './objects.ts';
import { parseQuantity } from './quantity.ts';
import { hasSameParts } from './same-parts.ts';
import { isRecord } from './schema.ts';
import type { Workload } from './workloads.ts';

/** Of what a workload is compared within. */
export interface Frame {
  /** What is above all that is compared; undefined where it is not in the input. */
  readonly root: Workload | undefined;
  /** By namespace and name. */
  accountOf(workload: Workload): ApiObject<'ServiceAccount'> | undefined;
}

const OWN_CLAIM = 'a claim of its own';
const LISTS: ReadonlySet<string> = new Set(['containers', 'initContainers', 'ephemeralContainers']);

export class Effective {
  readonly #numbers = new Map<string, number>();
  readonly #known = new Map<Part, Map<object, number>>();

  /** Whether that can be told without a closer look. */
  isPlainlySame(workload: Workload, frame: Frame): boolean {
    const { root } = frame;
    if (root === undefined) return false;
    const tokens = tokensOf(workload);
    return hasSameParts(workload, root, tokens) && !isUndue(tokens, workload, frame.accountOf(workload));
  }

  textOf(workload: Workload, frame: Frame): string {
    const { pod } = workload;
    const account = frame.accountOf(workload);
    const tokens = tokensOf(workload);
    const texts = [`account ${workload.serviceAccount}`];
    if (isUndue(tokens, workload, account)) texts.push('a token that nobody asked for');
    for (const key of Object.keys(pod).toSorted()) {
      const value: unknown = pod[key as keyof PodSpec];
      if (LISTS.has(key))
        texts.push(`${key} ${(value as readonly ContainerSpec[]).map((each) => this.#container(each, tokens)).join(' ')}`);
      else if (key !== 'volumes' && !this.#isGiven(key, { workload, frame, account })) {
        const number = key === 'tolerations' ? this.#tolerations(pod) : this.#field(adapted(key, value, frame), POD[key] ?? AS_IT_IS);
        if (number !== undefined) texts.push(`${key} ${number}`);
      }
    }
    texts.push(...this.#volumes(workload, tokens), ...marksOf(workload, frame.root));
    return texts.join('\n');
  }

  /** What the account, the class of priority or the controller gives where the root says nothing. */
  #isGiven(
    key: string,
    { workload, frame, account }: { workload: Workload; frame: Frame; account: ReturnType<Frame['accountOf']> },
  ): boolean {
    const { pod, object } = workload;
    const { root } = frame;
    if (key === 'imagePullSecrets') {
      const given = account?.body.imagePullSecrets;
      return given !== undefined && this.#number(pod.imagePullSecrets, AS_IT_IS) === this.#number(given, AS_IT_IS);
    }
    if (key === 'priorityClassName')
      return root !== undefined && !root.pod.priorityClassName && pod.priorityClassName?.startsWith('system-') !== true;
    if ((key === 'hostname' || key === 'subdomain') && object.known === 'Pod') {
      const maker = object.metadata.ownerReferences?.find(({ controller }) => controller === true)?.kind;
      return (maker === 'StatefulSet' || maker === 'Job') && !root?.pod[key];
    }
    return false;
  }

  #tolerations({ tolerations = [] }: PodSpec): number | undefined {
    const own = tolerations.filter((toleration) => !isOwnToleration(toleration));
    return own.length === 0 ? undefined : this.#intern(own.map((each) => this.#number(each, TOLERATION)).join(' '));
  }

  #container(container: ContainerSpec, tokens: ReadonlySet<string>): number {
    const texts = [`pull ${imagePullPolicy(container)}`];
    for (const key of Object.keys(container).toSorted()) {
      if (key === 'imagePullPolicy') continue;
      let value: unknown = container[key as keyof ContainerSpec];
      if (key === 'volumeMounts') {
        const mounts = (container.volumeMounts ?? []).filter((mount) => !(tokens.has(mount.name ?? '') && isTokenMount(mount)));
        if (mounts.length > 0) texts.push(`${key} ${mounts.map((mount) => this.#number(mount, MOUNT)).join(' ')}`);
        continue;
      }
      if (key === 'env' && container.env?.some(isJobIndex) === true) value = container.env.filter((variable) => !isJobIndex(variable));
      const number = this.#field(value, CONTAINER[key] ?? AS_IT_IS);
      if (number !== undefined) texts.push(`${key} ${number}`);
    }
    return this.#intern(texts.join('\n'));
  }

  /** In the order of their names: the claims of a StatefulSet come first in its pods and nowhere in its template. */
  #volumes({ pod, object, name: owner }: Workload, tokens: ReadonlySet<string>): string[] {
    const claims = claimsOf(object);
    const texts = claims.map((name) => `volume ${JSON.stringify(name)} ${OWN_CLAIM}`);
    for (const volume of pod.volumes ?? []) {
      const name = volume.name ?? '';
      if (tokens.has(name) || claims.includes(name)) continue;
      if (object.known === 'Pod' && volume.persistentVolumeClaim?.claimName === `${name}-${owner}`)
        texts.push(`volume ${JSON.stringify(name)} ${OWN_CLAIM}`);
      else texts.push(`volume ${JSON.stringify(name)} ${this.#number(withSource(volume), VOLUME)}`);
    }
    return texts.toSorted();
  }

  /** Undefined where the value says no more than its absence would. */
  #field(value: unknown, part: Part): number | undefined {
    return saysNothing(value, part) ? undefined : this.#number(value, part);
  }

  #number(value: unknown, part: Part): number {
    if (typeof value !== 'object' || value === null) return this.#intern(JSON.stringify(value) ?? '');
    let known = this.#known.get(part);
    if (known === undefined) this.#known.set(part, (known = new Map()));
    let number = known.get(value);
    if (number === undefined) known.set(value, (number = this.#intern(textOf(value, part))));
    return number;
  }

  #intern(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) this.#numbers.set(text, (number = this.#numbers.size));
    return number;
  }
}

/** Names of the volumes with the account's token. */
function tokensOf({ pod, serviceAccount }: Workload): ReadonlySet<string> {
  const tokens = (pod.volumes ?? []).filter((volume) => isTokenVolume(volume, serviceAccount));
  return tokens.length === 0 ? NO_TOKENS : new Set(tokens.map(({ name = '' }) => name));
}

/** Whether there is such a volume although the pod or its account declines it. */
function isUndue(tokens: ReadonlySet<string>, { pod }: Workload, account: ReturnType<Frame['accountOf']>): boolean {
  return tokens.size > 0 && !automountsToken(pod, account);
}

const NO_TOKENS: ReadonlySet<string> = new Set();

function claimsOf(object: ApiObject): string[] {
  if (object.known !== 'StatefulSet') return [];
  return ((object as ApiObject<'StatefulSet'>).body.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name ?? '');
}

/** The controller of a DaemonSet writes the node there, in place of what its template asks for. */
function adapted(key: string, value: unknown, { root }: Frame): unknown {
  if (key !== 'affinity' || root?.object.known !== 'DaemonSet' || !isRecord(value) || !isRecord(value.nodeAffinity)) return value;
  const { nodeAffinity, ...others } = value;
  const { requiredDuringSchedulingIgnoredDuringExecution: _, ...preferred } = nodeAffinity;
  return Object.keys(preferred).length === 0 ? others : { ...others, nodeAffinity: preferred };
}

function withSource(volume: VolumeSpec): VolumeSpec {
  return volumeSources(volume)[0] === 'emptyDir' && volume.emptyDir === undefined ? { ...volume, emptyDir: {} } : volume;
}

/** Labels by which policies and services find the pods of the root, and annotations that are rights. */
function marksOf({ labels, annotations }: Workload, root: Workload | undefined): string[] {
  const keys = root === undefined ? Object.keys(labels).filter((key) => !LABELS_OF_ONE.has(key)) : Object.keys(root.labels);
  const texts = keys.toSorted().map((key) => `label ${JSON.stringify([key, labels[key]])}`);
  for (const key of Object.keys(annotations).toSorted()) {
    if (!isSecurityAnnotation(key)) continue;
    const value = annotations[key] ?? '';
    // The API server writes a profile that is a field into the annotation of old too.
    const isCopy = root?.annotations[key] === undefined && !value.startsWith('unconfined');
    if (!isCopy) texts.push(`annotation ${JSON.stringify([key, value])}`);
  }
  return texts;
}

function saysNothing(value: unknown, { same, ignored, fields }: Part): boolean {
  if (value === undefined || value === null || ignored === true) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isRecord(value)) return same?.includes(value) === true;
  if (same?.includes(EMPTY) !== true) return false;
  return Object.entries(value).every(([key, inner]) => saysNothing(inner, fields?.[key] ?? AS_IT_IS));
}

function textOf(value: unknown, part: Part): string {
  if (Array.isArray(value)) return `[${value.map((each) => textOf(each, part)).join()}]`;
  if (!isRecord(value))
    return part.amounts === true ? String(parseQuantity(value as string) ?? JSON.stringify(value)) : (JSON.stringify(value) ?? '');
  const texts: string[] = [];
  for (const key of Object.keys(value).toSorted()) {
    const inner = value[key];
    const field =
      part.amounts === true
        ? AMOUNT
        : part.fields !== undefined && Object.hasOwn(part.fields, key)
          ? (part.fields[key] ?? AS_IT_IS)
          : AS_IT_IS;
    if (!saysNothing(inner, field)) texts.push(`${JSON.stringify(key)}:${textOf(inner, field)}`);
  }
  return `{${texts.join()}}`;
}

const AMOUNT: Part = { amounts: true };
