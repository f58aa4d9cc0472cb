/** The files that the kubelet starts by itself as pods, and what runs in them. */
import { isRecord } from '../../lib/record.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import { type FileFact, NODE_PLACES, type NodeFacts } from '../../snapshot/index.ts';
import { type CommandLine, type ComponentName, commandLineOf } from '../command-line/index.ts';
import type { EffectiveKubelet } from './kubelet.ts';

export interface StaticPod {
  readonly file: FileFact;
  readonly object: Readonly<Record<string, unknown>>;
  readonly line: CommandLine;
}

/** `kubelet` is what starts them, where that is known. */
export function staticPodsOf(facts: NodeFacts, component: ComponentName, kubelet: EffectiveKubelet | undefined): StaticPod[] {
  return facts.files.flatMap((file) => {
    if (file.text === undefined || !isStaticPod(file, kubelet)) return [];
    const parsed = parseConfigText(file.text);
    const object: unknown = parsed?.value;
    const line = isRecord(object) ? lineOfPod(object, component) : undefined;
    return isRecord(object) && line !== undefined ? [{ file, object, line }] : [];
  });
}

function lineOfPod(pod: Readonly<Record<string, unknown>>, name: ComponentName): CommandLine | undefined {
  const { spec } = pod;
  const containers = pod.kind === 'Pod' && isRecord(spec) && Array.isArray(spec.containers) ? (spec.containers as unknown[]) : [];
  for (const container of containers) {
    if (!isRecord(container)) continue;
    const words = [container.command, container.args].map((list) => (Array.isArray(list) ? (list as unknown[]) : []));
    const [command, args] = words.map((list) => list.filter((word) => typeof word === 'string'));
    const image = typeof container.image === 'string' ? container.image : '';
    const line = commandLineOf({ image, ...(command?.length ? { command } : {}), ...(args?.length ? { args } : {}) });
    if (line?.component === name) return line;
  }
  return undefined;
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
  if (typeof told === 'string' && told.startsWith('/')) return [path, path.slice(0, at)].includes(told.replace(/(?<=.)\/+$/, ''));
  if (MANIFEST_PLACES.has(path) || NODE_PLACES.manifests.some((folder) => path.startsWith(`${folder}/`))) return true;
  return /^(?:--pod-manifest-path of|staticPodPath in) /.test(namedBy);
}
