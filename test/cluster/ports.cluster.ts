/** A port that another program takes between being found free and being used. */
import { createServer } from 'node:net';
import { expect, it, vi } from 'vitest';
import { startCluster } from './cluster.ts';
import { describeWith } from './describe-cluster.ts';
import { freePorts } from './ports.ts';

vi.mock(import('./ports.ts'), async (original) => {
  const real = await original();
  return { freePorts: vi.fn<typeof real.freePorts>(real.freePorts) };
});

describeWith('ports', {}, () => {
  for (const name of ['etcd', 'api'] as const) {
    it(`are others when that of ${name} is lost`, async () => {
      const found = await freePorts();
      const thief = createServer().listen(found[name], '127.0.0.1');
      vi.mocked(freePorts).mockClear().mockResolvedValueOnce(found);
      const cluster = await startCluster();
      expect(freePorts).toHaveBeenCalledTimes(2);
      await cluster.stop();
      thief.close();
    });
  }
});
