/** The network engine's answers for rules: worked out when the first of them asks, once for each cluster. */
import {
  type Direction,
  type Policy,
  type Protocol,
  type RangePeer,
  Relation,
  type World,
  contains,
  placeOf,
  policyRef,
  readWorld,
} from '../../engines/network/index.ts';
import { valueAt } from '../../lib/field-path.ts';
import { shortHash } from '../../lib/hash.ts';
import { type ApiObject, type Tables, isRecord } from '../../model/index.ts';

export const POLICY_KINDS = ['NetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'] as const;
export type PolicyObject = ApiObject<(typeof POLICY_KINDS)[number]>;

/** Every kind that the engine reads, for `reads` of a rule that asks it. */
const WORLD_TABLES = [
  ...POLICY_KINDS,
  'Namespace',
  'Node',
  'Service',
  'Ingress',
  'Route',
  'Gateway',
  'GatewayClass',
  'ReferenceGrant',
  'HTTPRoute',
  'GRPCRoute',
  'TLSRoute',
  'TCPRoute',
  'UDPRoute',
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
  'DeploymentConfig',
  'Rollout',
  'Sandbox',
  'SandboxTemplate',
] as const;
export const NETWORK_TABLES = [...WORLD_TABLES, 'completeness'] as const;
export type NetworkTables = Pick<Tables, (typeof NETWORK_TABLES)[number]>;

export interface Network {
  readonly world: World;
  readonly relation: Relation;
  /** By the number under which the engine knows them. */
  readonly objects: readonly ApiObject[];
  /** Undefined for a policy that is not in force: one that the API server refuses, or of whose name there is a later one. */
  policyOf(object: PolicyObject): Policy | undefined;
  objectOf(policy: Policy): PolicyObject | undefined;
  /** Whether what is not there is surely absent: pods of a namespace of which none is in the input may well exist. */
  knows(namespace: string): boolean;
}

const NETWORKS = new WeakMap<NetworkTables['NetworkPolicy'], Network>();

export function networkOf(tables: NetworkTables): Network {
  let network = NETWORKS.get(tables.NetworkPolicy);
  if (network === undefined) NETWORKS.set(tables.NetworkPolicy, (network = build(tables)));
  return network;
}

export function hasPolicies(tables: NetworkTables): boolean {
  return POLICY_KINDS.some((kind) => tables[kind].all.length > 0);
}

function build(tables: NetworkTables): Network {
  // What the server would not take by its types is no policy in force, however much of it is left.
  const objects = WORLD_TABLES.flatMap((kind): readonly ApiObject[] => tables[kind].all)
    .filter(({ known, misfits }) => misfits.length === 0 || !isPolicyKind(known))
    .toSorted((a, b) => a.id - b.id);
  const world = readWorld(objects.map(({ body }) => body));
  const inForce = new Map(world.policies.map((policy) => [policyRef(policy), policy]));
  const standing = new Map<string, PolicyObject>();
  for (const object of objects) if (isPolicy(object)) standing.set(refOfPolicy(object), object);
  const inhabited = new Set(world.pods.map(({ namespace }) => namespace));
  return {
    world,
    relation: new Relation(world),
    objects,
    policyOf: (object) => (standing.get(refOfPolicy(object)) === object ? inForce.get(refOfPolicy(object)) : undefined),
    objectOf: (policy) => standing.get(policyRef(policy)),
    knows: (namespace) => tables.completeness.complete || inhabited.has(namespace),
  };
}

function isPolicyKind(kind: string | undefined): boolean {
  return POLICY_KINDS.some((known) => known === kind);
}

function isPolicy(object: ApiObject): object is PolicyObject {
  return isPolicyKind(object.known);
}

function refOfPolicy({ kind, namespace, name }: PolicyObject): string {
  return policyRef({ kind, namespace, name });
}

/** Tells the rules of a policy apart by what they say, as they have no names and their numbers move. */
export function ruleKey({ body }: PolicyObject, direction: Direction, number: number): string {
  return `${direction} ${shortHash(JSON.stringify(canonical(valueAt(body, ['spec', direction, number - 1]))) ?? '')}`;
}

/** The same for a rule as it is written and as the server keeps it: keys in order, and without the protocol that it fills in. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(canonical);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([key, one]) => !(key === 'protocol' && one === 'TCP'));
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, canonical(one)]));
}

/** The field that holds a range. */
export function rangePath({ known }: Pick<PolicyObject, 'known'>, { direction, rule, peer }: RangePeer): string {
  const path = `spec.${direction}[${rule.number - 1}].${direction === 'ingress' ? 'from' : 'to'}[${peer - 1}]`;
  return `${path}.${known === 'NetworkPolicy' ? 'ipBlock' : 'networks'}`;
}

/** Whether a rule is about the port, by its number. */
export function allows({ ports }: RangePeer['rule'], protocol: Protocol, port: number): boolean {
  return ports === undefined || contains(ports.numbers, placeOf(protocol, port));
}
