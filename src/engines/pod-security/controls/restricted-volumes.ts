import { volumeSources } from '../../../model/index.ts';
import type { Control } from '../control.ts';

/** Sources that cannot lead to the node's files or to another team's storage. */
const ALLOWED = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

export const restrictedVolumes: Control = {
  id: 'restrictedVolumes',
  level: 'restricted',
  reason: 'volume type that is not allowed',
  versions: [
    {
      since: 0,
      check({ spec }) {
        const paths: string[] = [];
        spec.volumes?.forEach((volume, index) => {
          const sources = volumeSources(volume);
          if (!sources.some((source) => ALLOWED.has(source))) paths.push(`spec.volumes[${index}].${sources[0] ?? 'name'}`);
        });
        return paths;
      },
    },
  ],
  overrides: ['hostPathVolumes'],
};
