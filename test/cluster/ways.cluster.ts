/** Ways of the attack graph that take no node, on real API servers: what the graph says is what they do. */
import { describeCluster } from './describe-cluster.ts';
import { RELEASES } from './parts.ts';
import { WAYS } from './ways/index.ts';
import { takeWays, tryWays } from './ways/try-ways.ts';

for (const release of RELEASES) {
  describeCluster(`ways on ${release}`, { release, skip: ['kube-scheduler'] }, (cluster) => {
    tryWays(
      cluster,
      release,
      WAYS.filter(({ nodes }) => nodes !== true),
    );
  });
  describeCluster(
    `ways on ${release} that allows everything`,
    { release, skip: ['kube-scheduler'], extraApiServerArgs: ['--authorization-mode=AlwaysAllow'] },
    (cluster) => {
      takeWays(
        cluster,
        release,
        WAYS.filter(({ allowsAll }) => allowsAll === true),
      );
    },
  );
}
