import { type Check, type Control, unlessWindows } from '../control.ts';

const dropsAll: Check = ({ containers }) => {
  const paths: string[] = [];
  for (const { spec, path } of containers) {
    const { add = [], drop = [] } = spec.securityContext?.capabilities ?? {};
    if (!drop.includes('ALL')) paths.push(`${path}.securityContext.capabilities.drop`);
    add.forEach((name, index) => {
      if (name !== 'NET_BIND_SERVICE') paths.push(`${path}.securityContext.capabilities.add[${index}]`);
    });
  }
  return paths;
};

export const capabilitiesRestricted: Control = {
  id: 'capabilities_restricted',
  level: 'restricted',
  reason: 'keeps capabilities',
  versions: [
    { since: 22, check: dropsAll },
    { since: 25, check: unlessWindows(dropsAll) },
  ],
  overrides: ['capabilities_baseline'],
};
