/** What of its node a container can touch: capabilities that count, and folders of the node that it mounts. */
import { isAtOrBelow, normalizeHostPath } from '../engines/host-paths/index.ts';
import type { Container, Tables } from '../model/index.ts';

export interface HostMount {
  /** In one spelling, with the sub-path that is mounted of it. */
  readonly path: string;
  readonly writable: boolean;
  /** Field of the workload's object. */
  readonly at: string;
}

/** Whether the kernel of the node is that of the container, and root inside is root outside. */
export function sharesKernel({ workload: { pod } }: Container): boolean {
  return pod.hostUsers !== false && pod.os?.name !== 'windows';
}

/** Whether the process may be root: what nobody forbids, an image may say. */
export function mayBeRoot({ spec, workload: { pod } }: Container): boolean {
  const user = spec.securityContext?.runAsUser ?? pod.securityContext?.runAsUser;
  const nonRoot = spec.securityContext?.runAsNonRoot ?? pod.securityContext?.runAsNonRoot;
  return user === undefined ? nonRoot !== true : user === 0;
}

/**
 * Whether the process may open what only root and its group may: a socket of a runtime is of a group that nobody knows
 * from outside, mostly root's. `unknown` where only a user is set: its group is that of the image, which is 0 for a
 * number that the image does not know.
 */
export function mayBeOfGroup(container: Container): boolean | 'unknown' {
  const { spec, workload } = container;
  const { securityContext: own } = workload.pod;
  const primary = spec.securityContext?.runAsGroup ?? own?.runAsGroup;
  const groups = [...(own?.supplementalGroups ?? []), own?.fsGroup, primary];
  if (mayBeRoot(container) || groups.some((group) => group !== undefined && (group === 0 || group < FIRST_GROUP_OF_PEOPLE))) return true;
  return primary === undefined ? 'unknown' : false;
}
/** Distributions give numbers below it to services. */
const FIRST_GROUP_OF_PEOPLE = 1000;

/** Whether a capability is added, by its name, with or without its prefix, or by ALL. */
export function addsCapability({ spec }: Container, ...names: readonly string[]): boolean {
  const { add = [] } = spec.securityContext?.capabilities ?? {};
  if (add.length === 0) return false;
  const added = new Set(add.map((name) => name.toUpperCase().replace(/^CAP_/, '')));
  return added.has('ALL') || names.some((name) => added.has(name));
}

/** Whether somebody asked for a profile that stops mounts and tracing. Where nobody did, the node decides. */
export function isConfined({ spec, name, workload: { pod, annotations } }: Container): boolean {
  const profile = spec.securityContext?.appArmorProfile?.type ?? pod.securityContext?.appArmorProfile?.type;
  const annotated = annotations[`container.apparmor.security.beta.kubernetes.io/${name}`];
  const type = spec.securityContext?.seLinuxOptions?.type ?? pod.securityContext?.seLinuxOptions?.type;
  if (profile === 'Unconfined' || annotated === 'unconfined') return false;
  return profile !== undefined || annotated !== undefined || (type !== undefined && type !== 'spc_t');
}

/** Folders of the node that a container mounts: named in the pod, or by way of a claim and its volume. */
export function hostMounts({ spec, path, workload }: Container, tables: Tables): HostMount[] {
  const mounts: HostMount[] = [];
  for (const [index, { name = '', readOnly, subPath = '' }] of (spec.volumeMounts ?? []).entries()) {
    const volume = workload.pod.volumes?.find((each) => each.name === name);
    const folder = volume?.hostPath?.path ?? folderBehind(volume?.persistentVolumeClaim?.claimName, workload.namespace, tables);
    if (folder === undefined || folder === '') continue;
    const normalized = normalizeHostPath(subPath === '' ? folder : `${folder}/${subPath}`);
    if (normalized === '') continue;
    const writable = readOnly !== true && volume?.persistentVolumeClaim?.readOnly !== true;
    mounts.push({ path: normalized, writable, at: `${path}.volumeMounts[${index}]` });
  }
  return mounts;
}

function folderBehind(claim: string | undefined, namespace: string, tables: Tables): string | undefined {
  if (claim === undefined) return undefined;
  const bound = tables.PersistentVolumeClaim.get(namespace, claim)?.body.spec?.volumeName;
  const volume = tables.PersistentVolume.all.find(({ name, body }) => {
    const { name: claimName, namespace: claimNamespace } = body.spec?.claimRef ?? {};
    return name === bound || (claimName === claim && claimNamespace === namespace);
  });
  return volume?.body.spec?.hostPath?.path ?? volume?.body.spec?.local?.path;
}

/** Whether a mounted folder holds a place, or lies in it. */
export function touches(path: string, places: readonly string[]): boolean {
  return places.some((place) => isAtOrBelow(place, path) || isAtOrBelow(path, place));
}

/** Whether a mounted folder holds a place, or is it. */
export function holds(path: string, places: readonly string[]): boolean {
  return places.some((place) => isAtOrBelow(place, path));
}
