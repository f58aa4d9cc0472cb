import { type Check, type Control, inContainers, unlessUserNamespace } from '../control.ts';

const FIELD = 'securityContext.runAsUser';

const notZero: Check = (subject) => {
  const ofPod = subject.spec.securityContext?.runAsUser === 0 ? [`spec.${FIELD}`] : [];
  return [...ofPod, ...inContainers(subject, FIELD, (container) => container.securityContext?.runAsUser === 0)];
};

export const runAsUser: Control = {
  id: 'runAsUser',
  level: 'restricted',
  reason: 'runs as user 0',
  versions: [
    { since: 23, check: notZero },
    { since: 35, check: unlessUserNamespace(notZero) },
  ],
};
