import type { Control } from '../control.ts';

export const hostPathVolumes: Control = {
  id: 'hostPathVolumes',
  level: 'baseline',
  reason: 'hostPath volume',
  versions: [
    {
      since: 0,
      check({ spec }) {
        const paths: string[] = [];
        spec.volumes?.forEach((volume, index) => {
          if (volume.hostPath !== undefined) paths.push(`spec.volumes[${index}].hostPath`);
        });
        return paths;
      },
    },
  ],
};
