/** The files that the kubelet starts by itself as pods, and what runs in them. */
import { absolutePath } from '../../lib/absolute-path.ts';
import { isRecord } from '../../lib/record.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import { type FileFact, NODE_PLACES, type NodeFacts, type Origin } from '../../snapshot/index.ts';
import { type CommandLine, type ComponentName, commandLineOf } from '../command-line/index.ts';
import type { SeenObject, Word } from './command-object.ts';
import type { EffectiveKubelet } from './kubelet.ts';

export interface StaticPod {
  readonly file: FileFact;
  readonly object: Readonly<Record<string, unknown>>;
  readonly line: CommandLine;
  /** Its place among the containers. */
  readonly container: number;
}

type Lists = Record<'command' | 'args', string[]>;

/** `kubelet` is what starts them, where that is known. */
export function staticPodsOf(facts: NodeFacts, component: ComponentName, kubelet: EffectiveKubelet | undefined): StaticPod[] {
  return facts.files.flatMap((file) => {
    if (file.text === undefined || !isStaticPod(file, kubelet)) return [];
    const parsed = parseConfigText(file.text);
    const object: unknown = parsed?.value;
    const found = isRecord(object) ? processOfPod(object, component) : undefined;
    return isRecord(object) && found !== undefined ? [{ file, object, ...found }] : [];
  });
}

/** The words that a static pod starts its component with, each with where it stands. */
export function wordsOfPod(pod: StaticPod, origin: Origin): Word[] {
  const at = `spec.containers[${pod.container}]`;
  const lists = listsOf(containersOf(pod.object)[pod.container]);
  return (['command', 'args'] as const).flatMap((list) =>
    lists[list].map((text, index): Word => ({ text, of: `${list}[${index}]`, shown: { origin, path: `${at}.${list}[${index}]` } })),
  );
}

/**
 * The pod as if it started its component with other words: those of a file that it names. Variables are left out, as who
 * reads such a file reads none.
 */
export function withWords(pod: StaticPod, words: readonly Word[], origin: Origin): SeenObject & { readonly line: CommandLine } {
  const containers = [...containersOf(pod.object)];
  const { command, args: _args, env: _env, ...container } = containers[pod.container] ?? {};
  const list = command === undefined ? 'args' : 'command';
  const started = { ...container, [list]: words.map(({ text }) => text) };
  containers[pod.container] = started;
  const { spec } = pod.object;
  const at = `spec.containers[${pod.container}]`;
  const image = typeof container.image === 'string' ? container.image : '';
  return {
    source: { object: { ...pod.object, spec: { ...(isRecord(spec) && spec), containers } }, origin: { ...origin } },
    component: pod.line.component,
    line: commandLineOf({ image, [list]: started[list] }) ?? pod.line,
    locate(path) {
      const index = path.startsWith(`${at}.${list}[`) ? Number.parseInt(path.slice(at.length + list.length + 2), 10) : undefined;
      if (index !== undefined) return words[index]?.shown ?? { origin, path };
      return { origin, path: path === `${at}.${list}` ? `${at}.${pod.line.list}` : path };
    },
  };
}

function processOfPod(pod: StaticPod['object'], name: ComponentName): Pick<StaticPod, 'line' | 'container'> | undefined {
  for (const [index, container] of containersOf(pod).entries()) {
    const { command, args } = listsOf(container);
    const image = typeof container?.image === 'string' ? container.image : '';
    const line = commandLineOf({ image, ...(command.length > 0 && { command }), ...(args.length > 0 && { args }) });
    if (line?.component === name) return { line, container: index };
  }
  return undefined;
}

/** What is none has no fields. */
function containersOf({ kind, spec }: StaticPod['object']): (Record<string, unknown> | undefined)[] {
  const containers = kind === 'Pod' && isRecord(spec) && Array.isArray(spec.containers) ? (spec.containers as unknown[]) : [];
  return containers.map((container) => (isRecord(container) ? container : undefined));
}

function listsOf(container: Readonly<Record<string, unknown>> | undefined): Lists {
  const textsOf = (list: unknown): string[] => (Array.isArray(list) ? (list as unknown[]).filter((word) => typeof word === 'string') : []);
  return { command: textsOf(container?.command), args: textsOf(container?.args) };
}

const MANIFEST_PLACES: ReadonlySet<string> = new Set([
  ...NODE_PLACES['apiserver-manifest'],
  ...NODE_PLACES['controller-manager-manifest'],
  ...NODE_PLACES['scheduler-manifest'],
  ...NODE_PLACES['etcd-manifest'],
]);

/**
 * What the kubelet starts by itself: what lies in the folder that it is told of, and only where it is told of none at the
 * known places. It passes over names that begin with a dot (pkg/kubelet/config/file_linux.go).
 */
export function isStaticPod({ path, namedBy }: FileFact, kubelet: EffectiveKubelet | undefined): boolean {
  const at = path.lastIndexOf('/');
  if (path[at + 1] === '.') return false;
  const told = kubelet?.config.staticPodPath;
  if (typeof told === 'string' && told.startsWith('/')) return [path, path.slice(0, at)].includes(absolutePath(told) ?? '');
  if (MANIFEST_PLACES.has(path) || NODE_PLACES.manifests.some((folder) => path.startsWith(`${folder}/`))) return true;
  return /^(?:--pod-manifest-path of|staticPodPath in) /.test(namedBy);
}
