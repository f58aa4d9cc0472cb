/** Which distribution a cluster is of: by what was collected on its nodes, else by what versions and Nodes tell. */
import { type Platform, inventoryOf, platformOf } from '../engines/versions/index.ts';
import { type Cluster, Workloads } from '../model/index.ts';
import { DISTRIBUTION_OF } from '../snapshot/index.ts';

const BY_PLATFORM: Readonly<Record<Platform, string>> = {
  'amazon-eks': 'eks',
  'google-kubernetes-engine': 'gke',
  'azure-kubernetes-service': 'aks',
  'red-hat-openshift': 'openshift',
};

/** Images say nothing of it. */
const NO_WORKLOADS = new Workloads([]);
/** Facts of nodes say `kubernetes` where they know none. */
const NONE = 'kubernetes';

/** `eks`, `k3s`, `kubeadm`; undefined where nothing tells. */
export function distributionOf(cluster: Cluster): string | undefined {
  const described = cluster.clouds[0];
  if (described !== undefined) return DISTRIBUTION_OF[described.provider];
  const collected = cluster.nodes.map(({ distribution }) => distribution).find((name) => name !== NONE && name !== '');
  if (collected !== undefined) return collected;
  const instances = versionsOf(cluster);
  const platform = platformOf(instances);
  if (platform !== undefined) return BY_PLATFORM[platform];
  const builds = instances.map(({ version }) => /^(k3s|rke2)/.exec(version?.vendor ?? '')?.[1]);
  return builds.find((build) => build !== undefined);
}

/** What the API server and the Nodes tell of their versions. */
export function versionsOf({ tables }: Cluster): ReturnType<typeof inventoryOf> {
  return inventoryOf({ kubernetes: tables.kubernetes, Node: tables.Node, workloads: NO_WORKLOADS });
}
