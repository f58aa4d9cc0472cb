import { aks, eks, gke } from './cloud-examples.ts';
import { cloudRule, lookAt, mustBeOn } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'cloud-rbac-identity',
  title: 'People do not sign in with accounts of the cloud',
  severity: 'medium',
  rationale:
    'Accounts of the cloud end when people leave, ask for a second factor and stand in its log; certificates and local administrators do none of this.',
  remedy:
    'Let people sign in with the cloud: Entra ID with --enable-aad and --disable-local-accounts on AKS, Google Groups for RBAC on GKE, access entries for roles of people on EKS. Keep one way in for emergencies.',
  controls: [
    ...ofDistributions({ eks: ['5.5.1'], aks: ['5.5.1'], gke: ['5.8.2'] }),
    ...nsa('strong-authentication', 'rbac'),
    ...mitre('T1078'),
  ],
  effort: 'medium',
  aws: lookAt('accessConfig', 'look whether people take roles of IAM of their own, and not that of whoever made the cluster'),
  azure(cluster) {
    if (!cluster.has('aadProfile'))
      return { path: 'aadProfile', wrong: 'Entra ID is not used: people sign in with the certificate of the administrator' };
    const path = 'disableLocalAccounts';
    if (cluster.flag(path) === true) return { path };
    return { path, wrong: 'local accounts are on: their certificate is an administrator whom Entra ID does not know', severity: 'low' };
  },
  google: mustBeOn('authenticatorGroupsConfig.enabled', 'Google Groups are not used in role bindings'),
  examples: () => ({
    good: [
      aks({ aadProfile: { managed: true }, disableLocalAccounts: true }),
      gke({ authenticatorGroupsConfig: { enabled: true, securityGroup: 'gke-security-groups@example.com' } }),
    ],
    bad: [
      { yaml: eks({ accessConfig: { authenticationMode: 'API' } }), path: 'accessConfig', status: 'manual' },
      { yaml: aks({ aadProfile: null }), path: 'aadProfile', severity: 'medium' },
      { yaml: aks({ aadProfile: { managed: true }, disableLocalAccounts: false }), path: 'disableLocalAccounts', severity: 'low' },
      { yaml: gke({}), path: 'authenticatorGroupsConfig.enabled' },
    ],
  }),
});
