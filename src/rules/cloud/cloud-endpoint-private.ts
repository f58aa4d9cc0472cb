import { aks, eks, gke } from './cloud-examples.ts';
import { cloudRule } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'cloud-endpoint-private',
  title: 'API server can be reached from the internet',
  severity: 'medium',
  rationale:
    'An address of the API server on the internet makes a stolen credential, or the next hole before authentication, usable from anywhere; a private one first asks for a foothold in the network.',
  remedy:
    'Give the cluster a private endpoint and close the public one: endpointPrivateAccess=true and endpointPublicAccess=false on EKS, a private cluster on AKS, a private endpoint or the DNS endpoint alone, without external traffic, on GKE. Pipelines and people then need a way into the network; see first who comes from where.',
  controls: [
    ...ofDistributions({ eks: ['5.4.2'], aks: ['5.4.2'], gke: ['5.6.4'] }),
    ...nsa('control-plane-hardening', 'network-policies'),
    ...mitre('T1190', 'T1133'),
  ],
  effort: 'high',
  aws(cluster) {
    const isPrivate = cluster.flag('resourcesVpcConfig.endpointPrivateAccess') === true;
    if (cluster.flag('resourcesVpcConfig.endpointPublicAccess') === false) return { path: 'resourcesVpcConfig.endpointPublicAccess' };
    const also = isPrivate ? '' : ', and nodes reach it that way too';
    return { path: 'resourcesVpcConfig.endpointPublicAccess', wrong: `the endpoint of the API server is public${also}` };
  },
  azure(cluster) {
    const isPrivate = cluster.flag('apiServerAccessProfile.enablePrivateCluster') === true;
    const path = 'apiServerAccessProfile.enablePrivateCluster';
    if (!isPrivate && cluster.text('publicNetworkAccess') === 'Disabled') return { path: 'publicNetworkAccess' };
    return { path, wrong: isPrivate ? undefined : 'the cluster is not private: its API server has a public address' };
  },
  google(cluster) {
    const dns = 'controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic';
    if (cluster.flag(dns) === true) return { path: dns, wrong: 'the DNS endpoint of the control plane takes requests from the internet' };
    const ip = 'controlPlaneEndpointsConfig.ipEndpointsConfig';
    if (cluster.flag(`${ip}.enabled`) === false) return { path: `${ip}.enabled` };
    const isPublic = cluster.flag(`${ip}.enablePublicEndpoint`);
    if (isPublic !== undefined)
      return { path: `${ip}.enablePublicEndpoint`, wrong: isPublic ? 'the control plane has a public address' : undefined };
    const path = 'privateClusterConfig.enablePrivateEndpoint';
    return { path, wrong: cluster.flag(path) === true ? undefined : 'the control plane has a public address' };
  },
  examples: () => ({
    good: [
      eks({ resourcesVpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true } }),
      aks({ apiServerAccessProfile: { enablePrivateCluster: true } }),
      aks({ publicNetworkAccess: 'Disabled' }),
      gke({ privateClusterConfig: { enablePrivateEndpoint: true } }),
      gke({ controlPlaneEndpointsConfig: { ipEndpointsConfig: { enabled: false } } }),
    ],
    bad: [
      {
        yaml: eks({ resourcesVpcConfig: { endpointPublicAccess: true, endpointPrivateAccess: true } }),
        path: 'resourcesVpcConfig.endpointPublicAccess',
      },
      { yaml: aks({ apiServerAccessProfile: null }), path: 'apiServerAccessProfile.enablePrivateCluster' },
      { yaml: gke({}), path: 'privateClusterConfig.enablePrivateEndpoint' },
      {
        yaml: gke({ controlPlaneEndpointsConfig: { ipEndpointsConfig: { enablePublicEndpoint: true } } }),
        path: 'controlPlaneEndpointsConfig.ipEndpointsConfig.enablePublicEndpoint',
      },
      {
        yaml: gke({
          controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: true }, ipEndpointsConfig: { enabled: false } },
        }),
        path: 'controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic',
      },
    ],
  }),
});
