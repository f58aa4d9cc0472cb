/** What the keeper of network policies reads of the API's objects, and what a selector takes. */

interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
}

export interface PolicyPort {
  protocol?: string;
  port?: number | string;
  endPort?: number | undefined;
}

export interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: PolicyPort[];
}

interface Metadata {
  uid: string;
  name: string;
  namespace: string;
  labels?: Record<string, string>;
}

export interface Pod {
  metadata: Metadata;
  spec: {
    nodeName?: string;
    hostNetwork?: boolean;
    containers: { ports?: { name?: string; containerPort: number; protocol?: string }[] }[];
  };
  status?: { podIP?: string; phase?: string };
}

export interface Namespace {
  metadata: Metadata;
}

export interface Policy {
  metadata: Metadata;
  spec: { podSelector?: Selector; policyTypes?: string[]; ingress?: Rule[]; egress?: Rule[] };
}

export interface World {
  node: string;
  /** A planted one: `exceptions` takes ranges without their exceptions, `ranges` of a range of ports only the first. */
  fault?: string;
  pods: readonly Pod[];
  namespaces: readonly Namespace[];
  policies: readonly Policy[];
}

/** An empty selector takes everything. */
export function selects(selector: Selector, labels: Record<string, string> = {}): boolean {
  const pairs = Object.entries(selector.matchLabels ?? {});
  return (
    pairs.every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every((expression) => holds(expression, labels))
  );
}

function holds(
  { key, operator, values = [] }: { key: string; operator: string; values?: string[] },
  labels: Record<string, string>,
): boolean {
  const value = labels[key];
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  const among = value !== undefined && values.includes(value);
  return operator === 'In' ? among : !among;
}

export function isReachable({ spec, status }: Pod): boolean {
  return status?.podIP !== undefined && spec.hostNetwork !== true && status.phase !== 'Succeeded' && status.phase !== 'Failed';
}
