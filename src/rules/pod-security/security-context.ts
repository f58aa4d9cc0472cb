/** What a container runs with: fields of its own, and those that it inherits from the pod. */
import type { Container, PodSpec } from '../../model/index.ts';
import type { Hit } from '../rule.ts';

type OfContainer = NonNullable<Container['spec']['securityContext']>;
type OfPod = NonNullable<PodSpec['securityContext']>;

/** Fields of both contexts; the container's own value wins. No other field is inherited. */
export type Inherited = keyof OfContainer & keyof OfPod;

/** The value that holds for the container. */
export function effective<F extends Inherited>(container: Container, field: F): OfContainer[F] | OfPod[F] | undefined {
  return container.spec.securityContext?.[field] ?? container.workload.pod.securityContext?.[field];
}

/**
 * The place of the value that holds: in the container, or in the pod where it is inherited. Where neither says
 * anything it is the place in the container.
 */
export function decidedAt(container: Container, field: Inherited, leaf?: string): Pick<Hit, 'path' | 'fromObject'> {
  const path = `securityContext.${field}${leaf === undefined ? '' : `.${leaf}`}`;
  const { podPath, pod } = container.workload;
  const own = container.spec.securityContext?.[field] !== undefined;
  if (own || pod.securityContext?.[field] === undefined) return { path };
  return { path: `${podPath}.${path}`, fromObject: true };
}

/** Whether the pod can only run on Windows, where the fields of Linux security mean nothing. */
export function isWindows(pod: PodSpec): boolean {
  return pod.os?.name === 'windows' || pod.nodeSelector?.['kubernetes.io/os'] === 'windows';
}

export function onLinux(container: Container): boolean {
  return !isWindows(container.workload.pod);
}

/** Whether the pod has a user namespace of its own: ids inside are mapped to unprivileged ones of the node. */
export function hasUserNamespace(pod: PodSpec): boolean {
  return pod.hostUsers === false;
}

/** Whether the first process cannot be root: a user id above 0, or a kubelet that refuses to start it as root. */
export function startsAsNonRoot(container: Container): boolean {
  const user = effective(container, 'runAsUser');
  return user === undefined ? effective(container, 'runAsNonRoot') === true : user > 0;
}

/** Whether no process of the container can ever hold a capability: none is root, and none may gain what it lacks. */
export function cannotHoldCapabilities(container: Container): boolean {
  return container.spec.securityContext?.allowPrivilegeEscalation === false && startsAsNonRoot(container);
}
