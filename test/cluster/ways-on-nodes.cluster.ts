/** Ways of the attack graph that take pods that run, on real nodes: what the graph says is what happens. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { describeCluster } from './describe-cluster.ts';
import { findProgram } from './find-program.ts';
import { builtPart } from './parts.ts';
import { WAYS } from './ways/index.ts';
import { layOutControlPlane } from './ways/kubeadm-layout.ts';
import { toolsOf, tryWays } from './ways/try-ways.ts';
import { RELEASES_OF_LONG_SUITES } from './releases.ts';

/** Minutes for each release: the deep run takes both. */
for (const release of RELEASES_OF_LONG_SUITES) {
  describeCluster(`ways on nodes of ${release}`, { release, nodes: 2 }, (cluster) => {
    beforeAll(async () => {
      mkdirSync(toolsOf(cluster()));
      copyFileSync(join(builtPart('node'), 'ctr'), join(toolsOf(cluster()), 'ctr'));
      copyFileSync(findProgram('busybox') ?? '', join(toolsOf(cluster()), 'busybox'));
      await layOutControlPlane(cluster());
    });
    tryWays(
      cluster,
      release,
      WAYS.filter(({ nodes }) => nodes === true),
    );
  });
}
