import type { Control } from '../control.ts';

export const hostPorts: Control = {
  id: 'hostPorts',
  level: 'baseline',
  reason: 'port of the node',
  versions: [
    {
      since: 0,
      check({ containers }) {
        const paths: string[] = [];
        for (const { spec, path } of containers) {
          spec.ports?.forEach(({ hostPort = 0 }, index) => {
            if (hostPort !== 0) paths.push(`${path}.ports[${index}].hostPort`);
          });
        }
        return paths;
      },
    },
  ],
};
