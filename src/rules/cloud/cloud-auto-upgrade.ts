import { aks } from './cloud-examples.ts';
import { cloudRule } from './cloud-rule.ts';
import { nsa } from '../rule.ts';

export const rule = cloudRule({
  id: 'cloud-auto-upgrade',
  title: 'Cluster is not upgraded by itself',
  severity: 'low',
  rationale: 'Patches of the control plane and of nodes then wait for a person, and the cluster ends unsupported.',
  remedy: 'Set --auto-upgrade-channel patch or stable, and --node-os-upgrade-channel NodeImage, with maintenance windows.',
  controls: [...nsa('upgrading')],
  azure(cluster) {
    const path = 'autoUpgradeProfile.upgradeChannel';
    const channel = cluster.text(path) ?? 'none';
    if (channel !== 'none') return { path };
    const nodes =
      cluster.text('autoUpgradeProfile.nodeOsUpgradeChannel') ?? cluster.text('autoUpgradeProfile.nodeOSUpgradeChannel') ?? 'none';
    return {
      path,
      wrong: `the cluster is not upgraded by itself${/^(?:none|unmanaged)$/i.test(nodes) ? ', nor are its node images' : ''}`,
    };
  },
  examples: () => ({
    good: [aks({ autoUpgradeProfile: { upgradeChannel: 'patch' } })],
    bad: [{ yaml: aks({ autoUpgradeProfile: null }), path: 'autoUpgradeProfile.upgradeChannel' }],
  }),
});
