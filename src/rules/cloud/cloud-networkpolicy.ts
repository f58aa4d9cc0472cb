import { aks, eks, gke } from './cloud-examples.ts';
import { cloudRule, lookAt } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'cloud-networkpolicy',
  title: 'Provider was not told to enforce network policies',
  severity: 'medium',
  rationale: 'Where nothing enforces NetworkPolicy the objects are accepted and do nothing: every pod reaches every other.',
  remedy:
    'Choose a network policy engine: --network-policy on AKS (mostly only for new clusters), Dataplane V2 or --enable-network-policy on GKE, the network policies of the VPC CNI add-on or Calico on EKS.',
  controls: [...ofDistributions({ eks: ['5.4.4'], aks: ['5.4.4'], gke: ['4.3.1'] }), ...nsa('network-policies'), ...mitre('T1046')],
  effort: 'high',
  aws: lookAt(
    'kubernetesNetworkConfig',
    'look whether the VPC CNI add-on enforces network policies (enableNetworkPolicy), or another plug-in does',
  ),
  azure(cluster) {
    const path = 'networkProfile.networkPolicy';
    const engine = cluster.text(path) ?? 'none';
    const isOn = engine !== 'none' || cluster.text('networkProfile.networkDataplane') === 'cilium';
    return { path, wrong: isOn ? undefined : 'no engine for network policies was chosen' };
  },
  google(cluster) {
    const plane = 'networkConfig.datapathProvider';
    if (cluster.text(plane) === 'ADVANCED_DATAPATH') return { path: plane };
    const path = 'networkPolicy.enabled';
    return { path, wrong: cluster.flag(path) === true ? undefined : 'neither Dataplane V2 nor network policy enforcement is on' };
  },
  examples: () => ({
    good: [
      aks({ networkProfile: { networkPolicy: 'calico' } }),
      aks({ networkProfile: { networkPolicy: null, networkDataplane: 'cilium' } }),
      gke({ networkConfig: { datapathProvider: 'ADVANCED_DATAPATH' } }),
      gke({ networkPolicy: { enabled: true } }),
    ],
    bad: [
      { yaml: eks({ kubernetesNetworkConfig: { ipFamily: 'ipv4' } }), path: 'kubernetesNetworkConfig', status: 'manual' },
      { yaml: aks({ networkProfile: { networkPolicy: 'none' } }), path: 'networkProfile.networkPolicy' },
      { yaml: gke({}), path: 'networkPolicy.enabled' },
    ],
  }),
});
