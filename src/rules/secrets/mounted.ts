/** The volumes of a pod that a container really mounts, by name. */
import type { Workload } from '../../model/index.ts';

/** Whether any container mounts the volume, as files or as a device. */
export function isMounted(workload: Workload, volume: string): boolean {
  return workload.containers.some(
    ({ spec }) =>
      spec.volumeMounts?.some((mount) => mount.name === volume) === true ||
      spec.volumeDevices?.some((device) => device.name === volume) === true,
  );
}

/** `"a", "b" and 3 more`, each name once. */
export function quotedNames(names: Iterable<string>): string {
  const all = [...new Set(names)].map((name) => `"${name}"`);
  if (all.length > 3) return `${all.slice(0, 3).join(', ')} and ${all.length - 3} more`;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
