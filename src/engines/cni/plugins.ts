/**
 * Network plug-ins as they are installed on the nodes, and what each enforces, by its version and its settings. Taken
 * from the documentation and the release notes of each; what these do not tell is left open.
 */
import type { Deviation, Enforced } from './cni.ts';

/** A plug-in as it is found: a container of a DaemonSet, and the settings that the cluster has for it. */
export interface Installed {
  /** Of the image, without a leading v; '' where it has none. */
  readonly tag: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Other images of the same pod. */
  readonly beside: readonly string[];
  /** Data of a ConfigMap of kube-system or of the plug-in's own namespace; undefined where it is not in the input. */
  readonly settings: (name: string) => Readonly<Record<string, string>> | undefined;
}

export interface Verdict {
  readonly enforces: Enforced;
  readonly because?: string;
  /** Of the ConfigMap and its key that `because` is about. */
  readonly setting?: readonly [configMap: string, key: string];
  readonly deviations?: readonly Deviation[];
}

export interface Plugin {
  readonly id: string;
  readonly name: string;
  /** Of the repository of its image. */
  readonly image: RegExp;
  /** Of its DaemonSet, where images are known by digest only. */
  readonly daemon?: string;
  readonly judge: (installed: Installed) => Verdict;
}

const NO_ADMIN = { AdminNetworkPolicy: false, BaselineAdminNetworkPolicy: false, ClusterNetworkPolicy: false } as const;
const NOTHING: Enforced = { NetworkPolicy: false, ...NO_ADMIN };
const POLICIES_ONLY: Enforced = { NetworkPolicy: true, ...NO_ADMIN };

export const PLUGINS: readonly Plugin[] = [
  { id: 'calico', name: 'Calico', image: /(?:^|[/-])calico[/-]node$|\/hardened-calico$/, judge: calico },
  { id: 'cilium', name: 'Cilium', image: /(?:^|[/-])cilium[/-]cilium(?:-ci)?$|isovalent\/cilium$/, judge: cilium },
  { id: 'antrea', name: 'Antrea', image: /(?:^|\/)antrea\/antrea(?:-agent)?(?:-ubuntu|-ubi)?$/, judge: antrea },
  { id: 'ovn-kubernetes', name: 'OVN-Kubernetes', image: /(?:^|\/)ovn-kube(?:rnetes)?(?:-[a-z]+)?$/, daemon: 'ovnkube-node', judge: ovn },
  { id: 'kube-router', name: 'kube-router', image: /(?:^|\/)kube-router$/, judge: kubeRouter },
  { id: 'kube-network-policies', name: 'kube-network-policies', image: /(?:^|\/)kube-network-policies$/, judge: kubeNetworkPolicies },
  { id: 'kindnet', name: 'kindnet', image: /(?:^|\/)kindnetd$/, judge: kindnet },
  { id: 'weave', name: 'Weave Net', image: /(?:^|\/)weave-kube$/, judge: weave },
  { id: 'aws-vpc-cni', name: 'Amazon VPC CNI', image: /(?:^|\/)amazon-k8s-cni$/, judge: amazon },
  { id: 'azure-npm', name: 'Azure Network Policy Manager', image: /(?:^|\/)azure-npm$/, judge: () => ({ enforces: POLICIES_ONLY }) },
  {
    id: 'azure-cni',
    name: 'Azure CNI',
    image: /(?:^|\/)azure-cn[is]$/,
    judge: () => ({ enforces: NOTHING, because: 'no policy engine is installed beside it' }),
  },
  { id: 'kube-ovn', name: 'Kube-OVN', image: /(?:^|\/)kube-ovn$/, judge: () => ({ enforces: { NetworkPolicy: true } }) },
  { id: 'openshift-sdn', name: 'OpenShift SDN', image: /(?:^|\/)openshift-sdn$|\/origin-sdn$/, judge: () => ({ enforces: POLICIES_ONLY }) },
  // What it enforces stands in a ConfigMap whose form differs by release.
  { id: 'terway', name: 'Terway', image: /(?:^|\/)terway$/, judge: () => ({ enforces: NO_ADMIN }) },
  { id: 'flannel', name: 'flannel', image: /(?:^|[/-])flannel$/, judge: () => ({ enforces: NOTHING, because: 'it only connects pods' }) },
  {
    id: 'gke-netd',
    name: "GKE's netd",
    image: /(?:^|\/)netd(?:-amd64)?$/,
    judge: () => ({ enforces: NOTHING, because: 'neither Dataplane V2 nor Calico is switched on' }),
  },
];

/** Admin policies came with 3.29, the baseline with 3.30; from 3.32 on there is ClusterNetworkPolicy in their place. */
function calico({ tag }: Installed): Verdict {
  const version = versionOf(tag);
  if (version === undefined) return { enforces: { NetworkPolicy: true } };
  const renamed = isFrom(version, [3, 32]);
  return {
    enforces: {
      NetworkPolicy: true,
      AdminNetworkPolicy: !renamed && isFrom(version, [3, 29]),
      BaselineAdminNetworkPolicy: !renamed && isFrom(version, [3, 30]),
      ClusterNetworkPolicy: renamed,
    },
  };
}

/** ClusterNetworkPolicy from 1.20 on, where it is switched on; the kinds before it never. */
function cilium({ tag, settings }: Installed): Verdict {
  const config = settings('cilium-config');
  const version = versionOf(tag);
  const deviations: Deviation[] = ['ipblock-no-pods'];
  if (config !== undefined && config['enable-sctp'] !== 'true') deviations.push('no-sctp');
  if (config?.['enable-policy'] === 'never')
    return { enforces: NOTHING, because: 'enable-policy is "never"', setting: ['cilium-config', 'enable-policy'], deviations };
  if (config?.['policy-audit-mode'] === 'true')
    return {
      enforces: NOTHING,
      because: 'policy-audit-mode only logs what it would deny',
      setting: ['cilium-config', 'policy-audit-mode'],
      deviations,
    };
  const cluster = config === undefined ? undefined : config['enable-k8s-cluster-network-policy'] === 'true';
  const admin = version !== undefined && !isFrom(version, [1, 20]) ? false : cluster;
  return {
    enforces: {
      NetworkPolicy: config?.['enable-k8s-networkpolicy'] !== 'false',
      AdminNetworkPolicy: false,
      BaselineAdminNetworkPolicy: false,
      ...(admin !== undefined && { ClusterNetworkPolicy: admin }),
    },
    ...(config?.['enable-k8s-networkpolicy'] === 'false' && {
      because: 'enable-k8s-networkpolicy is "false"',
      setting: ['cilium-config', 'enable-k8s-networkpolicy'] as const,
    }),
    deviations,
  };
}

/** Admin policies are behind a feature gate of its controller, which is off where nobody says otherwise. */
function antrea({ tag, settings }: Installed): Verdict {
  const config = settings('antrea-config');
  const version = versionOf(tag);
  const gate = config === undefined ? undefined : /^\s*AdminNetworkPolicy:\s*true\b/m.test(config['antrea-controller.conf'] ?? '');
  const admin = version !== undefined && !isFrom(version, [1, 13]) ? false : gate;
  return {
    enforces: { NetworkPolicy: true, ...(admin !== undefined && { AdminNetworkPolicy: admin, BaselineAdminNetworkPolicy: admin }) },
  };
}

function ovn({ args, env }: Installed): Verdict {
  const text = [...args, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)].join(' ');
  const admin = /enable-admin-network-policy(?:=true)?(?:\s|"|$)|OVN_ADMIN_NETWORK_POLICY_ENABLE=true/.test(text);
  return { enforces: { NetworkPolicy: true, ...(admin && { AdminNetworkPolicy: true, BaselineAdminNetworkPolicy: true }) } };
}

function kubeRouter({ args }: Installed): Verdict {
  const off = args.some((arg) => /^--run-firewall=false$/.test(arg));
  return off ? { enforces: NOTHING, because: '--run-firewall is false' } : { enforces: POLICIES_ONLY };
}

/** Its images are built for one version of the admin API, or for none. */
function kubeNetworkPolicies({ tag, args }: Installed): Verdict {
  const isOn = (flag: string): boolean => args.some((arg) => arg === `--${flag}` || arg === `--${flag}=true`);
  return {
    enforces: {
      NetworkPolicy: true,
      AdminNetworkPolicy: tag.includes('npa-v1alpha1') || isOn('admin-network-policy'),
      BaselineAdminNetworkPolicy: tag.includes('npa-v1alpha1') || isOn('baseline-admin-network-policy'),
      ClusterNetworkPolicy: tag.includes('npa-v1alpha2'),
    },
  };
}

/** That of kind is named by the day of its build, and enforces policies since kind 0.24; the one released by itself since 1.3. */
function kindnet({ tag, args }: Installed): Verdict {
  const day = /^(\d{8})(?:-|$)/.exec(tag)?.[1];
  const version = versionOf(tag);
  const admin = args.some((arg) => /^--admin-network-policy(?:=true)?$/.test(arg));
  const enforced: Enforced = admin ? { NetworkPolicy: true } : POLICIES_ONLY;
  if (day !== undefined) return day >= '20240720' ? { enforces: enforced } : { enforces: NOTHING, because: 'it does so from kind 0.24 on' };
  if (version === undefined) return { enforces: {} };
  return isFrom(version, [1, 3]) ? { enforces: enforced } : { enforces: NOTHING, because: 'it does so from 1.3 on' };
}

function weave({ env, beside }: Installed): Verdict {
  const deviations: Deviation[] = ['no-named-port', 'no-end-port'];
  if (!beside.some((image) => /(?:^|\/)weave-npc$/.test(image))) return { enforces: NOTHING, because: 'weave-npc does not run beside it' };
  if (env.EXPECT_NPC === '0') return { enforces: NOTHING, because: 'EXPECT_NPC is 0' };
  return { enforces: POLICIES_ONLY, deviations };
}

/** The agent beside it enforces policies only where it is told to. */
function amazon({ beside, args }: Installed): Verdict {
  if (!beside.some((image) => /(?:^|\/)aws-network-policy-agent$/.test(image)))
    return { enforces: NOTHING, because: 'its network policy agent does not run' };
  if (args.includes('--enable-network-policy=true')) return { enforces: POLICIES_ONLY };
  return { enforces: NOTHING, because: 'its network policy agent is switched off' };
}

type Version = readonly [major: number, minor: number];

function versionOf(tag: string): Version | undefined {
  const [, major, minor] = /^v?(\d{1,3})\.(\d{1,3})/.exec(tag) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

function isFrom([major, minor]: Version, [least, at]: Version): boolean {
  return major > least || (major === least && minor >= at);
}
