/** What of the settings of nodes makes ways, as a text: where it stays the same, so does the graph. */
import { settingOf } from '../engines/command-line/index.ts';
import { settingsOfNodes } from '../engines/component-config/index.ts';
import type { Tables } from '../model/index.ts';
import { openKubeletsText } from './edges/open-kubelets.ts';

const OF_SERVERS = [
  '--authorization-mode',
  '--authorization-config',
  '--anonymous-auth',
  '--client-cert-auth',
  '--listen-client-urls',
  '--listen-client-http-urls',
];

export function nodeWays(collected: Tables['collected']): string {
  const servers = settingsOfNodes(collected).lines.filter(({ line }) => line.component === 'kube-apiserver' || line.component === 'etcd');
  const flags = servers.map(({ node, line }) => `${node} ${OF_SERVERS.map((flag) => settingOf(line, flag)?.value ?? '').join(' ')}`);
  return [openKubeletsText(collected), ...flags].join('\n');
}
