/**
 * Which well-known add-on a workload is. Image, kind and name have to agree, and no other image may run in the pod:
 * a label or a name alone is set by anybody, and what shares the pod shares what the add-on is allowed.
 */
import { type ImageReference, isValid, parseImage } from '../../engines/image-ref/index.ts';
import type { Container, Workload } from '../../model/index.ts';
import type { AddOn } from './add-on.ts';
import { CONTROL_PLANE_ADD_ONS } from './control-plane.ts';
import { NETWORK_ADD_ONS } from './network.ts';
import { OBSERVER_ADD_ONS } from './observers.ts';
import { STORAGE_ADD_ONS } from './storage.ts';

export const ADD_ONS: readonly AddOn[] = [...NETWORK_ADD_ONS, ...STORAGE_ADD_ONS, ...OBSERVER_ADD_ONS, ...CONTROL_PLANE_ADD_ONS];

/** Small helpers that many add-ons run beside themselves. They get nothing of what the add-on is allowed. */
export const COMPANIONS: ReadonlySet<string> = new Set([
  'quay.io/brancz/kube-rbac-proxy',
  'registry.k8s.io/kubebuilder/kube-rbac-proxy',
  'gcr.io/kubebuilder/kube-rbac-proxy',
  'registry.k8s.io/sig-storage/csi-node-driver-registrar',
  'registry.k8s.io/sig-storage/livenessprobe',
  'quay.io/k8scsi/csi-node-driver-registrar',
  'quay.io/k8scsi/livenessprobe',
  'public.ecr.aws/eks-distro/kubernetes-csi/node-driver-registrar',
  'public.ecr.aws/eks-distro/kubernetes-csi/livenessprobe',
  'public.ecr.aws/csi-components/csi-node-driver-registrar',
  'public.ecr.aws/csi-components/livenessprobe',
  'amazonaws.com/eks/csi-node-driver-registrar',
  'amazonaws.com/eks/livenessprobe',
  'mcr.microsoft.com/oss/kubernetes-csi/csi-node-driver-registrar',
  'mcr.microsoft.com/oss/kubernetes-csi/livenessprobe',
  'mcr.microsoft.com/oss/v2/kubernetes-csi/csi-node-driver-registrar',
  'mcr.microsoft.com/oss/v2/kubernetes-csi/livenessprobe',
  'ghcr.io/jimmidyson/configmap-reload',
  'docker.io/jimmidyson/configmap-reload',
  'quay.io/prometheus-operator/prometheus-config-reloader',
  'ghcr.io/prometheus-operator/prometheus-config-reloader',
  'docker.io/kiwigrid/k8s-sidecar',
]);

/** Other hosts of the images of registry.k8s.io. */
const KUBERNETES = 'registry.k8s.io';
const KUBERNETES_MIRRORS: readonly (readonly [domain: string, folder: string])[] = [
  ['k8s.gcr.io', ''],
  ['gcr.io', 'google_containers/'],
  ['gcr.io', 'google-containers/'],
  ['registry.aliyuncs.com', 'google_containers/'],
  ['registry.cn-hangzhou.aliyuncs.com', 'google_containers/'],
  ['mcr.microsoft.com', 'oss/kubernetes/'],
  ['mcr.microsoft.com', 'oss/v2/kubernetes/'],
  ['amazonaws.com', 'eks/'],
  ['public.ecr.aws', 'eks-distro/kubernetes/'],
];
/** Rancher keeps copies of what its clusters run; the path is written with hyphens. */
const RANCHER = 'rancher/mirrored-';
const MICROSOFT = /^oss\/(?:v2\/)?/;
/** A host that passes on what others keep; theirs follows in the path. */
const PROXY = 'm.daocloud.io';

/** The accounts from which Amazon hands out the add-ons of EKS. Any other account is just a customer's. */
const EKS_ACCOUNTS: ReadonlySet<string> = new Set([
  '602401143452',
  '877085696533',
  '800184023465',
  '558608220178',
  '590381155156',
  '918309763551',
  '961992271922',
  '013241004608',
  '151742754352',
  '296578399912',
  '491585149902',
  '455263428931',
  '066635153087',
  '759879836304',
  '900889452093',
  '900612956339',
]);

interface Entry {
  readonly addOn: AddOn;
  readonly images: ReadonlySet<string>;
}

/** By the last part of an image's path. Nearly every workload ends at one failing look into it. */
const BY_LAST_PART = index();
const KNOWN = new WeakMap<Workload, AddOn | 'none'>();

/** The add-on that a workload is; undefined for nearly all. */
export function addOnOf(workload: Workload): AddOn | undefined {
  const candidates = candidatesOf(workload);
  if (candidates === undefined) return undefined;
  let known = KNOWN.get(workload);
  if (known === undefined) KNOWN.set(workload, (known = candidates.find((entry) => matches(entry, workload))?.addOn ?? 'none'));
  return known === 'none' ? undefined : known;
}

/** Whether a container is one of the add-on's own, and no companion. */
export function isOwn(addOn: AddOn, container: Container): boolean {
  const entry = BY_LAST_PART.get(lastPart(container.spec.image ?? ''))?.find((candidate) => candidate.addOn === addOn);
  return entry !== undefined && namesOf(container).some((name) => entry.images.has(name));
}

function candidatesOf({ containers }: Workload): readonly Entry[] | undefined {
  for (const { type, spec } of containers) {
    if (type !== 'container' || spec.image === undefined) continue;
    const entries = BY_LAST_PART.get(lastPart(spec.image));
    if (entries !== undefined) return entries;
  }
  return undefined;
}

function matches({ addOn, images }: Entry, workload: Workload): boolean {
  const { kinds, names, namespaces } = addOn;
  if (!(kinds as readonly string[]).includes(kindOf(workload))) return false;
  if (namespaces !== undefined && !namespaces.includes(workload.namespace)) return false;
  if (!names.some((name) => isPartOf(name, workload.name))) return false;
  let own = false;
  for (const container of workload.containers) {
    const found = namesOf(container);
    if (found.some((name) => images.has(name))) own ||= container.type === 'container';
    else if (!found.some((name) => COMPANIONS.has(name))) return false;
  }
  return own;
}

/** What makes the pods: of a pod whose owner is not in the input, the kind of that owner. */
function kindOf({ kind, object }: Workload): string {
  if (kind !== 'Pod') return kind;
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true)?.kind ?? 'Pod';
  // The pod of a file on a node has its node for an owner.
  if (owner === 'Node') return 'Pod';
  return owner === 'ReplicaSet' ? 'Deployment' : owner;
}

/** `node-exporter` in `prometheus-node-exporter` and `node-exporter-x2b8k`, but not in `supernode-exporter`. */
function isPartOf(part: string, name: string): boolean {
  for (let at = name.indexOf(part); at >= 0; at = name.indexOf(part, at + 1)) {
    const before = at === 0 || name[at - 1] === '-';
    const after = at + part.length;
    if (before && (after === name.length || name[after] === '-')) return true;
  }
  return false;
}

/** The names under which the image may stand in the table: its own, and that of what a well-known mirror copies. */
function namesOf({ spec }: Container): readonly string[] {
  const reference = parseImage(spec.image ?? '');
  return isValid(reference) ? originalsOf(reference) : [];
}

function originalsOf({ domain, path }: Pick<ImageReference, 'domain' | 'path'>): string[] {
  const host = isEks(domain) ? 'amazonaws.com' : domain;
  const names = [`${host}/${path}`];
  for (const [mirror, folder] of KUBERNETES_MIRRORS)
    if (host === mirror && path.startsWith(folder)) names.push(`${KUBERNETES}/${path.slice(folder.length)}`);
  // The names of what is copied there are listed with the rest: see `index`.
  if (host === 'docker.io' && path.startsWith(RANCHER)) names.push(path);
  if (host === 'mcr.microsoft.com' && MICROSOFT.test(path)) names.push(`docker.io/${path.replace(MICROSOFT, '')}`);
  if (host === 'mirror.gcr.io') names.push(`docker.io/${path}`);
  if (host === PROXY) names.push(path);
  return names;
}

/** `602401143452.dkr.ecr.us-west-2.amazonaws.com`, whatever the region. */
function isEks(domain: string): boolean {
  return (
    (domain.endsWith('.amazonaws.com') || domain.endsWith('.amazonaws.com.cn')) &&
    domain.startsWith('.dkr.ecr.', 12) &&
    EKS_ACCOUNTS.has(domain.slice(0, 12))
  );
}

/** Of `host:5000/path/name:tag@digest` the name; made without a parse, since it is asked of every container. */
function lastPart(image: string): string {
  const at = image.indexOf('@');
  const end = at < 0 ? image.length : at;
  const start = image.lastIndexOf('/', end - 1) + 1;
  const colon = image.indexOf(':', start);
  return image.slice(start, colon < 0 || colon > end ? end : colon);
}

function index(): ReadonlyMap<string, readonly Entry[]> {
  const found = new Map<string, Entry[]>();
  for (const addOn of ADD_ONS) {
    const copies = addOn.images.map((image) => RANCHER + image.slice(image.indexOf('/') + 1).replaceAll('/', '-'));
    const images = new Set([...addOn.images, ...copies]);
    const entry: Entry = { addOn, images };
    for (const part of new Set([...images].map(lastPart))) {
      const entries = found.get(part);
      if (entries === undefined) found.set(part, [entry]);
      else entries.push(entry);
    }
  }
  return found;
}
