/** Ways out of a container onto its node, by what its pod is allowed. */
import { runtimeSocketAt } from '../../engines/host-paths/index.ts';
import { allowTo, account, controlPlane, node, pod, withHostPath } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { addsCapability, hostMounts, isConfined, mayBeOfGroup, mayBeRoot, sharesKernel } from '../host-access.ts';
import type { OnNode, Scene, Unit } from '../scene.ts';

const N = node('n');
const CAPS = (...add: string[]): Record<string, unknown> => ({ securityContext: { capabilities: { add } } });
const NODE = { from: 'Container/a/p/c', to: 'Node/n' } as const;

export const family = defineFamily({
  edges: {
    ESC_PRIVILEGED: {
      says: "mount the node's disks, as it is privileged",
      mitigation: 'Drop privileged: true; add the one capability or device that is needed.',
    },
    ESC_NSENTER: { says: "enter the node's first process", mitigation: 'Drop privileged: true and hostPID: true.' },
    ESC_SYS_MODULE: { says: 'load a kernel module', mitigation: 'Drop the capability SYS_MODULE.' },
    ESC_SYS_ADMIN: { says: "mount the node's file systems", mitigation: 'Drop the capability SYS_ADMIN.' },
    ESC_SYS_PTRACE: { says: 'take over a process of the node', mitigation: 'Drop hostPID: true or the capability SYS_PTRACE.' },
    ESC_DAC_READ_SEARCH: { says: 'open any file of the node by its handle', mitigation: 'Drop the capability DAC_READ_SEARCH.' },
    ESC_SYS_RAWIO_BPF: { says: "reach the kernel's memory", mitigation: 'Drop the capabilities SYS_RAWIO, SYS_BOOT, BPF and PERFMON.' },
    ESC_RUNTIME_SOCKET: {
      says: 'ask the container runtime for a privileged container',
      mitigation: 'Do not mount the socket, nor a folder that holds it; a read-only mount does not help.',
    },
    ESC_HOSTNETWORK: { says: "use the node's network", mitigation: 'Drop hostNetwork: true.' },
    ESC_HOSTPID: { says: 'see the processes of the node', mitigation: 'Drop hostPID: true.' },
    ESC_HOSTIPC: { says: "read the node's shared memory", mitigation: 'Drop hostIPC: true.' },
    ESC_SHARED_PID: { says: 'enter the other containers of its pod', mitigation: 'Drop shareProcessNamespace: true.' },
    ESC_NET_RAW_MITM: { says: 'answer for others on the network', mitigation: 'Drop the capabilities NET_ADMIN and NET_RAW.' },
    ESC_WINDOWS_HOSTPROCESS: { says: 'act as the system of its Windows node', mitigation: 'Drop hostProcess: true.' },
  },
  draw(scene) {
    for (const unit of scene.units) {
      drawPrivileges(scene, unit);
      drawNamespaces(scene, unit);
      const { container } = unit;
      const isOfGroup = mayBeOfGroup(container);
      if (!sharesKernel(container) || isOfGroup === false) continue;
      const unsure = isOfGroup === 'unknown';
      for (const { path, at } of hostMounts(container, scene.tables)) {
        // The root folder holds every socket.
        if (path === '/' || runtimeSocketAt(path) !== undefined)
          leave(scene, unit, { edge: 'ESC_RUNTIME_SOCKET', what: 'Node', path: at, unsure });
      }
    }
  },
  examples: () => [
    { edge: 'ESC_PRIVILEGED', objects: [N, pod('a/p', {}, { securityContext: { privileged: true } })], ...NODE },
    {
      edge: 'ESC_PRIVILEGED',
      objects: [N, pod('a/p', { hostUsers: false }, { securityContext: { privileged: true } })],
      ...NODE,
      because: 'root of its user namespace is nobody on the node',
    },
    { edge: 'ESC_NSENTER', objects: [N, pod('a/p', { hostPID: true }, { securityContext: { privileged: true } })], ...NODE },
    { edge: 'ESC_NSENTER', objects: [N, pod('a/p', { hostPID: true })], ...NODE, because: 'entering a process takes privileges' },
    { edge: 'ESC_SYS_MODULE', objects: [N, pod('a/p', {}, CAPS('CAP_SYS_MODULE'))], ...NODE },
    { edge: 'ESC_SYS_MODULE', objects: [N, pod('a/p', {}, CAPS('SYS_TIME'))], ...NODE, because: 'the clock loads nothing' },
    { edge: 'ESC_SYS_ADMIN', objects: [N, pod('a/p', {}, CAPS('ALL'))], ...NODE },
    {
      edge: 'ESC_SYS_ADMIN',
      objects: [
        N,
        pod('a/p', {}, { securityContext: { capabilities: { add: ['SYS_ADMIN'] }, appArmorProfile: { type: 'RuntimeDefault' } } }),
      ],
      ...NODE,
      because: 'AppArmor stops its mounts',
    },
    { edge: 'ESC_SYS_PTRACE', objects: [N, pod('a/p', { hostPID: true }, CAPS('SYS_PTRACE'))], ...NODE },
    { edge: 'ESC_SYS_PTRACE', objects: [N, pod('a/p', {}, CAPS('SYS_PTRACE'))], ...NODE, because: 'it sees no process of the node' },
    { edge: 'ESC_DAC_READ_SEARCH', objects: [N, pod('a/p', {}, CAPS('DAC_READ_SEARCH'))], from: 'Container/a/p/c', to: 'NodeFiles/n' },
    {
      edge: 'ESC_DAC_READ_SEARCH',
      objects: [N, pod('a/p', {}, CAPS('DAC_OVERRIDE'))],
      from: 'Container/a/p/c',
      to: 'NodeFiles/n',
      because: 'it overrides permissions inside only',
    },
    { edge: 'ESC_SYS_RAWIO_BPF', objects: [N, pod('a/p', {}, CAPS('SYS_RAWIO'))], ...NODE },
    { edge: 'ESC_SYS_RAWIO_BPF', objects: [N, pod('a/p', {}, CAPS('NET_BIND_SERVICE'))], ...NODE, because: 'low ports are no memory' },
    { edge: 'ESC_RUNTIME_SOCKET', objects: [N, withHostPath('a/p', '/var/run/', { mount: { readOnly: true } })], ...NODE },
    {
      edge: 'ESC_RUNTIME_SOCKET',
      objects: [N, withHostPath('a/p', '/var/run/datadog')],
      ...NODE,
      because: 'the folder holds no socket of a runtime',
    },
    {
      edge: 'ESC_RUNTIME_SOCKET',
      objects: [N, withHostPath('a/p', '/run', { container: { securityContext: { runAsUser: 65534 } } })],
      ...NODE,
    },
    {
      edge: 'ESC_RUNTIME_SOCKET',
      objects: [
        N,
        withHostPath('a/p', '/', { mount: { readOnly: true }, container: { securityContext: { runAsUser: 65534, runAsGroup: 65534 } } }),
      ],
      ...NODE,
      because: 'the socket is closed to users who are neither root nor of its group',
    },
    { edge: 'ESC_HOSTNETWORK', objects: [N, pod('a/p', { hostNetwork: true })], from: 'Container/a/p/c', to: 'Network/n' },
    {
      edge: 'ESC_HOSTNETWORK',
      objects: [N, pod('a/p')],
      from: 'Container/a/p/c',
      to: 'Network/n',
      because: 'the pod has a network of its own',
    },
    { edge: 'ESC_HOSTPID', objects: [N, pod('a/p', { hostPID: true })], from: 'Container/a/p/c', to: 'HostProcess/n' },
    { edge: 'ESC_HOSTPID', objects: [N, pod('a/p', { hostPID: true })], ...NODE, because: 'seeing processes is no way out by itself' },
    { edge: 'ESC_HOSTIPC', objects: [N, pod('a/p', { hostIPC: true })], from: 'Container/a/p/c', to: 'HostProcess/n' },
    {
      edge: 'ESC_HOSTIPC',
      objects: [N, pod('a/p')],
      from: 'Container/a/p/c',
      to: 'HostProcess/n',
      because: 'the pod has shared memory of its own',
    },
    {
      edge: 'ESC_SHARED_PID',
      objects: [
        N,
        pod('a/p', {
          shareProcessNamespace: true,
          containers: [
            { name: 'c', image: 'i' },
            { name: 'd', image: 'i' },
          ],
        }),
      ],
      from: 'Container/a/p/c',
      to: 'Container/a/p/d',
    },
    {
      edge: 'ESC_SHARED_PID',
      objects: [
        N,
        pod('a/p', {
          containers: [
            { name: 'c', image: 'i' },
            { name: 'd', image: 'i' },
          ],
        }),
      ],
      from: 'Container/a/p/c',
      to: 'Container/a/p/d',
      because: 'each container sees its own processes',
    },
    {
      edge: 'ESC_NET_RAW_MITM',
      objects: [N, pod('a/p', { hostNetwork: true }, CAPS('NET_ADMIN'))],
      from: 'Container/a/p/c',
      to: 'TrafficIntercept/n',
    },
    {
      edge: 'ESC_NET_RAW_MITM',
      objects: [N, pod('a/p', { hostNetwork: true })],
      from: 'Container/a/p/c',
      to: 'TrafficIntercept/n',
      because: 'the capability is missing',
    },
    {
      edge: 'ESC_WINDOWS_HOSTPROCESS',
      objects: [N, pod('a/p', { os: { name: 'windows' } }, { securityContext: { windowsOptions: { hostProcess: true } } })],
      ...NODE,
    },
    {
      edge: 'ESC_WINDOWS_HOSTPROCESS',
      objects: [
        N,
        account('a/x'),
        controlPlane('m'),
        ...allowTo('a/x', 'a', 'get pods'),
        pod('a/p', { os: { name: 'windows' } }, { securityContext: { windowsOptions: { hostProcess: false } } }),
      ],
      ...NODE,
      because: 'it is a container like any other',
    },
  ],
});

interface Leaving {
  edge: string;
  what: OnNode;
  /** Field of the workload's object. */
  path: string;
  unsure?: boolean;
}

export function leave(scene: Scene, unit: Unit, { edge, what, path, unsure = false }: Leaving): void {
  const where = { object: unit.container.workload.object, path };
  const gives = scene.where(unit, what);
  if (unsure) scene.maybe(edge, 'unknown', { needs: unit.vertex, gives, where });
  else scene.step({ edge, where }, unit.vertex, gives);
}

function drawPrivileges(scene: Scene, unit: Unit): void {
  const { container } = unit;
  const { pod: spec, podPath } = container.workload;
  const context = `${container.path}.securityContext`;
  const out = (edge: string, path: string, what: OnNode = 'Node'): void => leave(scene, unit, { edge, what, path });
  const windows = container.spec.securityContext?.windowsOptions?.hostProcess ?? spec.securityContext?.windowsOptions?.hostProcess;
  if (windows === true) out('ESC_WINDOWS_HOSTPROCESS', `${context}.windowsOptions.hostProcess`);
  if (!sharesKernel(container)) return;
  const caps = `${context}.capabilities.add`;
  if (container.spec.securityContext?.privileged === true) {
    out('ESC_PRIVILEGED', `${context}.privileged`);
    if (spec.hostPID === true) out('ESC_NSENTER', `${podPath}.hostPID`);
    return;
  }
  if (addsCapability(container, 'SYS_MODULE')) out('ESC_SYS_MODULE', caps);
  if (addsCapability(container, 'SYS_ADMIN') && !isConfined(container)) out('ESC_SYS_ADMIN', caps);
  if (spec.hostPID === true && addsCapability(container, 'SYS_PTRACE') && !isConfined(container)) out('ESC_SYS_PTRACE', caps);
  // What a raw device or a tracing program can reach depends on the node.
  if (addsCapability(container, 'SYS_RAWIO', 'SYS_BOOT', 'BPF', 'PERFMON'))
    leave(scene, unit, { edge: 'ESC_SYS_RAWIO_BPF', what: 'Node', path: caps, unsure: true });
  if (addsCapability(container, 'DAC_READ_SEARCH') && mayBeRoot(container)) {
    for (const what of ['NodeFiles', 'PodTokens', 'NodeIdentity', 'ControlPlaneFiles'] as const) out('ESC_DAC_READ_SEARCH', caps, what);
  }
}

function drawNamespaces(scene: Scene, unit: Unit): void {
  const { container, vertex } = unit;
  const { pod: spec, podPath, containers, object } = container.workload;
  if (spec.hostNetwork === true) {
    leave(scene, unit, { edge: 'ESC_HOSTNETWORK', what: 'Network', path: `${podPath}.hostNetwork` });
    if (container.spec.securityContext?.privileged === true || addsCapability(container, 'NET_ADMIN', 'NET_RAW')) {
      for (const name of scene.placement.nodesOf(unit.root).nodes) {
        const gives = scene.builder.vertex(`TrafficIntercept/${name}`);
        scene.maybe('ESC_NET_RAW_MITM', 'placement-now', {
          needs: vertex,
          gives,
          where: { object, path: `${container.path}.securityContext` },
        });
      }
    }
  }
  if (spec.hostPID === true) leave(scene, unit, { edge: 'ESC_HOSTPID', what: 'HostProcess', path: `${podPath}.hostPID` });
  if (spec.hostIPC === true) leave(scene, unit, { edge: 'ESC_HOSTIPC', what: 'HostProcess', path: `${podPath}.hostIPC` });
  if (spec.shareProcessNamespace !== true) return;
  for (const other of containers) {
    // Init containers are over before the others begin.
    if (other === container || other.type === 'init' || container.type === 'init') continue;
    scene.step(
      { edge: 'ESC_SHARED_PID', where: { object, path: `${podPath}.shareProcessNamespace` } },
      vertex,
      scene.unitVertex(unit.root, other.name),
    );
  }
}
