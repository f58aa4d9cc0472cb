import { joinPath } from '../../../lib/field-path.ts';
import { type Check, type Control, inContainers } from '../control.ts';
import { SECCOMP_FIELD, filtersCalls } from './seccomp-profile.ts';

const POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER_ANNOTATION = 'container.seccomp.security.alpha.kubernetes.io/';

/** How it was said before 1.19. An annotation for a container that the pod does not have means nothing. */
const notUnconfinedByAnnotation: Check = ({ annotations, containers }) => {
  const keys = [POD_ANNOTATION, ...containers.map(({ spec }) => `${CONTAINER_ANNOTATION}${spec.name ?? ''}`)];
  const bad = keys.filter((key) => Object.hasOwn(annotations, key) && !filtersByAnnotation(annotations[key] ?? ''));
  return bad.map((key) => joinPath('metadata.annotations', key));
};

const notUnconfined: Check = (subject) => {
  const paths: string[] = [];
  const ofPod = subject.spec.securityContext?.seccompProfile;
  if (ofPod !== undefined && !filtersCalls(ofPod)) paths.push(`spec.${SECCOMP_FIELD}`);
  const isBad = inContainers(subject, SECCOMP_FIELD, ({ securityContext }) => {
    const profile = securityContext?.seccompProfile;
    return profile !== undefined && !filtersCalls(profile);
  });
  return [...paths, ...isBad];
};

function filtersByAnnotation(value: string): boolean {
  return value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');
}

export const seccompProfileBaseline: Control = {
  id: 'seccompProfile_baseline',
  level: 'baseline',
  reason: 'seccomp switched off',
  versions: [
    { since: 0, check: notUnconfinedByAnnotation },
    { since: 19, check: notUnconfined },
  ],
};
