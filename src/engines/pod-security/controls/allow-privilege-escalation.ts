import { type Check, type Control, inContainers, unlessWindows } from '../control.ts';

const explicitlyFalse: Check = (subject) =>
  inContainers(
    subject,
    'securityContext.allowPrivilegeEscalation',
    (container) => container.securityContext?.allowPrivilegeEscalation !== false,
  );

export const allowPrivilegeEscalation: Control = {
  id: 'allowPrivilegeEscalation',
  level: 'restricted',
  reason: 'processes may gain privileges',
  versions: [
    { since: 8, check: explicitlyFalse },
    { since: 25, check: unlessWindows(explicitlyFalse) },
  ],
};
