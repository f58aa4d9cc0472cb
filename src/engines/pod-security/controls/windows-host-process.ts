import { type Control, inContainers } from '../control.ts';

const FIELD = 'securityContext.windowsOptions.hostProcess';

export const windowsHostProcess: Control = {
  id: 'windowsHostProcess',
  level: 'baseline',
  reason: 'Windows process of the node',
  versions: [
    {
      since: 0,
      check(subject) {
        const ofPod = subject.spec.securityContext?.windowsOptions?.hostProcess === true ? [`spec.${FIELD}`] : [];
        return [...ofPod, ...inContainers(subject, FIELD, (container) => container.securityContext?.windowsOptions?.hostProcess === true)];
      },
    },
  ],
};
