/** Plug-ins recognised in the objects of a cluster: their DaemonSets, what nodes say of them, and their settings. */
import { isValid, nameOf, parseImage } from '../image-ref/index.ts';
import { type Raw, labelsAt, recordAt, recordsAt, textAt } from '../network/read.ts';
import { type Cni, type Enforcement, enforcementBy } from './cni.ts';
import { type Installed, PLUGINS, type Verdict } from './plugins.ts';

interface Found {
  readonly object: number;
  readonly raw: Raw;
}

/** Objects are handed in one by one, those that tell nothing too. */
export class CniReader {
  readonly #daemons: Found[] = [];
  readonly #nodes: Found[] = [];
  readonly #settings = new Map<string, Readonly<Record<string, string>>>();

  add(raw: Raw, object: number): void {
    if (raw.kind === 'DaemonSet') this.#daemons.push({ object, raw });
    else if (raw.kind === 'Node') this.#nodes.push({ object, raw });
    else if (raw.kind === 'ConfigMap') this.#addSettings(raw);
  }

  #addSettings(raw: Raw): void {
    const name = textAt(recordAt(raw, 'metadata'), 'name');
    if (SETTINGS.has(name)) this.#settings.set(name, labelsAt(raw, 'data'));
  }

  enforcement(): Enforcement {
    const settings = (name: string): Readonly<Record<string, string>> | undefined => this.#settings.get(name);
    const found = this.#daemons.flatMap((daemon) => cnisOf(daemon, settings));
    const once = [...new Map(found.map((cni) => [cni.id, cni])).values()];
    const ofNodes = nodeCni(this.#nodes, settings);
    return enforcementBy(ofNodes === undefined || once.some(({ id }) => id === ofNodes.id) ? once : [...once, ofNodes]);
  }
}

const SETTINGS = new Set(['cilium-config', 'antrea-config', 'amazon-vpc-cni']);

function cnisOf({ object, raw }: Found, settings: Installed['settings']): Cni[] {
  const pod = recordAt(raw, 'spec', 'template', 'spec');
  const containers = recordsAt(pod, 'containers');
  const images = containers.map((container) => imageOf(textAt(container, 'image')));
  const daemon = textAt(recordAt(raw, 'metadata'), 'name');
  const found = PLUGINS.flatMap((plugin): Cni[] => {
    const index = images.findIndex(({ repository }) => plugin.image.test(repository));
    if (index < 0 && plugin.daemon !== daemon) return [];
    const own = images[index];
    const installed: Installed = {
      tag: own?.tag ?? '',
      args: containers.flatMap((container) => [...strings(container.command), ...strings(container.args)]),
      env: Object.assign({}, ...containers.map((container) => environment(container))) as Record<string, string>,
      beside: images.map(({ repository }) => repository),
      settings,
    };
    return [made(plugin, { object, version: versionText(own?.tag), verdict: plugin.judge(installed) })];
  });
  // Flannel connects the pods and Calico keeps them apart: that is Canal.
  const both = found.some(({ id }) => id === 'calico') && found.some(({ id }) => id === 'flannel');
  return both ? found.flatMap((cni) => (cni.id === 'flannel' ? [] : [{ ...cni, name: 'Canal' }])) : found;
}

function made(
  { id, name }: { id: string; name: string },
  { object, version, verdict }: { object: number; version: string | undefined; verdict: Verdict },
): Cni {
  return { id, name, version, enforces: verdict.enforces, because: verdict.because, deviations: verdict.deviations ?? [], object };
}

const BUILT_IN = { AdminNetworkPolicy: false, BaselineAdminNetworkPolicy: false, ClusterNetworkPolicy: false } as const;
/** What plug-ins write on nodes. The version is not in it, so what came with one is not known. */
const ANNOTATIONS: readonly (readonly [key: string, id: string, name: string])[] = [
  ['projectcalico.org/IPv4Address', 'calico', 'Calico'],
  ['network.cilium.io/ipv4-cilium-host', 'cilium', 'Cilium'],
  ['io.cilium.network.ipv4-cilium-host', 'cilium', 'Cilium'],
  ['node.antrea.io/mac-address', 'antrea', 'Antrea'],
  ['k8s.ovn.org/node-subnets', 'ovn-kubernetes', 'OVN-Kubernetes'],
];

/** K3s and the automatic mode of EKS bring theirs without a DaemonSet; others are known by what they note. */
function nodeCni(nodes: readonly Found[], settings: Installed['settings']): Cni | undefined {
  const [first] = nodes;
  if (first === undefined) return undefined;
  const k3s = nodes.find(({ raw }) => textAt(recordAt(raw, 'status', 'nodeInfo'), 'kubeletVersion').includes('+k3s'));
  if (k3s !== undefined) {
    const off = nodes.some(({ raw }) => isSwitchedOff(annotationOf(raw, 'k3s.io/node-args')));
    const verdict: Verdict = off
      ? { enforces: { NetworkPolicy: false, ...BUILT_IN }, because: 'disable-network-policy is set' }
      : { enforces: { NetworkPolicy: true, ...BUILT_IN } };
    return made({ id: 'k3s', name: 'the network of K3s' }, { object: k3s.object, version: undefined, verdict });
  }
  const auto = nodes.find(({ raw }) => textAt(recordAt(raw, 'metadata', 'labels'), 'eks.amazonaws.com/compute-type') === 'auto');
  if (auto !== undefined) {
    const on = settings('amazon-vpc-cni')?.['enable-network-policy-controller'] === 'true';
    const verdict: Verdict = {
      enforces: { NetworkPolicy: on },
      ...(!on && { because: 'enable-network-policy-controller is not true in the ConfigMap amazon-vpc-cni' }),
    };
    return made({ id: 'eks-auto', name: 'EKS Auto Mode' }, { object: auto.object, version: undefined, verdict });
  }
  for (const [key, id, name] of ANNOTATIONS) {
    const noted = nodes.find(({ raw }) => annotationOf(raw, key) !== '');
    if (noted !== undefined)
      return made({ id, name }, { object: noted.object, version: undefined, verdict: { enforces: { NetworkPolicy: true } } });
  }
  return undefined;
}

/** The arguments of the server as JSON: `["server","--disable-network-policy"]`, sometimes with a value behind. */
function isSwitchedOff(args: string): boolean {
  return /"--disable-network-policy(?:=true)?"(?!,"false")/.test(args);
}

function annotationOf(raw: Raw, key: string): string {
  return textAt(recordAt(raw, 'metadata', 'annotations'), key);
}

function imageOf(image: string): { repository: string; tag: string } {
  const parsed = parseImage(image);
  return isValid(parsed) ? { repository: nameOf(parsed), tag: (parsed.tag ?? '').replace(/^v(?=\d)/, '') } : { repository: '', tag: '' };
}

function versionText(tag = ''): string | undefined {
  return /^\d+(?:\.\d+)*/.exec(tag)?.[0];
}

function environment(container: Raw): Record<string, string> {
  return Object.fromEntries(recordsAt(container, 'env').map((entry) => [textAt(entry, 'name'), textAt(entry, 'value')]));
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
