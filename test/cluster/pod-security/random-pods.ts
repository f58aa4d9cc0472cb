/**
 * Pods made by chance: a plain or hardened one, with some twists, each at the border of what a control allows. The
 * same seed makes the same pods. What a server would refuse anyhow is avoided where that is easy.
 */
import fc from 'fast-check';
import type { Fields } from '../filled-in/served.ts';
import { type Container, type Pod, type Twist, CONTAINER_TWISTS, POD_TWISTS, WINDOWS_TWISTS, hardened } from './twists.ts';

const LISTS = ['containers', 'containers', 'initContainers'] as const;

const recipe = fc.record({
  hardened: fc.boolean(),
  os: fc.constantFrom(undefined, undefined, 'linux', 'windows'),
  more: fc.array(fc.constantFrom(...LISTS), { maxLength: 2 }),
  twists: fc.array(fc.record({ which: fc.nat(), value: fc.nat(), where: fc.nat() }), { minLength: 1, maxLength: 5 }),
});
type Recipe = typeof recipe extends fc.Arbitrary<infer R> ? R : never;

export function randomPods(count: number, seed: number): Pod[] {
  return fc.sample(recipe, { numRuns: count, seed }).map(podOf);
}

/** Containers that are put into a running pod: they have no ports, probes or hooks. */
export function randomContainers(count: number, seed: number): Container[] {
  const twists = CONTAINER_TWISTS.filter(({ field }) => field.startsWith('securityContext '));
  return fc.sample(recipe, { numRuns: count, seed }).map((made, index) => {
    const container: Container = { name: `debug-${index}`, image: 'example.test/debug:1' };
    if (made.hardened) container.securityContext = hardened();
    for (const { which, value } of made.twists) turn(container, twists[which % twists.length], value);
    mend({ metadata: { name: 'x' }, spec: { containers: [container] } });
    return container;
  });
}

function podOf({ hardened: isHardened, os, more, twists }: Recipe): Pod {
  const windows = os === 'windows';
  const spec: Pod['spec'] = { containers: [], ...(os !== undefined && { os: { name: os } }) };
  const all: Container[] = [];
  for (const list of ['containers', ...more] as const) {
    const container: Container = { name: `c${all.length}`, image: 'example.test/app:1' };
    if (isHardened && !windows) container.securityContext = hardened();
    all.push(container);
    (spec[list] ??= []).push(container);
  }
  if (isHardened) spec.securityContext = { runAsNonRoot: true, ...(!windows && { seccompProfile: { type: 'RuntimeDefault' } }) };
  const pod: Pod = { metadata: { name: 'random', annotations: {} }, spec };
  for (const { which, value, where } of twists) {
    const [ofPod, ofContainer] = windows ? WINDOWS_TWISTS : [POD_TWISTS, CONTAINER_TWISTS];
    const twist = [...ofPod, ...ofContainer][which % (ofPod.length + ofContainer.length)];
    turn(which % (ofPod.length + ofContainer.length) < ofPod.length ? pod : all[where % all.length], twist, value);
  }
  mend(pod);
  return pod;
}

/** Sets a field to one of the values of its twist. */
function turn(target: object | undefined, twist: Twist | undefined, value: number): void {
  if (target === undefined || twist === undefined) return;
  const names = twist.field.split(' ');
  const adds = names.at(-1) === '+';
  const last = (adds ? names.at(-2) : names.at(-1)) ?? '';
  let at = target as Fields;
  for (const name of names.slice(0, adds ? -2 : -1)) at = (at[name] ??= {}) as Fields;
  const set: unknown = structuredClone(twist.values[value % twist.values.length]);
  at[last] = adds ? [...((at[last] ?? []) as unknown[]), set] : set;
}

/** Takes out what contradicts itself, so that the server gets to the question. */
function mend(pod: Pod): void {
  const { spec } = pod;
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  mendWindows(pod, containers);
  for (const [index, container] of containers.entries()) {
    const { securityContext, ports = [] } = container as Container & { ports?: { containerPort: number; hostPort?: number }[] };
    if (securityContext?.procMount === 'Unmasked') spec.hostUsers = false;
    const { add = [] } = (securityContext?.capabilities ?? {}) as { add?: string[] };
    const gains = securityContext?.privileged === true || add.includes('SYS_ADMIN') || add.includes('CAP_SYS_ADMIN');
    if (gains && securityContext?.allowPrivilegeEscalation === false) delete securityContext.allowPrivilegeEscalation;
    for (const port of ports) port.containerPort += index;
  }
  if (spec.hostUsers === false) for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) delete spec[field];
  const sysctls = spec.securityContext?.sysctls as { name: string }[] | undefined;
  if (sysctls !== undefined && spec.securityContext !== undefined)
    spec.securityContext.sysctls = sysctls.filter(({ name }) => !(name.startsWith('net') ? spec.hostNetwork : spec.hostIPC));
  for (const [index, volume] of (spec.volumes ?? []).entries()) volume.name = `v${index}`;
  for (const container of spec.initContainers ?? []) {
    // Probes and hooks are for those that stay.
    if (['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'].some((field) => field in container))
      container.restartPolicy = 'Always';
  }
}

/** Processes of the node are all or none of the pod's, and in the node's network; on Linux there is nothing of Windows. */
function mendWindows({ spec }: Pod, containers: readonly Container[]): void {
  const places = [spec, ...containers].map(({ securityContext }) => securityContext).filter((place) => place !== undefined);
  const isHostProcess = places.some(({ windowsOptions }) => (windowsOptions as Fields | undefined)?.hostProcess === true);
  if ((spec.os as Fields | undefined)?.name === 'linux') for (const place of places) delete place.windowsOptions;
  else if (isHostProcess) {
    for (const { securityContext } of containers) delete securityContext?.windowsOptions;
    const { runAsUserName } = (spec.securityContext?.windowsOptions ?? {}) as Fields;
    spec.securityContext = { ...spec.securityContext, windowsOptions: { runAsUserName, hostProcess: true } };
    spec.hostNetwork = true;
    delete spec.hostUsers;
  }
}
