/** Links as policies: everything is denied in each namespace, and each unit is allowed what it needs. */
import {
  NAME_LABEL,
  type Intervals,
  PROTOCOLS,
  type Protocol,
  intersection,
  portAt,
  spans,
  wholeProtocol,
} from '../../engines/network/index.ts';
import type { Labels } from '../../model/index.ts';
import type { Evidence } from './evidence.ts';
import { type Link, type LinkPeer, type RuleDraft, mergedRules } from './links.ts';
import { DEFAULT_DENY, type Unit, type Units } from './units.ts';

export interface Drafted {
  /** As it is applied. */
  readonly object: Readonly<Record<string, unknown>>;
  /** Undefined for what is for a whole namespace. */
  readonly unit: Unit | undefined;
  readonly namespace: string;
  readonly name: string;
  /** For each rule of `ingress` and of `egress`, in their order. */
  readonly evidence: { readonly ingress: readonly (readonly Evidence[])[]; readonly egress: readonly (readonly Evidence[])[] };
}

export type MakeRules = (links: readonly Link[]) => RuleDraft[];

/** How everything that is generated can be found again. */
export const MARK: Labels = { 'app.kubernetes.io/managed-by': 'castellan' };

export function networkPolicies(units: Units, links: readonly Link[], rules: MakeRules = mergedRules): Drafted[] {
  const namespaces = [...new Set(units.all.filter(({ policed }) => policed).map(({ namespace }) => namespace))].toSorted();
  return namespaces.flatMap((namespace) => {
    const own = units.all.filter((unit) => unit.policed && unit.namespace === namespace && unit.selector !== undefined);
    return [
      denyAll(namespace),
      ...own.map((unit) =>
        policyFor(
          unit,
          links.filter((link) => link.unit === unit),
          rules,
        ),
      ),
    ];
  });
}

function denyAll(namespace: string): Drafted {
  const object = policyObject({ namespace, name: DEFAULT_DENY }, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  return { object, unit: undefined, namespace, name: DEFAULT_DENY, evidence: { ingress: [], egress: [] } };
}

function policyFor(unit: Unit, links: readonly Link[], rules: MakeRules): Drafted {
  const { namespace, name, selector } = unit;
  const [ingress, egress] = (['ingress', 'egress'] as const).map((direction) =>
    rules(links.filter((link) => link.direction === direction)),
  );
  const spec = {
    podSelector: selector,
    policyTypes: ['Ingress', 'Egress'],
    ...(ingress !== undefined && ingress.length > 0 && { ingress: ingress.map((rule) => ruleObject(rule, 'from', namespace)) }),
    ...(egress !== undefined && egress.length > 0 && { egress: egress.map((rule) => ruleObject(rule, 'to', namespace)) }),
  };
  const evidenceOf = (drafts: readonly RuleDraft[] | undefined): (readonly Evidence[])[] => (drafts ?? []).map(({ evidence }) => evidence);
  return {
    object: policyObject({ namespace, name }, spec),
    unit,
    namespace,
    name,
    evidence: { ingress: evidenceOf(ingress), egress: evidenceOf(egress) },
  };
}

function policyObject({ namespace, name }: { namespace: string; name: string }, spec: Record<string, unknown>): Drafted['object'] {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace, labels: MARK }, spec };
}

function ruleObject({ peers, ports }: RuleDraft, field: 'from' | 'to', namespace: string): Record<string, unknown> {
  const written = portsOf(ports);
  return { [field]: peers.map((peer) => peerObject(peer, namespace)), ...(written !== undefined && { ports: written }) };
}

function peerObject(peer: LinkPeer, namespace: string): Record<string, unknown> {
  switch (peer.kind) {
    case 'addresses':
      return { ipBlock: { cidr: peer.cidr, ...(peer.except !== undefined && { except: peer.except }) } };
    case 'anybody':
      return { namespaceSelector: {} };
    case 'pods':
      return {
        namespaceSelector: { matchLabels: { [NAME_LABEL]: peer.namespace } },
        ...(Object.keys(peer.labels).length > 0 && { podSelector: { matchLabels: peer.labels } }),
      };
    default: {
      const { unit } = peer;
      const pods = { podSelector: unit.selector ?? {} };
      return unit.namespace === namespace ? pods : { namespaceSelector: { matchLabels: { [NAME_LABEL]: unit.namespace } }, ...pods };
    }
  }
}

interface Port {
  protocol: Protocol;
  port?: number;
  endPort?: number;
}

/** Undefined for all ports of all protocols. */
export function portsOf(ports: Intervals<number>): Port[] | undefined {
  const written = PROTOCOLS.flatMap((protocol): Port[] => {
    const whole = wholeProtocol(protocol);
    const own = intersection(ports, whole);
    if (own.join() === whole.join()) return [{ protocol }];
    return [...spans(own)].map(([start, end]) => {
      const [{ port }, { port: last }] = [portAt(start), portAt(end - 1)];
      return { protocol, port, ...(last > port && { endPort: last }) };
    });
  });
  return written.length === PROTOCOLS.length && written.every(({ port }) => port === undefined) ? undefined : written;
}
