import { type Check, type Control, inContainers, unlessUserNamespace } from '../control.ts';

const FIELD = 'securityContext.runAsNonRoot';

/** The pod's word counts for the containers that are silent; false is wrong even where each container says true. */
const nonRootEverywhere: Check = (subject) => {
  const ofPod = subject.spec.securityContext?.runAsNonRoot;
  const ofContainers = inContainers(subject, FIELD, ({ securityContext }) => (securityContext?.runAsNonRoot ?? ofPod) !== true);
  if (ofPod !== false) return ofContainers;
  // Containers that are silent fail by the pod's false, which is the one place to mend.
  const outspoken = inContainers(subject, FIELD, ({ securityContext }) => securityContext?.runAsNonRoot === false);
  return [`spec.${FIELD}`, ...outspoken];
};

export const runAsNonRoot: Control = {
  id: 'runAsNonRoot',
  level: 'restricted',
  reason: 'may run as root',
  versions: [
    { since: 0, check: nonRootEverywhere },
    { since: 35, check: unlessUserNamespace(nonRootEverywhere) },
  ],
};
