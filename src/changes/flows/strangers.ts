/** Pods that are needed and not in the input, as files rarely hold those of the cluster itself. */
import { type Raw, type World, readWorld } from '../../engines/network/index.ts';
import { mapMatches } from '../../model/index.ts';
import type { RequiredUse } from '../network-policies/index.ts';

/** As objects that can be asked about beside those of the world, each once. */
export function strangersIn(uses: readonly RequiredUse[], { pods }: World): Raw[] {
  const found = new Map<string, Raw>();
  for (const { to } of uses) {
    if (to.kind !== 'pods') continue;
    const { namespace, labels } = to;
    const key = JSON.stringify([namespace, labels]);
    if (found.has(key) || pods.some((pod) => pod.namespace === namespace && mapMatches(labels, pod.labels))) continue;
    const metadata = { namespace, name: `stranger-${found.size}`, labels };
    found.set(key, { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] } });
  }
  return [...found.values()];
}

/** The same world with these pods in it. */
export function withStrangers(world: World, strangers: readonly Raw[]): World {
  if (strangers.length === 0) return world;
  const { pods, namespaces } = readWorld(strangers);
  return { ...world, pods: [...world.pods, ...pods], namespaces: new Map([...namespaces, ...world.namespaces]) };
}
