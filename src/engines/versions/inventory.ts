/**
 * What runs in a cluster and in which version, each with the object and the field that say so: the answer of the API
 * server, what kubelets tell of their nodes, and the images of what runs. Of manifests only what stands there.
 */
import type { ApiObject, Container, KindTable, Workloads } from '../../model/index.ts';
import { commandLineOf } from '../command-line/index.ts';
import { componentOfImage, runtimeOf, systemOf, versionOfImage } from './images.ts';
import { type Version, parseVersion } from './version.ts';

export interface Instance {
  /** `kube-apiserver`, `kubelet`, `containerd`, `kernel`, `os`, … */
  readonly component: string;
  /** Undefined where what is written names no version. */
  readonly version: Version | undefined;
  /** As it is written: a version, an image, the name of a system. */
  readonly text: string;
  /** What says so; undefined of the API server's own answer. */
  readonly object: ApiObject | undefined;
  /** The field, or the path that was asked. */
  readonly path: string;
  /** Where it runs, as far as that is one node. */
  readonly node?: string;
  /** Of an operating system: what its support dates stand under. */
  readonly product?: string;
  readonly container?: Container;
}

export interface InventorySources {
  readonly kubernetes: { readonly server: string | undefined };
  readonly Node: KindTable<'Node'>;
  readonly workloads: Workloads;
}

/** A further source of versions, such as what was collected on a node: one more list of instances. */
export function inventoryOf(sources: InventorySources, further: readonly Instance[] = []): readonly Instance[] {
  return [...ofServer(sources.kubernetes.server), ...sources.Node.all.flatMap(ofNode), ...ofContainers(sources.workloads), ...further];
}

function ofServer(server: string | undefined): Instance[] {
  if (server === undefined) return [];
  return [{ component: 'kube-apiserver', version: parseVersion(server), text: server, object: undefined, path: '/version' }];
}

function ofNode(object: ApiObject<'Node'>): Instance[] {
  const { kubeletVersion, containerRuntimeVersion, kernelVersion, osImage, operatingSystem } = object.body.status?.nodeInfo ?? {};
  const found: Instance[] = [];
  const add = (
    component: string,
    text: string,
    { field, ...more }: { field: string; version: Version | undefined; product?: string },
  ): void => {
    found.push({ component, text, object, path: `status.nodeInfo.${field}`, node: object.name, ...more });
  };
  // A Node without these is one that no kubelet has reported yet, or a manifest of one; the server fills in empty text.
  if (isTold(kubeletVersion)) add('kubelet', kubeletVersion, { field: 'kubeletVersion', version: parseVersion(kubeletVersion) });
  const runtime = isTold(containerRuntimeVersion) ? runtimeOf(containerRuntimeVersion) : undefined;
  if (isTold(containerRuntimeVersion) && runtime !== undefined)
    add(runtime.component, containerRuntimeVersion, { field: 'containerRuntimeVersion', version: runtime.version });
  if (isTold(kernelVersion) && operatingSystem !== 'windows')
    add('kernel', kernelVersion, { field: 'kernelVersion', version: parseVersion(kernelVersion) });
  if (isTold(osImage)) {
    const system = systemOf(osImage);
    add('os', osImage, { field: 'osImage', version: system?.version, ...(system !== undefined && { product: system.product }) });
  }
  return found;
}

/** Whether a kubelet has told it: in a Node that none has reported of, the server keeps every text, empty. */
export function isTold(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

const KNOWN = new WeakMap<Workloads, readonly Instance[]>();

function ofContainers(workloads: Workloads): readonly Instance[] {
  let known = KNOWN.get(workloads);
  if (known === undefined)
    KNOWN.set(
      workloads,
      (known = workloads.all.flatMap(({ containers }) => containers.flatMap((container) => ofContainer(container) ?? []))),
    );
  return known;
}

function ofContainer(container: Container): Instance | undefined {
  const { spec, workload, path, type } = container;
  const { image } = spec;
  // What only prepares something, or debugs, is not what runs.
  if (image === undefined || image === '' || type === 'ephemeral' || type === 'init') return undefined;
  const byImage = componentOfImage(image);
  const component = byImage?.component ?? commandLineOf(spec)?.component;
  if (component === undefined) return undefined;
  const version = byImage?.version ?? versionOfImage(image);
  const node = workload.isMirrorPod ? workload.pod.nodeName : undefined;
  return {
    component,
    version,
    text: image,
    object: workload.object,
    path: `${path}.image`,
    container,
    ...(node !== undefined && { node }),
  };
}

export type Platform = 'amazon-eks' | 'google-kubernetes-engine' | 'azure-kubernetes-service' | 'red-hat-openshift';

/** The vendor whose own support dates hold, as far as versions and Nodes tell. */
export function platformOf(instances: readonly Instance[]): Platform | undefined {
  for (const { version, object, component } of instances) {
    const vendor = component === 'kube-apiserver' || component === 'kubelet' ? (version?.vendor ?? '') : '';
    if (/^eks\b/.test(vendor)) return 'amazon-eks';
    if (/^gke\b/.test(vendor)) return 'google-kubernetes-engine';
    if (component !== 'kubelet' || object?.known !== 'Node') continue;
    const { labels } = object;
    if (labels['kubernetes.azure.com/cluster'] !== undefined) return 'azure-kubernetes-service';
    if (labels['node.openshift.io/os_id'] !== undefined) return 'red-hat-openshift';
  }
  return undefined;
}

/** Parts of Kubernetes that are released together with it. */
export const KUBERNETES_COMPONENTS: ReadonlySet<string> = new Set([
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'kubelet',
  'kubectl',
]);

/** OpenShift 4.y holds Kubernetes 1.(y+13) from 4.3 on. */
const OPENSHIFT_OFFSET = 13;

/** The product of the support table that an instance is of, with the version that it has there. */
export function productOf(
  { component, version, product }: Instance,
  platform?: Platform,
): { product: string; version: Version } | undefined {
  if (version === undefined) return undefined;
  if (component === 'os') return product === undefined ? undefined : { product, version };
  if (component === 'docker') return { product: 'docker-engine', version };
  if (!KUBERNETES_COMPONENTS.has(component)) return { product: component, version };
  if (platform !== 'red-hat-openshift') return { product: platform ?? 'kubernetes', version };
  const minor = version.minor - OPENSHIFT_OFFSET;
  const own = parseVersion(`4.${Math.max(minor, 0)}`);
  return own === undefined ? undefined : { product: platform, version: own };
}
