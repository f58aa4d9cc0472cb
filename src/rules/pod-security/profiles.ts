/** The seccomp and AppArmor profile of a container, by its fields and by the annotations that came before them. */
import { joinPath } from '../../lib/field-path.ts';
import type { Container } from '../../model/index.ts';
import type { Hit } from '../rule.ts';

/** From this minor on the API server no longer copies the seccomp annotations into the fields. */
const SECCOMP_ANNOTATIONS_END = 27;
const SECCOMP_OF_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_OF_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';
const APPARMOR_OF_CONTAINER = 'container.apparmor.security.beta.kubernetes.io/';

type Field = 'seccompProfile' | 'appArmorProfile';
/** Where the profile is written: a field of the container or of the pod, or the key of an annotation. */
type Source = 'container' | 'pod' | `${string}/${string}`;
type Place = Pick<Hit, 'path' | 'fromObject'>;

/** Type of the seccomp profile that holds, as the field would name it; undefined where nobody names one. */
export function seccompType(container: Container, minor: number): string | undefined {
  return typeFrom(container, 'seccompProfile', seccompSource(container, minor));
}
export function seccompPlace(container: Container, minor: number): Place {
  return placeOf(container, 'seccompProfile', seccompSource(container, minor));
}

/** As `seccompType`, for AppArmor. */
export function appArmorType(container: Container): string | undefined {
  return typeFrom(container, 'appArmorProfile', appArmorSource(container));
}
export function appArmorPlace(container: Container): Place {
  return placeOf(container, 'appArmorProfile', appArmorSource(container));
}

/** Whether a profile of this type restricts: the runtime's own, or one from a file of the node. */
export function restricts(type: string | undefined): boolean {
  return type === 'RuntimeDefault' || type === 'Localhost';
}

/** Path of a seccomp annotation that was written for this container, whether or not anything reads it. */
export function seccompAnnotationAt(container: Container): string | undefined {
  const { annotations, podMetadataPath } = container.workload;
  const key = [SECCOMP_OF_CONTAINER + container.name, SECCOMP_OF_POD].find((name) => annotations[name] !== undefined);
  return key === undefined ? undefined : joinPath(`${podMetadataPath}.annotations`, key);
}

/** The nearest wins: the container's field, its annotation, the pod's field, the pod's annotation. */
function seccompSource(container: Container, minor: number): Source | undefined {
  const { annotations, pod } = container.workload;
  if (container.spec.securityContext?.seccompProfile?.type) return 'container';
  if (minor < SECCOMP_ANNOTATIONS_END && annotations[SECCOMP_OF_CONTAINER + container.name])
    return `${SECCOMP_OF_CONTAINER}${container.name}`;
  if (pod.securityContext?.seccompProfile?.type) return 'pod';
  return minor < SECCOMP_ANNOTATIONS_END && annotations[SECCOMP_OF_POD] ? SECCOMP_OF_POD : undefined;
}

/** AppArmor never had an annotation for the whole pod; the one of a container is still read by every release. */
function appArmorSource(container: Container): Source | undefined {
  const { annotations, pod } = container.workload;
  if (container.spec.securityContext?.appArmorProfile?.type) return 'container';
  if (annotations[APPARMOR_OF_CONTAINER + container.name]) return `${APPARMOR_OF_CONTAINER}${container.name}`;
  return pod.securityContext?.appArmorProfile?.type ? 'pod' : undefined;
}

function typeFrom(container: Container, field: Field, source: Source | undefined): string | undefined {
  if (source === undefined) return undefined;
  if (source === 'container') return container.spec.securityContext?.[field]?.type;
  if (source === 'pod') return container.workload.pod.securityContext?.[field]?.type;
  return typeOfAnnotation(container.workload.annotations[source] ?? '');
}

function placeOf(container: Container, field: Field, source: Source | undefined): Place {
  const path = `securityContext.${field}.type`;
  const { podPath, podMetadataPath } = container.workload;
  if (source === undefined || source === 'container') return { path };
  if (source === 'pod') return { path: `${podPath}.${path}`, fromObject: true };
  return { path: joinPath(`${podMetadataPath}.annotations`, source), fromObject: true };
}

function typeOfAnnotation(value: string): string {
  if (value === 'runtime/default' || value === 'docker/default') return 'RuntimeDefault';
  if (value === 'unconfined') return 'Unconfined';
  return value.startsWith('localhost/') ? 'Localhost' : value;
}
