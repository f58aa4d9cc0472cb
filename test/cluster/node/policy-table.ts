/**
 * Network policies as one table of the kernel's packet filter: what a network plug-in does for the pods of its node.
 * Knows NetworkPolicy and IPv4. Written by the documentation of Kubernetes alone and not with what Castellan knows of
 * policies, so that packets can contradict it.
 */

import { isReachable, type Peer, type Pod, type Policy, type PolicyPort, type Rule, selects, type World } from './policy-objects.ts';

type Direction = 'ingress' | 'egress';

/** In the language of `nft -f`; it replaces the table that was there. */
export function policyTable(world: World): string {
  const own = world.pods.filter((pod) => pod.spec.nodeName === world.node && isReachable(pod));
  const chains = own.flatMap((pod, index) =>
    (['ingress', 'egress'] as const).flatMap((direction) => chainOf(pod, { direction, index, world })),
  );
  const forward = [
    'type filter hook forward priority 0; policy accept;',
    'ct state established,related accept',
    ...chains.map(({ jump }) => jump),
  ];
  const all = [...chains.map(({ text }) => text), block('chain forward', forward)];
  return `table inet policies\ndelete table inet policies\n${block('table inet policies', all)}\n`;
}

interface Place {
  direction: Direction;
  index: number;
  world: World;
}

/** A pod that no policy selects in this direction has no chain: all passes. */
function chainOf(pod: Pod, { direction, index, world }: Place): { text: string; jump: string }[] {
  const policies = world.policies.filter((policy) => isOver(policy, pod, direction));
  if (policies.length === 0) return [];
  const passes = policies.flatMap((policy) =>
    (policy.spec[direction] ?? []).flatMap((rule) => passesOf(rule, { pod, policy, direction, world })),
  );
  const name = `${direction}${index}`;
  const end = direction === 'ingress' ? 'daddr' : 'saddr';
  // Returned and not accepted: the pod at the other end may have policies of its own.
  const text = block(`chain ${name}`, [...passes.map((pass) => `${pass} return`.trim().replaceAll('  ', ' ')), 'drop']);
  return [{ text, jump: `ip ${end} ${pod.status?.podIP ?? ''} jump ${name}` }];
}

function isOver({ metadata, spec }: Policy, pod: Pod, direction: Direction): boolean {
  const types = spec.policyTypes ?? ['Ingress', ...(spec.egress === undefined ? [] : ['Egress'])];
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  return metadata.namespace === pod.metadata.namespace && types.includes(type) && selects(spec.podSelector ?? {}, pod.metadata.labels);
}

interface Case {
  pod: Pod;
  policy: Policy;
  direction: Direction;
  world: World;
}

function passesOf(rule: Rule, { pod, policy, direction, world }: Case): string[] {
  const far = direction === 'ingress' ? 'saddr' : 'daddr';
  const peers = (direction === 'ingress' ? rule.from : rule.to) ?? [];
  const places = peers.length === 0 ? [''] : peers.flatMap((peer) => placesOf(peer, { far, policy, world }));
  if ((rule.ports ?? []).length === 0) return places;
  // The name of a port is looked up at the pod that is connected to.
  const targets = direction === 'ingress' ? [pod] : world.pods.filter(isReachable);
  const ports = (rule.ports ?? []).flatMap((port) =>
    portsOf(world.fault === 'ranges' ? { ...port, endPort: undefined } : port, targets, direction),
  );
  return places.flatMap((place) => ports.map((port) => `${place}${port}`));
}

function placesOf(peer: Peer, { far, policy, world }: { far: string; policy: Policy; world: World }): string[] {
  if (peer.ipBlock !== undefined) {
    const { cidr, except = [] } = world.fault === 'exceptions' ? { cidr: peer.ipBlock.cidr } : peer.ipBlock;
    return [`ip ${far} ${cidr} ${except.length > 0 ? `ip ${far} != ${setOf(except)} ` : ''}`];
  }
  const found = world.pods.filter((pod) => isReachable(pod) && isPeer(pod, peer, { policy, world })).map((pod) => pod.status?.podIP ?? '');
  return found.length > 0 ? [`ip ${far} ${setOf(found)} `] : [];
}

function isPeer(pod: Pod, peer: Peer, { policy, world }: { policy: Policy; world: World }): boolean {
  if (!selects(peer.podSelector ?? {}, pod.metadata.labels)) return false;
  if (peer.namespaceSelector === undefined) return pod.metadata.namespace === policy.metadata.namespace;
  const home = world.namespaces.find(({ metadata }) => metadata.name === pod.metadata.namespace);
  return home !== undefined && selects(peer.namespaceSelector, home.metadata.labels);
}

function portsOf({ protocol = 'TCP', port, endPort }: PolicyPort, targets: readonly Pod[], direction: Direction): string[] {
  const kind = protocol.toLowerCase();
  if (port === undefined) return [`meta l4proto ${kind}`];
  if (typeof port === 'number') return [`${kind} dport ${port}${endPort === undefined ? '' : `-${endPort}`}`];
  return targets.flatMap((pod) =>
    pod.spec.containers
      .flatMap((container) => container.ports ?? [])
      .filter((own) => own.name === port && (own.protocol ?? 'TCP') === protocol)
      .map((own) => `${direction === 'egress' ? `ip daddr ${pod.status?.podIP ?? ''} ` : ''}${kind} dport ${own.containerPort}`),
  );
}

function setOf(items: readonly string[]): string {
  return `{ ${[...new Set(items)].join(', ')} }`;
}

function block(head: string, lines: readonly string[]): string {
  return `${head} {\n${lines.join('\n')}\n}`;
}
