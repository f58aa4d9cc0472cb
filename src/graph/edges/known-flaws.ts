/** Faults of nodes and controllers that their versions tell. All of it needs somebody who exploits one: class exploit. */
import { account, allow, node, pod } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { addsCapability, mayBeRoot, sharesKernel } from '../host-access.ts';
import { right } from '../right.ts';
import type { Scene, Unit } from '../scene.ts';

/** From the first version that has it, up to the one that has not. */
type Range = readonly [since: string, fixed: string];

/** CVE-2021-25741: a volume's sub-path is exchanged for a link while the kubelet mounts it. */
const SUBPATH: readonly Range[] = [
  ['0', '1.19.15'],
  ['1.20', '1.20.11'],
  ['1.21', '1.21.5'],
  ['1.22', '1.22.2'],
];
/** CVE-2020-15257: the shim's socket is open to root on the network of the host. */
const CONTAINERD_SHIM: readonly Range[] = [
  ['0', '1.3.9'],
  ['1.4', '1.4.3'],
];
/** CVE-2019-5736: root in a container overwrites runc, which Docker brings with it. */
const DOCKER_RUNC: readonly Range[] = [['0', '18.9.2']];
/** CVE-2022-0847: any file that can be read is written to, the runtime's program among them. */
const PIPE: readonly Range[] = [
  ['5.8', '5.10.102'],
  ['5.11', '5.15.25'],
  ['5.16', '5.16.11'],
];
/** CVE-2022-0185: mounting with the capability overruns a buffer of the kernel. */
const MOUNT: readonly Range[] = [
  ['5.1', '5.4.173'],
  ['5.5', '5.10.93'],
  ['5.11', '5.15.16'],
  ['5.16', '5.16.2'],
];
/** CVE-2025-1974 and those found with it: what an Ingress says becomes configuration that is run. */
const INGRESS_NGINX: readonly Range[] = [
  ['0', '1.11.5'],
  ['1.12', '1.12.1'],
];
const CONTROLLER = /(?:^|\/)ingress-nginx\/controller(?:-chroot)?:v?(\d[\w.]*)/;
const ADMISSION_PORT = 8443;

const INGRESSES = right('create,update,patch ingresses');

export const family = defineFamily({
  edges: {
    ESC_RUNTIME_CVE: { says: 'exploit a fault of the container runtime', mitigation: 'Update the container runtime of the node.' },
    ESC_KERNEL_CVE: {
      says: "exploit a fault of the node's kernel",
      mitigation: 'Update the kernel of the node.',
      versions: 'unknown: distributions mend kernels without a new number',
    },
    ESC_SUBPATH_CVE: {
      says: 'exchange a sub-path for a link to a folder of the node',
      mitigation: 'Update the kubelet.',
      versions: 'kubelets before 1.22.2, 1.21.5, 1.20.11, 1.19.15',
    },
    INGRESS_INJECTION: {
      says: 'have the ingress controller run what an Ingress says',
      mitigation: 'Update ingress-nginx to 1.11.5 or 1.12.1, or close its admission port.',
    },
  },
  rights: [INGRESSES],
  draw(scene) {
    for (const unit of scene.units) {
      if (sharesKernel(unit.container)) drawNodes(scene, unit);
      drawController(scene, unit);
    }
  },
  examples: () => [
    {
      edge: 'ESC_RUNTIME_CVE',
      objects: [versions({ containerRuntimeVersion: 'containerd://1.4.1' }), pod('a/p', { hostNetwork: true })],
      from: 'Container/a/p/c',
      to: 'Node/n',
    },
    {
      edge: 'ESC_RUNTIME_CVE',
      objects: [versions({ containerRuntimeVersion: 'containerd://1.4.3' }), pod('a/p', { hostNetwork: true })],
      from: 'Container/a/p/c',
      to: 'Node/n',
      because: 'the runtime is mended',
    },
    {
      edge: 'ESC_RUNTIME_CVE',
      objects: [versions({ containerRuntimeVersion: 'containerd://1.4.1' }), pod('a/p')],
      from: 'Container/a/p/c',
      to: 'Node/n',
      because: 'the socket is not on the network of the pod',
    },
    {
      edge: 'ESC_KERNEL_CVE',
      objects: [versions({ kernelVersion: '5.10.60-flatcar' }), pod('a/p')],
      from: 'Container/a/p/c',
      to: 'Node/n',
    },
    {
      edge: 'ESC_KERNEL_CVE',
      objects: [versions({ kernelVersion: '6.1.0-13-amd64' }), pod('a/p')],
      from: 'Container/a/p/c',
      to: 'Node/n',
      because: 'the kernel is newer than the faults',
    },
    { edge: 'ESC_SUBPATH_CVE', objects: [versions({ kubeletVersion: 'v1.21.4' }), subPath()], from: 'Container/a/p/c', to: 'NodeFiles/n' },
    {
      edge: 'ESC_SUBPATH_CVE',
      objects: [versions({ kubeletVersion: 'v1.22.2' }), subPath()],
      from: 'Container/a/p/c',
      to: 'NodeFiles/n',
      because: 'the kubelet is mended',
    },
    {
      edge: 'INGRESS_INJECTION',
      objects: [account('a/x'), controller('v1.11.4'), ...allow('a', 'create ingresses')],
      from: 'ServiceAccount/a/x',
      to: 'Container/i/nginx/c',
    },
    {
      edge: 'INGRESS_INJECTION',
      objects: [account('a/x'), controller('v1.12.1'), ...allow('a', 'create ingresses')],
      from: 'ServiceAccount/a/x',
      to: 'Container/i/nginx/c',
      because: 'the controller is mended',
    },
  ],
});

function drawNodes(scene: Scene, unit: Unit): void {
  const { container, vertex } = unit;
  const { workload } = container;
  const root = mayBeRoot(container);
  const where = { object: workload.object, path: workload.podPath };
  for (const name of scene.placement.nodesOf(unit.root).nodes) {
    const info = scene.tables.Node.get('', name)?.body.status?.nodeInfo;
    const out = (edge: string, what: 'Node' | 'NodeFiles', klass: 'exploit' | 'unknown'): void =>
      scene.maybe(edge, klass, { needs: vertex, gives: scene.onNode(name, what), where });
    const [runtime = '', version = ''] = (info?.containerRuntimeVersion ?? '').split('://');
    if (runtime === 'containerd' && root && workload.pod.hostNetwork === true && isIn(version, CONTAINERD_SHIM))
      out('ESC_RUNTIME_CVE', 'Node', 'exploit');
    if (runtime === 'docker' && root && isIn(version, DOCKER_RUNC)) out('ESC_RUNTIME_CVE', 'Node', 'exploit');
    const kernel = info?.kernelVersion ?? '';
    if (isIn(kernel, PIPE) || (addsCapability(container, 'SYS_ADMIN') && isIn(kernel, MOUNT))) out('ESC_KERNEL_CVE', 'Node', 'unknown');
    const hasSubPath = (container.spec.volumeMounts ?? []).some(({ subPath: part = '' }) => part !== '');
    if (hasSubPath && isIn(info?.kubeletVersion ?? '', SUBPATH)) out('ESC_SUBPATH_CVE', 'NodeFiles', 'exploit');
  }
}

/** Its rights are often those to all Secrets. Whoever reaches the admission port needs no right at all. */
function drawController(scene: Scene, { container, vertex }: Unit): void {
  const [, version = ''] = CONTROLLER.exec(container.spec.image ?? '') ?? [];
  if (!isIn(version, INGRESS_NGINX)) return;
  const where = { object: container.workload.object, path: `${container.path}.image` };
  for (const held of scene.held(INGRESSES)) scene.maybe('INGRESS_INJECTION', 'exploit', { needs: held.vertex, gives: vertex, where });
  for (const other of scene.units) {
    if (other.vertex === vertex) continue;
    const { egress, ingress } = scene.network.between(other.container.workload, container.workload, ADMISSION_PORT);
    if (egress && ingress) scene.maybe('INGRESS_INJECTION', 'exploit', { needs: other.vertex, gives: vertex, where });
  }
}

function isIn(version: string, ranges: readonly Range[]): boolean {
  if (!/^v?\d/.test(version)) return false;
  return ranges.some(([since, fixed]) => compare(version, since) >= 0 && compare(version, fixed) < 0);
}

/** By the first three numbers; what follows them is the distribution's. */
function compare(a: string, b: string): number {
  const [left, right_] = [numbersOf(a), numbersOf(b)];
  for (let at = 0; at < 3; at += 1) {
    const difference = (left[at] ?? 0) - (right_[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  const [text = ''] = /\d+(?:\.\d+){0,2}/.exec(version) ?? [];
  return text.split('.').map(Number);
}

function versions(nodeInfo: Record<string, string>): Readonly<Record<string, unknown>> {
  return node('n', {}, { status: { nodeInfo } });
}

function subPath(): Readonly<Record<string, unknown>> {
  return pod('a/p', { volumes: [{ name: 'v', emptyDir: {} }] }, { volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 'data' }] });
}

function controller(version: string): Readonly<Record<string, unknown>> {
  return pod('i/nginx', {}, { image: `registry.k8s.io/ingress-nginx/controller:${version}` });
}
