/**
 * Which workloads are isolated, in which direction: NetworkPolicies, those of administrators and Cilium's are read, those
 * of other makers are only known to be there.
 */
import {
  type ApiObject,
  type BodyOf,
  LABELS_OF_ONE,
  POD_NAME,
  type LabelSelector,
  type Tables,
  type Workload,
  controllerLabels,
  isEmptySelector,
  selectorMatches,
} from '../../model/index.ts';

import { adminIsolationOf } from './admin-isolation.ts';
import { NETWORK_TABLES, POLICY_KINDS } from './network.ts';

export const POLICY_TABLES = [...NETWORK_TABLES, 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'workloads', 'objects'] as const;
type PolicyTables = Pick<Tables, (typeof POLICY_TABLES)[number]>;

interface Isolation {
  readonly ingress: boolean;
  readonly egress: boolean;
  /** A policy that may isolate the workload too, in a language that is not read here. */
  readonly unclear: ApiObject | undefined;
  /** A policy that is for some of its pods only, by labels that a controller gives to each. */
  readonly partly: ApiObject | undefined;
  /** Whether a policy of an administrator has a say, be it a small one. */
  readonly administered: boolean;
}

type Direction = 'Ingress' | 'Egress';
type PolicySpec = NonNullable<BodyOf<'NetworkPolicy'>['spec']>;
type CiliumRule = NonNullable<BodyOf<'CiliumNetworkPolicy'>['spec']>;

const INGRESS = 1;
const EGRESS = 2;

/** The directions that a NetworkPolicy is about; without policyTypes it is Ingress, and Egress when it has such rules. */
export function policyTypesOf(spec: PolicySpec): readonly Direction[] {
  const named = spec.policyTypes ?? [];
  if (named.length > 0) return (['Ingress', 'Egress'] as const).filter((type) => named.includes(type));
  return (spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

export function isolationOf(workload: Workload, tables: PolicyTables): Isolation {
  const index = indexOf(tables);
  const bits = (index.byWorkload.get(workload) ?? 0) | (index.byNamespace.get(workload.namespace) ?? 0);
  const admin = adminIsolationOf(workload, tables);
  return {
    ingress: (bits & INGRESS) !== 0 || admin.ingress,
    egress: (bits & EGRESS) !== 0 || admin.egress,
    administered: admin.concerned,
    partly: index.partly.get(workload),
    unclear: index.unclearFor.get(workload) ?? index.unclearIn.get(workload.namespace) ?? index.unclearIn.get(''),
  };
}

/** A pod on the node's network is beyond the reach of policies, and what a node file starts is the node's own. */
export function isReachedByPolicies(workload: Workload): boolean {
  return workload.pod.hostNetwork !== true && !workload.isMirrorPod;
}

interface Index {
  readonly byWorkload: Map<Workload, number>;
  /** From policies that select every pod of a namespace. */
  readonly byNamespace: Map<string, number>;
  readonly partly: Map<Workload, ApiObject>;
  readonly unclearFor: Map<Workload, ApiObject>;
  /** By namespace; '' for those of the whole cluster. */
  readonly unclearIn: Map<string, ApiObject>;
}

const INDEXES = new WeakMap<PolicyTables['workloads'], Index>();

function indexOf(tables: PolicyTables): Index {
  let index = INDEXES.get(tables.workloads);
  if (index === undefined) INDEXES.set(tables.workloads, (index = build(tables)));
  return index;
}

function build(tables: PolicyTables): Index {
  const index: Index = {
    byWorkload: new Map(),
    byNamespace: new Map(),
    partly: new Map(),
    unclearFor: new Map(),
    unclearIn: new Map(),
  };
  for (const policy of tables.NetworkPolicy.all) addNetworkPolicy(policy, tables, index);
  for (const policy of tables.CiliumNetworkPolicy.all) {
    for (const rule of rulesOf(policy.body)) addCiliumRule(rule, policy, { index, candidates: tables.workloads.in(policy.namespace) });
  }
  for (const policy of tables.CiliumClusterwideNetworkPolicy.all) {
    for (const rule of rulesOf(policy.body)) addCiliumRule(rule, policy, { index, candidates: tables.workloads.all });
  }
  for (const object of tables.objects.all) {
    if (isForeignPolicy(object) && !index.unclearIn.has(object.namespace)) index.unclearIn.set(object.namespace, object);
  }
  return index;
}

function addNetworkPolicy(policy: ApiObject<'NetworkPolicy'>, { workloads }: PolicyTables, index: Index): void {
  const spec = policy.body.spec ?? {};
  const bits = policyTypesOf(spec).reduce((sum, type) => sum | (type === 'Ingress' ? INGRESS : EGRESS), 0);
  const selector = spec.podSelector;
  if (selector === undefined || isEmptySelector(selector)) {
    index.byNamespace.set(policy.namespace, (index.byNamespace.get(policy.namespace) ?? 0) | bits);
    return;
  }
  for (const workload of workloads.matching(policy.namespace, selector)) addBits(index, workload, bits);
  const wider = withoutLabelsOfOne(selector);
  if (wider === undefined) return;
  for (const workload of workloads.matching(policy.namespace, wider.selector)) {
    const given = controllerLabels({ kind: workload.kind, name: workload.name, uid: '', spec: {} });
    if (
      wider.asked.every(
        ([key, values]) => Object.hasOwn(given, key) && (key !== POD_NAME || values.some((value) => isOneOf(value, workload))),
      )
    )
      index.partly.set(workload, policy);
  }
}

/** `db-0` is of the StatefulSet `db`. */
function isOneOf(pod: string, { name }: Workload): boolean {
  return pod.startsWith(`${name}-`) && /^\d+$/.test(pod.slice(name.length + 1));
}

/** And the keys and values that it is without; undefined where it asks for no value that only some pods of a workload have. */
function withoutLabelsOfOne({
  matchLabels = {},
  matchExpressions = [],
}: LabelSelector): { selector: LabelSelector; asked: readonly (readonly [key: string, values: readonly string[]])[] } | undefined {
  const isOfOne = ({ key = '', operator }: NonNullable<LabelSelector['matchExpressions']>[number]): boolean =>
    operator === 'In' && LABELS_OF_ONE.has(key);
  const labels = Object.entries(matchLabels);
  const asked = [
    ...labels.filter(([key]) => LABELS_OF_ONE.has(key)).map(([key, value]) => [key, [value]] as const),
    ...matchExpressions.filter(isOfOne).map(({ key = '', values = [] }) => [key, values] as const),
  ];
  if (asked.length === 0) return undefined;
  const rest = Object.fromEntries(labels.filter(([key]) => !LABELS_OF_ONE.has(key)));
  return { selector: { matchLabels: rest, matchExpressions: matchExpressions.filter((one) => !isOfOne(one)) }, asked };
}

function rulesOf(body: BodyOf<'CiliumNetworkPolicy'>): readonly CiliumRule[] {
  return body.spec === undefined ? (body.specs ?? []) : [body.spec, ...(body.specs ?? [])];
}

function addCiliumRule(
  rule: CiliumRule,
  policy: ApiObject,
  { index, candidates }: { index: Index; candidates: readonly Workload[] },
): void {
  // A rule without a selector of endpoints is one for nodes.
  if (rule.endpointSelector === undefined) return;
  const bits = ciliumBits(rule);
  if (bits === 0) return;
  const selector = readCiliumSelector(rule.endpointSelector);
  for (const workload of candidates) {
    const labels = selector.byNamespace ? { ...workload.labels, [POD_NAMESPACE]: workload.namespace } : workload.labels;
    if (!selectorMatches(selector.readable, labels)) continue;
    if (!selector.whole) index.unclearFor.set(workload, policy);
    else addBits(index, workload, bits);
  }
}

/** An empty list of rules isolates nothing in Cilium; a list with an empty rule denies all. */
function ciliumBits({ ingress = [], ingressDeny = [], egress = [], egressDeny = [], enableDefaultDeny }: CiliumRule): number {
  const ingressOn = enableDefaultDeny?.ingress ?? ingress.length + ingressDeny.length > 0;
  const egressOn = enableDefaultDeny?.egress ?? egress.length + egressDeny.length > 0;
  return (ingressOn ? INGRESS : 0) | (egressOn ? EGRESS : 0);
}

const POD_NAMESPACE = 'io.kubernetes.pod.namespace';

interface CiliumSelector {
  /** What it says about labels of the pod. */
  readable: LabelSelector;
  /** False when it also asks for something else: a label of the namespace, an identity of Cilium. */
  whole: boolean;
  byNamespace: boolean;
}

function readCiliumSelector(selector: LabelSelector): CiliumSelector {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: NonNullable<LabelSelector['matchExpressions']>[number][] = [];
  let whole = true;
  let byNamespace = false;
  const readKey = (written: string): string | undefined => {
    const key = written.replace(/^(?:k8s|any)[:.]/, '');
    if (key === POD_NAMESPACE) byNamespace = true;
    else if (key.startsWith('io.kubernetes.') || key.startsWith('io.cilium.') || /^(?:reserved|container|cidr)[:.]/.test(key)) {
      whole = false;
      return undefined;
    }
    return key;
  };
  for (const [written, value] of Object.entries(selector.matchLabels ?? {})) {
    const key = readKey(written);
    if (key !== undefined) matchLabels[key] = value;
  }
  for (const expression of selector.matchExpressions ?? []) {
    const key = readKey(expression.key ?? '');
    if (key !== undefined) matchExpressions.push({ ...expression, key });
  }
  return { readable: { matchLabels, matchExpressions }, whole, byNamespace };
}

function addBits(index: Index, workload: Workload, bits: number): void {
  index.byWorkload.set(workload, (index.byWorkload.get(workload) ?? 0) | bits);
}

/** Policies of Calico and Antrea, whose selectors have languages of their own. */
function isForeignPolicy({ known, kind, group }: ApiObject): boolean {
  if (!kind.endsWith('NetworkPolicy') || POLICY_KINDS.some((one) => one === known)) return false;
  return group.endsWith('projectcalico.org') || group.endsWith('antrea.io');
}
