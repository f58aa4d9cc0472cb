/** The files that the kubelet starts by itself as pods, and what runs in them. */
import { isRecord } from '../../lib/record.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import { type FileFact, NODE_PLACES, type NodeFacts } from '../../snapshot/index.ts';
import { type CommandLine, type ComponentName, commandLineOf } from '../command-line/index.ts';

export interface StaticPod {
  readonly file: FileFact;
  readonly object: Readonly<Record<string, unknown>>;
  readonly line: CommandLine;
}

export function staticPodsOf(facts: NodeFacts, component: ComponentName): StaticPod[] {
  return facts.files.flatMap((file) => {
    if (file.text === undefined || !isStaticPod(file)) return [];
    const parsed = parseConfigText(file.text);
    const object: unknown = parsed?.value;
    const line = isRecord(object) ? lineOfPod(object, component) : undefined;
    return isRecord(object) && line !== undefined ? [{ file, object, line }] : [];
  });
}

export function manifestsOf(facts: NodeFacts, component: ComponentName): FileFact[] {
  return staticPodsOf(facts, component).map(({ file }) => file);
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

/** What the kubelet starts by itself: what lies in the folder that it is told of, else at the known places. */
function isStaticPod({ path, namedBy }: FileFact): boolean {
  if (MANIFEST_PLACES.has(path) || NODE_PLACES.manifests.some((folder) => path.startsWith(`${folder}/`))) return true;
  return /^(?:--pod-manifest-path of|staticPodPath in) /.test(namedBy);
}
