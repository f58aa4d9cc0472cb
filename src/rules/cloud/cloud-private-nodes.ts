import { aks, eks, gke, gkePool } from './cloud-examples.ts';
import { cloudRule, lookAt, ofEach } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'cloud-private-nodes',
  title: 'Nodes have public addresses',
  severity: 'medium',
  rationale: 'A node with a public address is one careless firewall rule, or one port of a pod on the host, away from the internet.',
  remedy:
    'Put nodes into private subnets and let them out by NAT: --enable-private-nodes on GKE, pools without --enable-node-public-ip on AKS, subnets without a route to an internet gateway on EKS. Pools are moved by making new ones.',
  controls: [...ofDistributions({ eks: ['5.4.3'], aks: ['5.4.3'], gke: ['5.6.5'] }), ...nsa('worker-segmentation'), ...mitre('T1133')],
  effort: 'high',
  aws: lookAt(
    'resourcesVpcConfig.subnetIds',
    'look whether these subnets have a route to an internet gateway: nodes in such have public addresses',
  ),
  azure: ofEach('agentPoolProfiles', ({ path, name }, cluster) => ({
    path: `${path}.enableNodePublicIp`,
    wrong:
      cluster.flag(`${path}.enableNodePublicIp`) === true || cluster.flag(`${path}.enableNodePublicIP`) === true
        ? `the nodes of the pool ${name} have public addresses`
        : undefined,
  })),
  google(cluster) {
    const path = ['networkConfig.defaultEnablePrivateNodes', 'privateClusterConfig.enablePrivateNodes'].find(
      (each) => cluster.flag(each) === true,
    );
    if (path !== undefined) return { path };
    const pools = cluster.entries('nodePools').filter((pool) => cluster.flag(`${pool.path}.networkConfig.enablePrivateNodes`) !== true);
    return pools.length === 0 && cluster.entries('nodePools').length > 0
      ? { path: 'nodePools[0].networkConfig.enablePrivateNodes' }
      : { path: 'privateClusterConfig.enablePrivateNodes', wrong: 'nodes have public addresses' };
  },
  examples: () => ({
    good: [
      aks({ agentPoolProfiles: [{ name: 'main', enableNodePublicIp: false }] }),
      gke({ privateClusterConfig: { enablePrivateNodes: true } }),
      gkePool({ networkConfig: { enablePrivateNodes: true } }),
    ],
    bad: [
      { yaml: eks({ resourcesVpcConfig: { subnetIds: ['subnet-1'] } }), path: 'resourcesVpcConfig.subnetIds', status: 'manual' },
      { yaml: aks({ agentPoolProfiles: [{ name: 'main', enableNodePublicIp: true }] }), path: 'agentPoolProfiles[0].enableNodePublicIp' },
      { yaml: gke({}), path: 'privateClusterConfig.enablePrivateNodes' },
    ],
  }),
});
