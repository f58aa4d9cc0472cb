/** Units of systemd that start components, and the files from which they take their variables. */
import { type UnitFact, type UnitLine, rangesOfWords, wordsOf } from '../../snapshot/index.ts';
import type { HostRoot } from './host-root.ts';
import { withoutCredentials, withoutCredentialsIn } from './redact-argv.ts';
import { redactText } from './redact-config.ts';

const LARGEST = 1 << 20;
const NAMES = [
  'kubelet.service',
  'snap.kubelet.daemon.service',
  'snap.microk8s.daemon-kubelet.service',
  'snap.microk8s.daemon-kubelite.service',
  'atomic-openshift-node.service',
  'origin-node.service',
  'k3s.service',
  'k3s-agent.service',
  'rke2-server.service',
  'rke2-agent.service',
  'k0scontroller.service',
  'k0sworker.service',
  'kube-apiserver.service',
  'kube-controller-manager.service',
  'kube-scheduler.service',
  'kube-proxy.service',
  'etcd.service',
  'containerd.service',
  'crio.service',
];
/** In the order in which systemd looks; the first holds. */
const FOLDERS = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];
const TOLD =
  /^\s*(?:ExecStart|ExecStartPre|Environment|EnvironmentFile|User|Group|IPAddressAllow|IPAddressDeny|ProtectSystem|CapabilityBoundingSet)\s*=/;

export function readUnits(root: HostRoot): UnitFact[] {
  return NAMES.flatMap((name) => readUnit(root, name) ?? []).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function readUnit(root: HostRoot, name: string): UnitFact | undefined {
  for (const folder of FOLDERS) {
    const path = `${folder}/${name}`;
    const text = root.text(path, LARGEST);
    if (text !== undefined) return { name, path, lines: linesOf(path, text), dropIns: dropInsOf(root, name) };
  }
  return undefined;
}

/** By their names over all folders; of two with one name that of the first folder counts. */
function dropInsOf(root: HostRoot, name: string): UnitFact['dropIns'] {
  const found = new Map<string, UnitFact['dropIns'][number]>();
  for (const folder of FOLDERS) {
    const listed = root.list(`${folder}/${name}.d`, 200);
    if (typeof listed === 'string') continue;
    for (const file of listed.names.filter((each) => each.endsWith('.conf') && !found.has(each))) {
      const path = `${folder}/${name}.d/${file}`;
      const text = root.text(path, LARGEST);
      if (text !== undefined) found.set(file, { path, lines: linesOf(path, text) });
    }
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, dropIn]) => dropIn);
}

/** Lines that end with a backslash go on; what is told of such a setting is where it begins. */
function linesOf(path: string, text: string): UnitLine[] {
  const lines: UnitLine[] = [];
  let open: UnitLine | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    // systemd leaves them out, also between lines that belong together.
    if (open !== undefined && /^\s*[#;]/.test(line)) continue;
    const goesOn = line.endsWith('\\');
    const own = (goesOn ? line.slice(0, -1) : line).trim();
    if (open === undefined) lines.push((open = { line: index + 1, text: own }));
    else open.text += ` ${own}`;
    if (!goesOn) open = undefined;
  }
  return lines.filter((each) => TOLD.test(each.text)).map((each) => ({ ...each, text: redactSetting(path, each.text) }));
}

function redactSetting(path: string, text: string): string {
  const [, start = '', value = ''] = /^(\w+\s*=\s*)([^]*)$/.exec(text) ?? [];
  const ranges = rangesOfWords(value);
  const words = ranges.map(({ word }) => word);
  const shown = withoutCredentials(words).map((word) => withoutCredentialsIn(word, wordsOf));
  let left = '';
  let done = 0;
  for (const [index, { from, to, word }] of ranges.entries()) {
    const own = shown[index] ?? word;
    left += value.slice(done, from) + (own === word ? value.slice(from, to) : quoted(own));
    done = to;
  }
  return redactText(path, start + left + value.slice(done));
}

function quoted(word: string): string {
  return /[\s"'\\]/.test(word) ? `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"` : word;
}
