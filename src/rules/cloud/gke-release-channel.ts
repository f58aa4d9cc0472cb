import { gke } from './cloud-examples.ts';
import { cloudRule } from './cloud-rule.ts';
import { nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-release-channel',
  title: 'Cluster follows no release channel',
  severity: 'low',
  rationale: 'A cluster without a channel falls behind: GKE upgrades it late and in one large step, at the end of support.',
  remedy: 'Run gcloud container clusters update NAME --release-channel=regular (or stable), with maintenance windows.',
  controls: [...ofDistributions({ gke: ['5.5.4'] }), ...nsa('upgrading')],
  google(cluster) {
    const path = 'releaseChannel.channel';
    const channel = cluster.text(path) ?? 'UNSPECIFIED';
    return { path, wrong: channel === 'UNSPECIFIED' ? 'the cluster follows no release channel' : undefined };
  },
  examples: () => ({
    good: [gke({ releaseChannel: { channel: 'REGULAR' } })],
    bad: [{ yaml: gke({}), path: 'releaseChannel.channel' }],
  }),
});
