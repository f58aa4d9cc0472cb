import { type Control, inContainers } from '../control.ts';

export const privileged: Control = {
  id: 'privileged',
  level: 'baseline',
  reason: 'privileged container',
  versions: [
    {
      since: 0,
      check: (subject) =>
        inContainers(subject, 'securityContext.privileged', (container) => container.securityContext?.privileged === true),
    },
  ],
};
