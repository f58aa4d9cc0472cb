import { aks, eks, gke } from './cloud-examples.ts';
import { cloudRule, lookAt } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'cloud-workload-identity',
  title: 'Workloads have no cloud identities of their own',
  severity: 'medium',
  rationale:
    'Without identities for workloads, pods take that of the node or carry keys in Secrets: each pod then holds what the most privileged one needs.',
  remedy:
    'Switch workload identity on (--workload-pool on GKE, --enable-oidc-issuer with --enable-workload-identity on AKS, Pod Identity or an IAM OIDC provider on EKS), and give each service account a role of its own.',
  controls: [
    ...ofDistributions({ eks: ['5.2.1'], aks: ['5.2.1'], gke: ['5.2.2'] }),
    ...nsa('cloud-metadata', 'token-protection'),
    ...mitre('T1552.005'),
  ],
  effort: 'high',
  aws: lookAt('identity.oidc.issuer', 'look whether workloads take roles by Pod Identity or by this issuer, and not that of the node'),
  azure(cluster) {
    const path = 'securityProfile.workloadIdentity.enabled';
    if (cluster.flag(path) !== true) return { path, wrong: 'workload identity is off' };
    const issuer = 'oidcIssuerProfile.enabled';
    return {
      path: issuer,
      wrong: cluster.flag(issuer) === true ? undefined : 'workload identity is on, but the cluster has no OIDC issuer',
    };
  },
  google(cluster) {
    const path = 'workloadIdentityConfig.workloadPool';
    return { path, wrong: cluster.text(path) === undefined ? 'Workload Identity is off' : undefined };
  },
  examples: () => ({
    good: [
      aks({ securityProfile: { workloadIdentity: { enabled: true } }, oidcIssuerProfile: { enabled: true } }),
      gke({ workloadIdentityConfig: { workloadPool: 'shop.svc.id.goog' } }),
    ],
    bad: [
      { yaml: eks({ identity: { oidc: { issuer: 'https://oidc.example/id/1' } } }), path: 'identity.oidc.issuer', status: 'manual' },
      { yaml: aks({ oidcIssuerProfile: { enabled: true } }), path: 'securityProfile.workloadIdentity.enabled' },
      { yaml: gke({}), path: 'workloadIdentityConfig.workloadPool' },
    ],
  }),
});
