/** Which product an image or the name of an operating system stands for, and in which version. */
import { type Version, parseVersion } from './version.ts';

/** The controller of the Kubernetes project for nginx, under the names of those who ship it. */
const INGRESS_NGINX =
  /(?:^|\/)(?:ingress-nginx\/controller(?:-chroot)?|(?:hardened-)?(?:mirrored-)?(?:nginx-ingress-controller|ingress-nginx-controller)(?:-chroot)?)(?:-(?:amd64|arm64))?(?:[:@]|$)/;

/** F5's controllers of the same purpose (nginx/nginx-ingress) are other programs. */
export function isIngressNginx(image: string | undefined): boolean {
  return image !== undefined && image.includes('nginx') && INGRESS_NGINX.test(image);
}

/** By the last part of the repository. */
const BY_NAME: ReadonlyMap<string, string> = new Map([
  ['kube-apiserver', 'kube-apiserver'],
  ['kube-controller-manager', 'kube-controller-manager'],
  ['kube-scheduler', 'kube-scheduler'],
  ['kube-proxy', 'kube-proxy'],
  ['kubectl', 'kubectl'],
  // Those whose releases follow the releases of Kubernetes.
  ['cloud-controller-manager', 'cloud-controller-manager'],
  ['aws-cloud-controller-manager', 'cloud-controller-manager'],
  ['azure-cloud-controller-manager', 'cloud-controller-manager'],
  ['openstack-cloud-controller-manager', 'cloud-controller-manager'],
  ['etcd', 'etcd'],
  ['hardened-etcd', 'etcd'],
  ['coredns', 'coredns'],
  ['hardened-coredns', 'coredns'],
  ['mirrored-coredns-coredns', 'coredns'],
  ['azurefile-csi', 'azurefile-csi-driver'],
  ['cert-manager-controller', 'cert-manager'],
  ['argocd', 'argo-cd'],
  ['traefik', 'traefik'],
  ['mirrored-library-traefik', 'traefik'],
  ['haproxy-ingress', 'haproxy-ingress'],
  ['metrics-server', 'metrics-server'],
  ['hardened-k8s-metrics-server', 'metrics-server'],
  ['mirrored-metrics-server', 'metrics-server'],
  ['kubernetes-dashboard', 'kubernetes-dashboard'],
  ['tiller', 'tiller'],
  ['k8s-dns-kube-dns', 'kube-dns'],
  ['k8s-dns-node-cache', 'node-local-dns'],
]);
/** By its last two parts, where the last one alone may be anything. */
const BY_TWO: ReadonlyMap<string, string> = new Map([
  ['cilium/cilium', 'cilium'],
  ['calico/node', 'calico'],
  ['rancher/mirrored-calico-node', 'calico'],
  ['istio/pilot', 'istio'],
  ['istio/proxyv2', 'istio'],
  ['envoyproxy/envoy', 'envoy'],
  ['grafana/grafana', 'grafana'],
  ['kyverno/kyverno', 'kyverno'],
  ['csi-secrets-store/driver', 'secrets-store-csi-driver'],
  ['kubernetesui/dashboard', 'kubernetes-dashboard'],
  ['haproxytech/kubernetes-ingress', 'haproxy-kubernetes-ingress'],
  ['kong/kubernetes-ingress-controller', 'kong-ingress-controller'],
  ['projectcontour/contour', 'contour'],
  ['nginx/nginx-ingress', 'nginx-ingress'],
]);

export interface ImageVersion {
  readonly component: string;
  /** Undefined where the tag is none, or none that says: `latest`, a digest alone. */
  readonly version: Version | undefined;
}

/** Undefined for nearly every image there is. Asked of every container, so it splits and looks up. */
export function componentOfImage(image: string): ImageVersion | undefined {
  const { path, name, tag } = partsOf(image);
  const component =
    BY_NAME.get(name) ?? BY_TWO.get(path.split('/').slice(-2).join('/')) ?? (isIngressNginx(image) ? 'ingress-nginx' : undefined);
  return component === undefined ? undefined : { component, version: parseVersion(tag) };
}

export function versionOfImage(image: string): Version | undefined {
  return parseVersion(partsOf(image).tag);
}

function partsOf(image: string): { path: string; name: string; tag: string | undefined } {
  const at = image.indexOf('@');
  const reference = at < 0 ? image : image.slice(0, at);
  const colon = reference.lastIndexOf(':');
  const tagged = colon > reference.lastIndexOf('/');
  const path = tagged ? reference.slice(0, colon) : reference;
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/-(?:amd64|arm64|arm|ppc64le|s390x)$/, '');
  return { path, name, tag: tagged ? reference.slice(colon + 1) : undefined };
}

interface System {
  product: string;
  pattern: RegExp;
}

/** By `osImage` of a Node, which is PRETTY_NAME of its os-release. */
const SYSTEMS: readonly System[] = [
  { product: 'ubuntu', pattern: /^Ubuntu (\d+\.\d+)/ },
  { product: 'debian', pattern: /^Debian GNU\/Linux (\d+)/ },
  { product: 'amazon-linux', pattern: /^Amazon Linux (\d+)/ },
  { product: 'rocky-linux', pattern: /^Rocky Linux (\d+(?:\.\d+)?)/ },
  { product: 'almalinux', pattern: /^AlmaLinux (\d+(?:\.\d+)?)/ },
  { product: 'rhel', pattern: /^Red Hat Enterprise Linux(?: Server)? (\d+(?:\.\d+)?)/ },
  { product: 'fedora', pattern: /^Fedora (?:Linux|CoreOS) (\d+)/ },
  { product: 'alpine-linux', pattern: /^Alpine Linux v?(\d+\.\d+)/ },
  { product: 'opensuse', pattern: /^openSUSE Leap (\d+\.\d+)/ },
  { product: 'sles', pattern: /^SUSE Linux Enterprise Server (\d+(?: SP\d+)?)/ },
  { product: 'vmware-photon', pattern: /^VMware Photon(?: OS(?:\/Linux)?)? v?(\d+\.\d+)/ },
];

/** The product and its release; the product alone is never guessed from less. */
export function systemOf(osImage: string): { product: string; version: Version } | undefined {
  for (const { product, pattern } of SYSTEMS) {
    const [, release] = pattern.exec(osImage) ?? [];
    if (release === undefined) continue;
    const text = release.replace(' SP', '.');
    const version = parseVersion(text.includes('.') ? text : `${text}.0`);
    return version === undefined ? undefined : { product, version };
  }
  return undefined;
}

const RUNTIME = /^(containerd|cri-o|docker):\/\/(.*)$/;

/** `containerd://1.7.13-k3s1`, as a kubelet tells it. */
export function runtimeOf(text: string): ImageVersion | undefined {
  const [, component, version] = RUNTIME.exec(text) ?? [];
  return component === undefined ? undefined : { component, version: parseVersion(version) };
}
