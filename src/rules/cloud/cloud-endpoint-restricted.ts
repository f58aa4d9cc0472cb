import type { CloudView } from '../../engines/cloud/index.ts';
import { aks, eks, gke } from './cloud-examples.ts';
import { cloudRule } from './cloud-rule.ts';
import { holdEveryAddress } from './open-ranges.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

/** The field that says that GKE gave the control plane no public address. */
function withoutPublicAddress(cluster: CloudView): string | undefined {
  const ip = 'controlPlaneEndpointsConfig.ipEndpointsConfig';
  const off = [`${ip}.enabled`, `${ip}.enablePublicEndpoint`].find((path) => cluster.flag(path) === false);
  if (off !== undefined || cluster.flag(`${ip}.enablePublicEndpoint`) === true) return off;
  const old = 'privateClusterConfig.enablePrivateEndpoint';
  return cluster.flag(old) === true ? old : undefined;
}

export const rule = cloudRule({
  id: 'cloud-endpoint-restricted',
  title: 'Whole internet may ask the API server',
  severity: 'high',
  rationale:
    'A public endpoint without a list of networks answers scanners and everyone with a leaked credential; with a list a credential is worth little outside of it.',
  remedy:
    'List the networks of your people and pipelines: publicAccessCidrs on EKS, --api-server-authorized-ip-ranges on AKS, --master-authorized-networks on GKE. Whoever comes from elsewhere is refused from then on. The DNS endpoint of GKE knows no such list: switch its external traffic off, or put a service perimeter around it.',
  controls: [
    ...ofDistributions({ eks: ['5.4.1'], aks: ['5.4.1'], gke: ['5.6.3'] }),
    ...nsa('control-plane-hardening', 'network-policies'),
    ...mitre('T1190', 'T1133'),
  ],
  aws(cluster) {
    const path = 'resourcesVpcConfig.publicAccessCidrs';
    const isPublic = cluster.flag('resourcesVpcConfig.endpointPublicAccess');
    if (isPublic === false) return { path: 'resourcesVpcConfig.endpointPublicAccess' };
    if (isPublic === undefined)
      return { path: 'resourcesVpcConfig.endpointPublicAccess', wrong: 'the endpoint of the API server is public' };
    const ranges = cluster.texts(path);
    return {
      path,
      wrong: ranges.length === 0 || holdEveryAddress(ranges) ? 'the public endpoint takes requests from every address' : undefined,
    };
  },
  azure(cluster) {
    if (cluster.flag('apiServerAccessProfile.enablePrivateCluster') === true)
      return { path: 'apiServerAccessProfile.enablePrivateCluster' };
    if (cluster.text('publicNetworkAccess') === 'Disabled') return { path: 'publicNetworkAccess' };
    const path = 'apiServerAccessProfile.authorizedIpRanges';
    const ranges = cluster.texts(path);
    return {
      path,
      wrong: ranges.length === 0 || holdEveryAddress(ranges) ? 'the API server takes requests from every address' : undefined,
    };
  },
  google(cluster) {
    const dns = 'controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic';
    if (cluster.flag(dns) === true)
      return {
        path: dns,
        wrong: 'the DNS endpoint takes requests from every address: authorised networks do not bind it',
        severity: 'medium',
      };
    const closed = withoutPublicAddress(cluster);
    if (closed !== undefined) return { path: closed };
    const own = 'controlPlaneEndpointsConfig.ipEndpointsConfig.authorizedNetworksConfig';
    const path = cluster.has(own) ? own : 'masterAuthorizedNetworksConfig';
    const blocks = cluster.entries(`${path}.cidrBlocks`).map((entry) => cluster.text(`${entry.path}.cidrBlock`) ?? '');
    if (cluster.flag(`${path}.enabled`) !== true)
      return { path: `${path}.enabled`, wrong: 'no authorised networks are set for the control plane' };
    if (holdEveryAddress(blocks)) return { path: `${path}.cidrBlocks`, wrong: 'the authorised networks hold every address' };
    const rented = `${path}.gcpPublicCidrsAccessEnabled`;
    if (cluster.flag(rented) !== true) return { path: `${path}.cidrBlocks` };
    const wrong = 'beside the authorised networks every machine of Google Cloud may ask the control plane, whoever rents it';
    return { path: rented, wrong, severity: 'medium' };
  },
  examples: () => ({
    good: [
      eks({ resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['203.0.113.0/24'] } }),
      eks({ resourcesVpcConfig: { endpointPublicAccess: false, publicAccessCidrs: ['0.0.0.0/0'] } }),
      aks({ apiServerAccessProfile: { authorizedIpRanges: ['203.0.113.0/24'] } }),
      aks({ publicNetworkAccess: 'Disabled', apiServerAccessProfile: { authorizedIpRanges: null } }),
      gke({ masterAuthorizedNetworksConfig: { enabled: true, cidrBlocks: [{ cidrBlock: '203.0.113.0/24' }] } }),
      gke({ privateClusterConfig: { enablePrivateEndpoint: true } }),
      gke({ controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: true, enablePublicEndpoint: false } } }),
    ],
    bad: [
      {
        yaml: eks({ resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] } }),
        path: 'resourcesVpcConfig.publicAccessCidrs',
      },
      {
        yaml: eks({ resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/1', '128.0.0.0/1'] } }),
        path: 'resourcesVpcConfig.publicAccessCidrs',
      },
      { yaml: aks({ apiServerAccessProfile: null }), path: 'apiServerAccessProfile.authorizedIpRanges' },
      { yaml: gke({}), path: 'masterAuthorizedNetworksConfig.enabled' },
      {
        yaml: gke({ masterAuthorizedNetworksConfig: { enabled: true, cidrBlocks: [{ cidrBlock: '0.0.0.0/0' }] } }),
        path: 'masterAuthorizedNetworksConfig.cidrBlocks',
      },
      {
        yaml: gke({
          masterAuthorizedNetworksConfig: {
            enabled: true,
            gcpPublicCidrsAccessEnabled: true,
            cidrBlocks: [{ cidrBlock: '203.0.113.0/24' }],
          },
        }),
        path: 'masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled',
        severity: 'medium',
      },
      {
        yaml: gke({
          controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: true }, ipEndpointsConfig: { enabled: false } },
        }),
        path: 'controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic',
        severity: 'medium',
      },
    ],
  }),
});
