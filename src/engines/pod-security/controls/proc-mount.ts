import { type Check, type Control, inContainers, unlessUserNamespace } from '../control.ts';

export const defaultProcMount: Check = (subject) =>
  inContainers(subject, 'securityContext.procMount', (container) => (container.securityContext?.procMount ?? 'Default') !== 'Default');

export const procMount: Control = {
  id: 'procMount',
  level: 'baseline',
  reason: '/proc without its mask',
  versions: [
    { since: 0, check: defaultProcMount },
    { since: 35, check: unlessUserNamespace(defaultProcMount) },
  ],
};
