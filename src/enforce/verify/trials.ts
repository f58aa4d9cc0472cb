/**
 * How each part of NetworkPolicy is tried: policies, and what must stop and what must flow under them. A trial has
 * something that stops, something that the policy allows by the very part that is tried, and traffic beside it that no
 * policy touches, so that a network that is down is not taken for one that is held.
 */
import type { Fields, Resource } from './api.ts';
import { NETWORK_POLICIES } from './api.ts';
import type { Direction, Feature, Part } from './features.ts';
import { type Client, NAME_LABEL, PORT_NAME, type PodName, TCP, TONE_LABEL, type Target, UDP } from './pods.ts';
import { type Run, labelsOf } from './run.ts';

export interface Probe {
  from: Client;
  to: Target;
  port: number;
  protocol: 'TCP' | 'UDP';
}

/** `stops` and `flows` under the policy; `beside` flows, and has nothing to do with it. */
export interface Expectation {
  probe: Probe;
  role: 'stops' | 'flows' | 'beside';
}

export interface PolicyObject {
  resource: Resource;
  object: Fields;
}

/** What a policy must know of the pods that run. */
export interface Scene {
  run: Run;
  /** Of the pod, without a length. */
  address: (pod: PodName) => string;
}

export interface Trial {
  feature: Feature;
  expectations: readonly Expectation[];
  policies: (scene: Scene) => readonly PolicyObject[];
}

const [WEB, SECOND, THIRD] = TCP;
const [DNS, OTHER_DNS] = UDP;

/** A port has one protocol. */
export function probeOf(from: Client, to: Target, port: number = WEB): Probe {
  return { from, to, port, protocol: port === DNS || port === OTHER_DNS ? 'UDP' : 'TCP' };
}

/** In the results of the client that asks. */
export function keyOf({ to, port, protocol }: Probe): string {
  return `${to}:${port}/${protocol}`;
}

const stops = (probe: Probe): Expectation => ({ probe, role: 'stops' });
const flows = (probe: Probe): Expectation => ({ probe, role: 'flows' });
const beside = (probe: Probe): Expectation => ({ probe, role: 'beside' });

/** Undefined for what no trial can be made of. */
export function partTrial(direction: Direction, part: Part): Trial | undefined {
  if (part === 'sctp') return undefined;
  const feature: Feature = `${direction}-${part}`;
  const expectations = direction === 'ingress' ? INGRESS[part] : EGRESS[part];
  const subject = direction === 'ingress' ? 'server' : 'near';
  return {
    feature,
    expectations,
    policies: (scene) => [networkPolicy(scene.run, { subject, direction, rules: rulesOf(part, direction, scene) })],
  };
}

const BESIDE_INGRESS = beside(probeOf('near', 'other'));
const INGRESS: Readonly<Record<Exclude<Part, 'sctp'>, readonly Expectation[]>> = {
  deny: [stops(probeOf('near', 'server')), stops(probeOf('far', 'server')), BESIDE_INGRESS],
  'pod-selectors': [flows(probeOf('near', 'server')), stops(probeOf('far', 'server')), beside(probeOf('far', 'other'))],
  'namespace-selectors': [flows(probeOf('outer', 'server')), stops(probeOf('near', 'server')), BESIDE_INGRESS],
  'pods-in-namespaces': [
    flows(probeOf('near', 'server')),
    stops(probeOf('far', 'server')),
    stops(probeOf('outer', 'server')),
    beside(probeOf('far', 'other')),
  ],
  blocks: [flows(probeOf('near', 'server')), stops(probeOf('far', 'server')), beside(probeOf('far', 'other'))],
  'block-exceptions': [flows(probeOf('near', 'server')), stops(probeOf('far', 'server')), beside(probeOf('far', 'other'))],
  ports: [flows(probeOf('near', 'server')), stops(probeOf('near', 'server', SECOND)), BESIDE_INGRESS],
  'port-ranges': [
    flows(probeOf('near', 'server')),
    flows(probeOf('near', 'server', SECOND)),
    stops(probeOf('near', 'server', THIRD)),
    BESIDE_INGRESS,
  ],
  'named-ports': [flows(probeOf('near', 'server')), stops(probeOf('near', 'server', SECOND)), BESIDE_INGRESS],
  udp: [
    flows(probeOf('near', 'server', DNS)),
    stops(probeOf('near', 'server', OTHER_DNS)),
    stops(probeOf('near', 'server')),
    BESIDE_INGRESS,
  ],
};

const BESIDE_EGRESS = beside(probeOf('far', 'server'));
const EGRESS: Readonly<Record<Exclude<Part, 'sctp'>, readonly Expectation[]>> = {
  deny: [stops(probeOf('near', 'server')), stops(probeOf('near', 'other')), BESIDE_EGRESS],
  'pod-selectors': [flows(probeOf('near', 'server')), stops(probeOf('near', 'other')), beside(probeOf('far', 'other'))],
  'namespace-selectors': [flows(probeOf('near', 'abroad')), stops(probeOf('near', 'server')), BESIDE_EGRESS],
  'pods-in-namespaces': [
    flows(probeOf('near', 'server')),
    stops(probeOf('near', 'other')),
    stops(probeOf('near', 'abroad')),
    beside(probeOf('far', 'other')),
  ],
  blocks: [flows(probeOf('near', 'server')), stops(probeOf('near', 'other')), beside(probeOf('far', 'other'))],
  'block-exceptions': [flows(probeOf('near', 'server')), stops(probeOf('near', 'other')), beside(probeOf('far', 'other'))],
  ports: [flows(probeOf('near', 'server')), stops(probeOf('near', 'server', SECOND)), BESIDE_EGRESS],
  'port-ranges': [
    flows(probeOf('near', 'server')),
    flows(probeOf('near', 'server', SECOND)),
    stops(probeOf('near', 'server', THIRD)),
    BESIDE_EGRESS,
  ],
  'named-ports': [flows(probeOf('near', 'server')), stops(probeOf('near', 'server', SECOND)), BESIDE_EGRESS],
  udp: [
    flows(probeOf('near', 'server', DNS)),
    stops(probeOf('near', 'server', OTHER_DNS)),
    stops(probeOf('near', 'server')),
    BESIDE_EGRESS,
  ],
};

/** The one rule that the policy has, or none. */
function rulesOf(part: Exclude<Part, 'sctp'>, direction: Direction, { run, address }: Scene): Fields[] {
  const [friend, stranger]: readonly PodName[] = direction === 'ingress' ? ['near', 'far'] : ['server', 'other'];
  const peer = (one: Fields): Fields[] => [{ [direction === 'ingress' ? 'from' : 'to']: [one] }];
  const ports = (one: Fields): Fields[] => [{ ports: [one] }];
  const named = (name: string): Fields => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });
  switch (part) {
    case 'deny':
      return [];
    case 'pod-selectors':
      return peer({ podSelector: podSelector(friend ?? '') });
    case 'namespace-selectors':
      return peer({ namespaceSelector: named(run.other) });
    case 'pods-in-namespaces':
      return peer({ namespaceSelector: named(run.namespace), podSelector: { matchLabels: { [TONE_LABEL]: 'high' } } });
    case 'blocks':
      return peer({ ipBlock: { cidr: single(address(friend ?? 'server')) } });
    case 'block-exceptions': {
      const out = address(stranger ?? 'other');
      return peer({ ipBlock: { cidr: out.includes(':') ? '::/0' : '0.0.0.0/0', except: [single(out)] } });
    }
    case 'ports':
      return ports({ port: WEB });
    case 'port-ranges':
      return ports({ port: WEB, endPort: SECOND });
    case 'named-ports':
      return ports({ port: PORT_NAME });
    default:
      return ports({ port: DNS, protocol: 'UDP' });
  }
}

/** The pod of the other node may use one port, that of the same node none. */
export const acrossNodes: Trial = {
  feature: 'across-nodes',
  expectations: [
    flows(probeOf('far', 'server')),
    stops(probeOf('far', 'server', SECOND)),
    stops(probeOf('near', 'server')),
    BESIDE_INGRESS,
  ],
  policies: ({ run }) => [
    networkPolicy(run, {
      subject: 'server',
      direction: 'ingress',
      rules: [{ from: [{ podSelector: podSelector('far') }], ports: [{ port: WEB }] }],
    }),
  ],
};

export function networkPolicy(
  run: Run,
  { subject, direction, rules }: { subject: PodName; direction: Direction; rules: readonly Fields[] },
): PolicyObject {
  const object = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `trial-${subject}`, namespace: run.namespace, labels: labelsOf(run) },
    spec: {
      podSelector: podSelector(subject),
      policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'],
      ...(rules.length > 0 && { [direction]: rules }),
    },
  };
  return { resource: NETWORK_POLICIES, object };
}

export function podSelector(pod: string): Fields {
  return { matchLabels: { [NAME_LABEL]: pod } };
}

function single(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}
