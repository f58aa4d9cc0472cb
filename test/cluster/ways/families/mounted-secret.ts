/** Secrets that a container has in its environment or its volumes. */
import { boxPod, wordSecret } from '../objects.ts';
import { type TriedFamily, way } from '../way.ts';

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'POD_MOUNTED_SECRET',
      nodes: true,
      from: ({ ns }) => `Container/${ns}/p/c`,
      to: ({ ns }) => `Secret/${ns}/db`,
      world: ({ ns, word }) => [
        wordSecret({ word }, `${ns}/db`),
        boxPod(`${ns}/p`, {}, { env: [{ name: 'WORD', valueFrom: { secretKeyRef: { name: 'db', key: 'word' } } }] }),
      ],
      take: async (attack) => attack.finds(await attack.run('env; cat /proc/mounts; find / -name word -exec cat {} + 2>/dev/null || true')),
      nearest: {
        because: 'the container does not mount the volume',
        world: ({ ns, word }) => [
          wordSecret({ word }, `${ns}/db`),
          boxPod(`${ns}/p`, { volumes: [{ name: 'v', secret: { secretName: 'db' } }] }),
        ],
        refusal: /the word is not in/,
      },
    }),
  ],
};
