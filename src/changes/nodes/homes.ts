/** Where a node keeps what a component is started with: what is written anywhere else would be undone, or never read. */
import { type NodeView, type StaticPod, staticPodsOf } from '../../engines/component-config/index.ts';
import { type ComponentName, commandLineOf } from '../../engines/command-line/index.ts';
import { type FileFact, type UnitFact, commandOfUnit } from '../../snapshot/index.ts';

export type Home =
  | { readonly kind: 'manifest'; readonly pod: StaticPod }
  /** k3s and RKE2: `kube-apiserver-arg: [profiling=false]`. */
  | { readonly kind: 'rancher'; readonly path: string; readonly key: string; readonly service: string }
  /** k0s: `spec.api.extraArgs: {profiling: "false"}`. */
  | { readonly kind: 'k0s'; readonly path: string; readonly at: readonly string[] }
  /** microk8s: one flag a line. */
  | { readonly kind: 'lines'; readonly path: string }
  | { readonly kind: 'unit'; readonly unit: UnitFact; readonly argv: readonly string[] }
  /** Not on the node, or not seen: in words, as what follows `change it `. */
  | { readonly kind: 'elsewhere'; readonly where: string };

const K0S: Readonly<Partial<Record<ComponentName, readonly string[]>>> = {
  'kube-apiserver': ['spec', 'api', 'extraArgs'],
  'kube-controller-manager': ['spec', 'controllerManager', 'extraArgs'],
  'kube-scheduler': ['spec', 'scheduler', 'extraArgs'],
  etcd: ['spec', 'storage', 'etcd', 'extraArgs'],
};
const TALOS: Readonly<Record<ComponentName, string>> = {
  'kube-apiserver': 'cluster.apiServer.extraArgs',
  'kube-controller-manager': 'cluster.controllerManager.extraArgs',
  'cloud-controller-manager': 'cluster.externalCloudProvider.manifests',
  'kube-scheduler': 'cluster.scheduler.extraArgs',
  etcd: 'cluster.etcd.extraArgs',
  'kube-proxy': 'cluster.proxy.extraArgs',
  kubelet: 'machine.kubelet.extraConfig',
};
const OPENSHIFT: Readonly<Partial<Record<ComponentName, string>>> = {
  kubelet: 'in a KubeletConfig object of its machine config pool',
  'kube-apiserver': 'in the objects APIServer and KubeAPIServer named cluster, from which its operator writes the manifests',
};
/** Nodes of providers are made anew from these. */
const POOLS: Readonly<Record<string, string>> = {
  eks: 'in spec.kubelet of the NodeConfig in the user data of its launch template',
  aks: 'with az aks nodepool add --kubelet-config FILE, for a new node pool',
  gke: 'with gcloud container node-pools update --system-config-from-file=FILE',
};

export function homeOf(view: NodeView, component: ComponentName): Home {
  const { facts } = view;
  const { distribution, node } = facts;
  if (distribution === 'rke2' || distribution === 'k3s') return ofRancher(view, distribution, component);
  if (distribution === 'k0s') {
    const at = K0S[component];
    if (at !== undefined) return { kind: 'k0s', path: '/etc/k0s/k0s.yaml', at };
    return { kind: 'elsewhere', where: 'in spec.workerProfiles of /etc/k0s/k0s.yaml on a controller' };
  }
  if (distribution === 'microk8s') return { kind: 'lines', path: `/var/snap/microk8s/current/args/${component}` };
  if (distribution === 'talos')
    return { kind: 'elsewhere', where: `in ${TALOS[component]} with talosctl patch machineconfig --nodes ${node}` };
  if (distribution === 'openshift')
    return { kind: 'elsewhere', where: OPENSHIFT[component] ?? `in the object of the operator of ${component}, which writes its manifest` };
  const [pod] = staticPodsOf(facts, component, view.kubelet ?? view.flagsOnly);
  if (pod !== undefined) return { kind: 'manifest', pod };
  for (const unit of facts.units) {
    const argv = commandOfUnit(unit, (path) => fileAt(view, path)?.text);
    if (argv !== undefined && commandLineOf({ command: argv })?.component === component) return { kind: 'unit', unit, argv };
  }
  const pool = component === 'kubelet' ? POOLS[distribution] : undefined;
  if (pool !== undefined) return { kind: 'elsewhere', where: pool };
  const started = view.components.find(({ name }) => name === component);
  const process = started?.process === undefined ? component : `process ${started.process.pid} (${component})`;
  return { kind: 'elsewhere', where: `where ${process} is started, which is neither a manifest nor a unit that was seen` };
}

function ofRancher({ components }: NodeView, distribution: string, component: ComponentName): Home {
  const isServer = components.some(({ name }) => name === 'kube-apiserver' || name === 'etcd');
  const role = distribution === 'rke2' ? (isServer ? 'rke2-server' : 'rke2-agent') : isServer ? 'k3s' : 'k3s-agent';
  return { kind: 'rancher', path: `/etc/rancher/${distribution}/config.yaml`, key: `${component}-arg`, service: role };
}

/** What has to be started anew, and what that interrupts. */
export function restartOf(home: Home, component: ComponentName): string {
  const away = AWAY[component];
  if (home.kind === 'manifest') return `the kubelet starts ${component} anew as soon as the file changes: ${away}`;
  if (home.kind === 'rancher') return `systemctl restart ${home.service}: ${away}`;
  if (home.kind === 'k0s') return `systemctl restart k0scontroller: ${away}`;
  if (home.kind === 'lines') return `snap restart microk8s.daemon-kubelite: all of the node's components start anew, pods go on`;
  if (home.kind === 'unit') return `systemctl daemon-reload && systemctl restart ${home.unit.name}: ${away}`;
  return `${component} has to be started anew: ${away}`;
}

const AWAY: Readonly<Record<ComponentName, string>> = {
  'kube-apiserver': 'without a second server the API is away for about half a minute; of several change one at a time',
  'kube-controller-manager': 'another one leads meanwhile; without another nothing is reconciled for some seconds',
  'cloud-controller-manager': 'another one leads meanwhile; without another new nodes and load balancers wait for some seconds',
  'kube-scheduler': 'another one leads meanwhile; without another no pod is placed for some seconds',
  etcd: 'with one member the API is away for about half a minute; of several change one at a time, and wait until it is healthy',
  kubelet: 'pods go on running; the node is not heard of for some seconds',
  'kube-proxy': 'rules of the node stay; changes of Services reach it some seconds later',
};

/** Where it has to be written besides, as the file is made anew from there. */
export function keptBy(home: Home, component: ComponentName, { facts: { distribution } }: NodeView): string[] {
  if (distribution !== 'kubeadm' && distribution !== 'kind') return [];
  if (component === 'kubelet')
    return ['kubeadm writes the file anew from ConfigMap kube-system/kubelet-config when it upgrades: set it there too'];
  if (home.kind !== 'manifest') return [];
  const field = KUBEADM[component];
  if (field === undefined) return [];
  return [
    `kubeadm writes the manifest anew when it upgrades: set it in ${field} of ClusterConfiguration (ConfigMap kube-system/kubeadm-config) too`,
  ];
}

const KUBEADM: Readonly<Partial<Record<ComponentName, string>>> = {
  'kube-apiserver': 'apiServer.extraArgs and apiServer.extraVolumes',
  'kube-controller-manager': 'controllerManager.extraArgs',
  'kube-scheduler': 'scheduler.extraArgs',
  etcd: 'etcd.local.extraArgs',
};

/** As the node sees it, not a pod. */
export function fileAt({ facts }: Pick<NodeView, 'facts'>, path: string): FileFact | undefined {
  return facts.files.find((file) => file.path === path && file.pid === undefined);
}
