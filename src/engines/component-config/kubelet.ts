/**
 * The effective configuration of a kubelet: the file of --config, then the drop-ins of --config-dir in the order of
 * their names, then the flags (cmd/kubelet/app/server.go). Without a file the flags alone count, with their own defaults.
 */
import { absolutePath } from '../../lib/absolute-path.ts';
import { isRecord } from '../../lib/record.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import { type FileFact, NODE_PLACES, type NodeFacts, type Origin } from '../../snapshot/index.ts';
import { type CommandLine, settingOf } from '../command-line/index.ts';
import type { SeenObject } from './command-object.ts';
import { FLAG_DEFAULTS, KUBELET_FLAGS } from './kubelet-flags.ts';
import { mergePatch } from './merge-config.ts';
import { Provenance, fileOrigin } from './provenance.ts';

export interface EffectiveKubelet {
  readonly object: SeenObject;
  /** All settings as one. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The file, and the drop-ins that count, in their order. */
  readonly files: readonly FileFact[];
}

/** Undefined where its file or a drop-in is not known, or there is none. `line` is what starts it, `origin` where that stands. */
export function effectiveKubelet(
  facts: NodeFacts,
  line: CommandLine | undefined,
  origin: Origin | undefined,
): EffectiveKubelet | undefined {
  const file = kubeletFile(facts, line);
  const drops = dropInsOf(facts, line);
  const base = file === undefined ? undefined : documentOf(file);
  // Drop-ins alone say nothing where the flags are not known: they lie over what nobody has seen.
  const isSeen =
    file === undefined ? drops.length > 0 && line !== undefined && settingOf(line, '--config') === undefined : base !== undefined;
  if (!isSeen || isHidden(facts, line)) return undefined;
  const provenance = new Provenance(
    file === undefined ? (origin ?? fileOrigin(facts.node, 'kubelet')) : fileOrigin(facts.node, file.path, file.text),
  );
  let config: unknown = base ?? FLAG_DEFAULTS;
  for (const drop of drops) {
    const document = documentOf(drop);
    // What is not known may have set anything.
    if (document === undefined) return undefined;
    const from = fileOrigin(facts.node, drop.path, drop.text);
    config = mergePatch(config, withoutKind(document), (path) => provenance.set(path, { origin: from, path }));
  }
  if (line !== undefined && origin !== undefined) config = withFlags(config, line, { origin, provenance });
  if (!isRecord(config)) return undefined;
  return asOne({ config, provenance, node: facts.node, files: file === undefined ? drops : [file, ...drops] });
}

/** The settings of a kubelet that is started with flags alone. Undefined where it names a file or a folder, or may do so unseen. */
export function kubeletOfFlags(
  { node }: NodeFacts,
  line: CommandLine | undefined,
  origin: Origin | undefined,
): EffectiveKubelet | undefined {
  if (line === undefined || origin === undefined || line.hidden !== undefined) return undefined;
  if (settingOf(line, '--config') !== undefined || settingOf(line, '--config-dir') !== undefined) return undefined;
  const provenance = new Provenance(origin);
  const config = withFlags(FLAG_DEFAULTS, line, { origin, provenance });
  return isRecord(config) ? asOne({ config, provenance, node, files: [] }) : undefined;
}

interface Merged extends Pick<EffectiveKubelet, 'config' | 'files'> {
  readonly provenance: Provenance;
  readonly node: string;
}

function asOne({ config, provenance, node, files }: Merged): EffectiveKubelet {
  const whole = { ...config, apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' };
  const origin: Origin = { source: `${node}:kubelet`, line: 1, format: 'json', prefix: [] };
  return { object: { source: { object: whole, origin }, component: 'kubelet', locate: provenance.locate }, config: whole, files };
}

/** The file that it is started with; where nothing is known of its start, the first of the known places. */
export function kubeletFile(facts: NodeFacts, line: CommandLine | undefined): FileFact | undefined {
  const named = line === undefined ? undefined : settingOf(line, '--config')?.value;
  if (named !== undefined) return facts.files.find(({ path, type }) => path === (absolutePath(named) ?? named) && type === 'file');
  if (line !== undefined) return undefined;
  // What only a process sees in its own place belongs to that process.
  return NODE_PLACES['kubelet-config']
    .map((place) => facts.files.find(({ path, pid }) => path === place && pid === undefined))
    .find((file) => file !== undefined);
}

/** In the order in which they count: that of a walk through the folder, each level by its names. */
export function dropInsOf({ files }: NodeFacts, line: CommandLine | undefined): FileFact[] {
  const folders = dropInFolders(line);
  return files
    .filter(({ path, type, pid }) => {
      return type === 'file' && pid === undefined && path.endsWith('.conf') && folders.some((folder) => path.startsWith(`${folder}/`));
    })
    .toSorted((a, b) => compareWalked(a.path, b.path));
}

function dropInFolders(line: CommandLine | undefined): string[] {
  const named = line === undefined ? undefined : settingOf(line, '--config-dir')?.value;
  // Nobody reads the folder of a distribution unless the kubelet is told to.
  const folders: readonly string[] = named !== undefined ? [named] : line === undefined ? NODE_PLACES['kubelet-drop-ins'] : [];
  return folders.flatMap((folder) => absolutePath(folder) ?? []);
}

/** Whether there may be drop-ins that nobody could look at. */
function isHidden({ gaps, files }: NodeFacts, line: CommandLine | undefined): boolean {
  const folders = dropInFolders(line);
  const isFile = (scope: string): boolean => files.some(({ path, type }) => path === scope && type !== 'directory');
  return gaps.some(({ scope }) => folders.some((folder) => scope === folder || scope.startsWith(`${folder}/`)) && !isFile(scope));
}

function compareWalked(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  const at = left.findIndex((part, index) => part !== right[index]);
  if (at === -1) return left.length - right.length;
  return (left[at] ?? '') < (right[at] ?? '') ? -1 : 1;
}

function withFlags(config: unknown, line: CommandLine, { origin, provenance }: { origin: Origin; provenance: Provenance }): unknown {
  let merged = config;
  for (const [flag, uses] of line.uses) {
    const field = Object.hasOwn(KUBELET_FLAGS, flag) ? KUBELET_FLAGS[flag] : undefined;
    // Gates add to each other; of other flags the last use holds.
    for (const use of flag === '--feature-gates' ? uses : uses.slice(-1)) {
      if (field === undefined || use.opaque) continue;
      const patch = field.path.reduceRight<unknown>((value, key) => ({ [key]: value }), field.read(use.value));
      merged = mergePatch(merged, patch, (path) => provenance.set(path, { origin, path: use.path.replace(/^command/, 'argv') }));
    }
  }
  return merged;
}

function documentOf({ text }: FileFact): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  const parsed = parseConfigText(text);
  return isRecord(parsed?.value) ? parsed.value : undefined;
}

function withoutKind({ apiVersion: _apiVersion, kind: _kind, ...fields }: Record<string, unknown>): Record<string, unknown> {
  return fields;
}
