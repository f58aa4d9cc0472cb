/** How components of nodes are set up, by what was collected on the nodes and what kubelets told, as objects that can be shown. */
import { type ApiObject, type Tables, toApiObject } from '../../model/index.ts';
import type { Origin, SourceObject } from '../../snapshot/index.ts';
import type { CommandLine, ComponentName } from '../command-line/index.ts';
import { type NodeView, viewsOfNodes } from './node-view.ts';

export interface NodeSettings {
  /** Effective configurations of kubelets; of one node there are two where its kubelet told what it runs with, that one last. */
  readonly kubelets: readonly { readonly node: string; readonly object: ApiObject }[];
  readonly lines: readonly { readonly node: string; readonly line: CommandLine; readonly object: ApiObject; readonly path: string }[];
}

type Collected = Tables['collected'];

const KNOWN = new WeakMap<Collected, NodeSettings>();

export function settingsOfNodes(collected: Collected): NodeSettings {
  let known = KNOWN.get(collected);
  if (known === undefined) KNOWN.set(collected, (known = settingsIn(viewsOfNodes(collected.nodes, collected.probe))));
  return known;
}

function settingsIn(views: readonly NodeView[]): NodeSettings {
  // Of which node an address is, is not known.
  const named = views.filter(({ known }) => known !== 'address');
  return { kubelets: named.flatMap(kubeletsOf), lines: named.flatMap(linesOf) };
}

function kubeletsOf({ objects, flagsOnly, locate, facts: { node } }: NodeView): NodeSettings['kubelets'] {
  const whole = flagsOnly === undefined ? [] : [{ object: flagsOnly.object.source.object, origin: flagsOnly.object.locate('').origin }];
  const documents = objects.filter(({ object }) => object.kind === 'KubeletConfiguration');
  const shown = documents.map(({ object, origin }) => ({ object, origin: locate(origin, 'kind').origin }));
  return [...shown, ...whole].flatMap((source) => {
    const object = named(source, { name: node });
    return object === undefined ? [] : [{ node, object }];
  });
}

function linesOf({ components, objects, locate, componentOf, facts: { node } }: NodeView): NodeSettings['lines'] {
  const seen = new Map<ComponentName, number>();
  return components.flatMap(({ name, line, from }) => {
    const index = seen.get(name) ?? 0;
    seen.set(name, index + 1);
    const source = objects.filter(({ object, origin }) => object.kind === 'Pod' && componentOf(origin) === name)[index];
    if (source === undefined) return [];
    // As the pod would be called that stands for it in the API.
    const shown = { object: source.object, origin: locate(source.origin, '').origin };
    const object = named(shown, { name: `${name}-${node}`, namespace: 'kube-system' });
    const path = from === 'manifest' ? `spec.containers[0].${line.list}` : 'argv';
    return object === undefined ? [] : [{ node, line, object, path }];
  });
}

function named(
  { object, origin }: { object: SourceObject['object']; origin: Origin },
  metadata: Record<string, string>,
): ApiObject | undefined {
  const made = toApiObject({ object: { ...object, metadata }, origin }, 0);
  return 'code' in made ? undefined : made;
}
