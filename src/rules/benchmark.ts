/** Benchmarks: frameworks of which every control gets a status, and which of them is for a cluster. */
import type { Cluster } from '../model/index.ts';
import { distributionOf, versionsOf } from './distribution.ts';
import { FRAMEWORKS, type Framework } from './frameworks.ts';

export const BENCHMARKS: readonly Framework[] = FRAMEWORKS.filter(
  ({ releases, distribution }) => releases !== undefined || distribution !== undefined,
);

/** That of the distribution, else the newest that is for the release. */
export function benchmarkFor(cluster: Cluster): Framework | undefined {
  return benchmarkOf(distributionOf(cluster)) ?? benchmarkOfRelease(releaseOf(cluster));
}

export function benchmarkOf(distribution: string | undefined): Framework | undefined {
  return distribution === undefined ? undefined : BENCHMARKS.findLast((each) => each.distribution === distribution);
}

/** The newest that is for this minor of Kubernetes; of later ones the newest there is, of earlier ones the oldest. */
export function benchmarkOfRelease(minor: number): Framework | undefined {
  const upstream = BENCHMARKS.filter(({ releases }) => releases !== undefined);
  const fitting = upstream.findLast(({ releases }) => releases !== undefined && releases[0] <= minor && minor <= releases[1]);
  const newest = upstream.at(-1);
  return fitting ?? (newest?.releases !== undefined && minor > newest.releases[1] ? newest : upstream[0]);
}

/** Those that are for any cluster, and the one of this distribution. */
export function frameworksFor(cluster: Cluster): readonly Framework[] {
  const own = benchmarkOf(distributionOf(cluster));
  return FRAMEWORKS.filter((each) => each.distribution === undefined || each === own);
}

/** The minor of Kubernetes: where no API server tells it, that of the newest kubelet. */
function releaseOf(cluster: Cluster): number {
  const { minor, assumed } = cluster.tables.kubernetes;
  if (!assumed) return minor;
  const kubelets = versionsOf(cluster).flatMap(({ component, version }) => (component === 'kubelet' ? (version?.minor ?? []) : []));
  return kubelets.length > 0 ? Math.max(...kubelets) : minor;
}
