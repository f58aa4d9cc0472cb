/** Plug-ins recognised in the objects of a cluster: their DaemonSets, what nodes say of them, and their settings. */
import { isValid, nameOf, parseImage } from '../image-ref/index.ts';
import { type Raw, labelsAt, recordAt, recordsAt, textAt } from '../network/read.ts';
import { joinPath } from '../../lib/field-path.ts';
import { type Cni, type Enforcement, type Setting, enforcementBy } from './cni.ts';
import { type Installed, PLUGINS, type Verdict } from './plugins.ts';

interface Found {
  readonly object: number;
  readonly raw: Raw;
}

/** Objects are handed in one by one, those that tell nothing too. */
export class CniReader {
  readonly #daemons: Found[] = [];
  readonly #nodes: Found[] = [];
  readonly #settings = new Map<string, { data: Readonly<Record<string, string>>; object: number }>();

  add(raw: Raw, object: number): void {
    if (raw.kind === 'DaemonSet') this.#daemons.push({ object, raw });
    else if (raw.kind === 'Node') this.#nodes.push({ object, raw });
    else if (raw.kind === 'ConfigMap') this.#addSettings(raw, object);
  }

  #addSettings(raw: Raw, object: number): void {
    const name = textAt(recordAt(raw, 'metadata'), 'name');
    if (SETTINGS.has(name)) this.#settings.set(name, { data: labelsAt(raw, 'data'), object });
  }

  enforcement(): Enforcement {
    const settings = (name: string): Readonly<Record<string, string>> | undefined => this.#settings.get(name)?.data;
    const settingOf = ([name, key]: readonly [string, string]): Setting | undefined => {
      const found = this.#settings.get(name);
      return found === undefined ? undefined : { object: found.object, path: joinPath('data', key) };
    };
    const found = this.#daemons.flatMap((daemon) => cnisOf(daemon, { settings, settingOf }));
    const once = [...new Map(found.map((cni) => [cni.id, cni])).values()];
    const ofNodes = nodeCni(this.#nodes, { settings, settingOf });
    return enforcementBy(ofNodes === undefined || once.some(({ id }) => id === ofNodes.id) ? once : [...once, ofNodes]);
  }
}

const SETTINGS = new Set(['cilium-config', 'antrea-config', 'amazon-vpc-cni']);

interface Settings {
  readonly settings: Installed['settings'];
  readonly settingOf: (place: readonly [configMap: string, key: string]) => Setting | undefined;
}

function cnisOf({ object, raw }: Found, { settings, settingOf }: Settings): Cni[] {
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
    const path = index < 0 ? 'metadata.name' : `spec.template.spec.containers[${index}].image`;
    return [made(plugin, { object, path, version: versionText(own?.tag), verdict: plugin.judge(installed), settingOf })];
  });
  // Flannel connects the pods and Calico keeps them apart: that is Canal.
  const both = found.some(({ id }) => id === 'calico') && found.some(({ id }) => id === 'flannel');
  return both ? found.flatMap((cni) => (cni.id === 'flannel' ? [] : [{ ...cni, name: 'Canal' }])) : found;
}

function made(
  { id, name }: { id: string; name: string },
  {
    object,
    path,
    version,
    verdict,
    settingOf,
  }: Setting & { version?: string | undefined; verdict: Verdict; settingOf?: Settings['settingOf'] },
): Cni {
  const setting = verdict.setting === undefined ? undefined : settingOf?.(verdict.setting);
  const { enforces, because, deviations = [] } = verdict;
  return { id, name, version, enforces, because, deviations, object, path, ...(setting !== undefined && { setting }) };
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
function nodeCni(nodes: readonly Found[], { settings, settingOf }: Settings): Cni | undefined {
  const [first] = nodes;
  if (first === undefined) return undefined;
  const k3s = nodes.find(({ raw }) => textAt(recordAt(raw, 'status', 'nodeInfo'), 'kubeletVersion').includes('+k3s'));
  if (k3s !== undefined) {
    const off = nodes.find(({ raw }) => isSwitchedOff(annotationOf(raw, 'k3s.io/node-args')));
    const verdict: Verdict =
      off !== undefined
        ? { enforces: { NetworkPolicy: false, ...BUILT_IN }, because: 'disable-network-policy is set' }
        : { enforces: { NetworkPolicy: true, ...BUILT_IN } };
    return made(
      { id: 'k3s', name: 'the network of K3s' },
      off === undefined
        ? { object: k3s.object, path: 'status.nodeInfo.kubeletVersion', verdict }
        : { object: off.object, path: joinPath('metadata.annotations', 'k3s.io/node-args'), verdict },
    );
  }
  const auto = nodes.find(({ raw }) => textAt(recordAt(raw, 'metadata', 'labels'), 'eks.amazonaws.com/compute-type') === 'auto');
  if (auto !== undefined) {
    const on = settings('amazon-vpc-cni')?.['enable-network-policy-controller'] === 'true';
    const verdict: Verdict = {
      enforces: { NetworkPolicy: on },
      ...(!on && {
        because: 'enable-network-policy-controller is not true in the ConfigMap amazon-vpc-cni',
        setting: ['amazon-vpc-cni', 'enable-network-policy-controller'] as const,
      }),
    };
    return made(
      { id: 'eks-auto', name: 'EKS Auto Mode' },
      { object: auto.object, path: joinPath('metadata.labels', 'eks.amazonaws.com/compute-type'), verdict, settingOf },
    );
  }
  for (const [key, id, name] of ANNOTATIONS) {
    const noted = nodes.find(({ raw }) => annotationOf(raw, key) !== '');
    if (noted !== undefined)
      return made(
        { id, name },
        { object: noted.object, path: joinPath('metadata.annotations', key), verdict: { enforces: { NetworkPolicy: true } } },
      );
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
