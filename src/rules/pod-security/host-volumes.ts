/** The hostPath volumes of a workload with the mounts of each. */
import type { Container, Workload } from '../../model/index.ts';
import type { Severity } from '../finding.ts';
import { normalizeHostPath } from '../../engines/host-paths/index.ts';
import { holdsMounts } from './host-places.ts';
import { startsAsNonRoot } from './security-context.ts';

export interface HostMount {
  container: Container;
  /** Path of the mount inside the object. */
  path: string;
  readOnly: boolean;
  /** Mounts of the node below the path are read-only too. */
  recursive: boolean;
}

export interface HostVolume {
  name: string;
  /** As written. */
  hostPath: string;
  /** In one spelling; see normalizeHostPath. */
  normalized: string;
  /** Path of the hostPath inside the object. */
  path: string;
  mounts: readonly HostMount[];
}

const NONE: readonly HostVolume[] = [];
const KNOWN = new WeakMap<Workload, readonly HostVolume[]>();

export function hostVolumes(workload: Workload): readonly HostVolume[] {
  const volumes = workload.pod.volumes;
  if (volumes === undefined || !volumes.some((volume) => volume.hostPath !== undefined)) return NONE;
  let found = KNOWN.get(workload);
  if (found === undefined) KNOWN.set(workload, (found = collect(workload)));
  return found;
}

/** Whether a container that mounts the volume may run as root: most files of a node are closed to everyone else. */
function mountedByRoot(volume: HostVolume): boolean {
  return volume.mounts.some(({ container }) => !startsAsNonRoot(container));
}

function collect(workload: Workload): HostVolume[] {
  const mounts = mountsByVolume(workload);
  const found: HostVolume[] = [];
  for (const [index, { name = '', hostPath }] of (workload.pod.volumes ?? []).entries()) {
    if (hostPath === undefined) continue;
    const written = hostPath.path ?? '';
    found.push({
      name,
      hostPath: written,
      normalized: normalizeHostPath(written),
      path: `${workload.podPath}.volumes[${index}].hostPath`,
      mounts: mounts.get(name) ?? [],
    });
  }
  return found;
}

function mountsByVolume(workload: Workload): Map<string, HostMount[]> {
  const mounts = new Map<string, HostMount[]>();
  for (const container of workload.containers) {
    for (const [index, { name = '', readOnly, recursiveReadOnly }] of (container.spec.volumeMounts ?? []).entries()) {
      const mount: HostMount = {
        container,
        path: `${container.path}.volumeMounts[${index}]`,
        readOnly: readOnly === true,
        recursive: readOnly === true && (recursiveReadOnly === 'Enabled' || recursiveReadOnly === 'IfPossible'),
      };
      const list = mounts.get(name);
      if (list === undefined) mounts.set(name, [mount]);
      else list.push(mount);
    }
  }
  return mounts;
}

const LESS: Readonly<Record<Severity, Severity>> = { critical: 'high', high: 'medium', medium: 'low', low: 'low', info: 'info' };

/** What the host would let everybody do, as it stands for a container that cannot be root. */
export function weighed(severity: Severity, volume: HostVolume): Severity {
  return mountedByRoot(volume) ? severity : LESS[severity];
}

/** recursiveReadOnly is in every kubelet from this release on. */
const RECURSIVE_SINCE = 31;

/** How much of a volume can be written through its mounts: all, only file systems mounted below it, or nothing. */
export function writableThrough(volume: HostVolume, minor: number): { mount: HostMount; extent: 'all' | 'below' } | undefined {
  let below: HostMount | undefined;
  for (const mount of volume.mounts) {
    if (!mount.readOnly) return { mount, extent: 'all' };
    if (holdsMounts(volume.normalized) && !(mount.recursive && minor >= RECURSIVE_SINCE)) below ??= mount;
  }
  return below === undefined ? undefined : { mount: below, extent: 'below' };
}
