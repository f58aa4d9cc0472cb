import { gkePool } from './cloud-examples.ts';
import { cloudRule } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-sandbox',
  title: 'Untrusted workloads run without a sandbox',
  severity: 'low',
  rationale: 'A sandbox stands between a container and the kernel of the node: what breaks out of the container is still inside of it.',
  remedy:
    'Make a pool with --sandbox type=gvisor for code of others, and set runtimeClassName gvisor on its pods. It costs speed, and some system calls are missing.',
  controls: [...ofDistributions({ gke: ['5.10.3'] }), ...nsa('sandboxing'), ...mitre('T1611')],
  effort: 'medium',
  byPerson: true,
  google(cluster) {
    const pools = cluster.entries('nodePools');
    const sandboxed = pools.find(({ path }) => cluster.has(`${path}.config.sandboxConfig`));
    if (sandboxed !== undefined) return { path: `${sandboxed.path}.config.sandboxConfig` };
    return {
      path: 'nodePools',
      wrong: 'no pool has a sandbox: look whether code of others runs here',
      status: 'manual',
      value: pools.map(({ name }) => name),
    };
  },
  examples: () => ({
    good: [gkePool({ config: { sandboxConfig: { type: 'GVISOR' } } })],
    bad: [{ yaml: gkePool({ config: {} }), path: 'nodePools', status: 'manual' }],
  }),
});
