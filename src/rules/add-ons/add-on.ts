/** What an add-on of a cluster is recognised by, and what it needs that others should not have. */

export type AddOnKind = 'DaemonSet' | 'Deployment' | 'Pod';

/** Findings that are the price of the add-on, and why. All conditions that are given must hold. */
export interface Need {
  readonly rules: readonly string[];
  /** The end of a sentence that begins with the add-on: what it does with it. */
  readonly reason: string;
  /** Only these parts, where a finding names one: capabilities. */
  readonly keys?: readonly string[];
  /** Only host paths at or below these, in the spelling of `normalizeHostPath`. */
  readonly paths?: readonly string[];
  /** Only mounts that cannot be written through. */
  readonly readOnly?: true;
}

export interface AddOn {
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  /** What it is for, in a few words. */
  readonly purpose: string;
  /** Repositories of its own containers, in full: host and path. */
  readonly images: readonly string[];
  /** Usual names of the workload: the name, or a part of it between hyphens. */
  readonly names: readonly string[];
  /** What it is installed as. */
  readonly kinds: readonly AddOnKind[];
  /** The only namespaces that it is installed in, where there are such. */
  readonly namespaces?: readonly string[];
  readonly needs: readonly Need[];
}

const ROOT = ['run-as-non-root', 'run-as-user-zero', 'low-uid', 'low-gid', 'root-group', 'no-security-context'];
/** Who may be privileged may do all that these speak of. */
const PRIVILEGED = [
  'privileged',
  'allow-privilege-escalation',
  'drop-all-capabilities',
  'drop-some-capability',
  'net-raw',
  'added-capabilities',
  'sys-admin',
  'sys-module',
  'seccomp-missing',
  'seccomp-unconfined',
  'apparmor',
  'selinux',
  'no-linux-hardening',
  'proc-mount',
  ...ROOT,
];
const HOST_PATH = ['host-path', 'host-path-sensitive', 'host-path-writable', 'volume-types'];

export function root(reason: string): Need {
  return { rules: ROOT, reason };
}

export function privileged(reason: string): Need {
  return { rules: PRIVILEGED, reason };
}

/** Single capabilities; the rest can be dropped. */
export function capabilities(keys: readonly string[], reason: string): Need {
  const rules = ['added-capabilities', 'net-raw', 'sys-admin', 'sys-module'];
  return {
    rules: rules.filter((rule) => rule === 'added-capabilities' || keys.includes(rule.replace('-', '_').toUpperCase())),
    keys,
    reason,
  };
}

export function hostNetwork(reason: string): Need {
  return { rules: ['host-network', 'host-port', 'probe-host'], reason };
}

export function hostPort(reason: string): Need {
  return { rules: ['host-port'], reason };
}

export function hostPid(reason: string): Need {
  return { rules: ['host-pid'], reason };
}

export function writes(paths: readonly string[], reason: string): Need {
  return { rules: HOST_PATH, paths, reason };
}

export function reads(paths: readonly string[], reason: string): Need {
  return { rules: HOST_PATH, paths, readOnly: true, reason };
}

/** The socket of the container runtime, alone or with the folder that it lies in. */
export function runtimeSocket(reason: string): Need {
  return { rules: ['runtime-socket'], reason };
}

export function token(reason: string): Need {
  return { rules: ['automount-token'], reason: `${reason}; what else its account may do is told of its roles` };
}

const DAEMON_SET: readonly AddOnKind[] = ['DaemonSet'];

/** An agent with one pod on each node. Images and names are separated by spaces. */
export function agent(id: string, texts: { name: string; purpose: string; images: string; names: string }, needs: readonly Need[]): AddOn {
  const { name, purpose, images, names } = texts;
  return { id, name, purpose, images: images.split(' '), names: names.split(' '), kinds: DAEMON_SET, needs };
}
