import { gke } from './cloud-examples.ts';
import { cloudRule } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'cloud-no-client-cert',
  title: 'GKE gave out a client certificate',
  severity: 'medium',
  rationale:
    'A client certificate cannot be revoked and lasts for years; the one that GKE hands out can be read by everyone who may describe the cluster.',
  remedy:
    'Make clusters without issueClientCertificate and without basic authentication; of a cluster that has them, rotate the credentials: gcloud container clusters update NAME --start-credential-rotation.',
  controls: [...ofDistributions({ gke: ['5.8.1'] }), ...nsa('strong-authentication'), ...mitre('T1078')],
  google(cluster) {
    const basic = 'masterAuth.username';
    if (cluster.text(basic) !== undefined) return { path: basic, wrong: 'basic authentication is on', severity: 'high' };
    const issued = 'masterAuth.clientCertificate';
    if (cluster.text(issued) !== undefined)
      return { path: issued, wrong: 'the cluster has a client certificate, which cannot be revoked', value: 'a certificate' };
    const path = 'masterAuth.clientCertificateConfig.issueClientCertificate';
    return { path, wrong: cluster.flag(path) === true ? 'the cluster gives out a client certificate' : undefined };
  },
  examples: () => ({
    good: [gke({ masterAuth: { clusterCaCertificate: 'x', clientCertificateConfig: {} } })],
    bad: [
      { yaml: gke({ masterAuth: { clientCertificate: 'x', clientKey: 'y' } }), path: 'masterAuth.clientCertificate' },
      { yaml: gke({ masterAuth: { username: 'admin', password: 'x' } }), path: 'masterAuth.username', severity: 'high' },
      {
        yaml: gke({ masterAuth: { clientCertificateConfig: { issueClientCertificate: true } } }),
        path: 'masterAuth.clientCertificateConfig.issueClientCertificate',
      },
    ],
  }),
});
