import type { ApiObject, LabelSelector, Tables } from '../../model/index.ts';
import { LABELS_OF_ONE, isEmptySelector, selectorMatches } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { policyTypesOf } from './policies.ts';
import { describeSelector, inTheInput, isMadeByOperator } from './references.ts';

type Reads = Pick<Tables, 'workloads' | 'namespaces' | 'objects' | 'completeness'>;
type Peer = { readonly podSelector?: LabelSelector; readonly namespaceSelector?: LabelSelector };

const policy = (spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: ${spec}`;

export const rule = defineRule({
  id: 'dangling-netpol',
  title: 'NetworkPolicy that selects nothing',
  severity: 'low',
  area: 'network',
  rationale:
    'A policy whose selector matches no pod protects none, usually because a label was renamed, and a peer that matches nothing allows nothing until somebody starts a pod with that label.',
  remedy: 'Make the selector agree with the labels of the pod templates in the namespace of the policy, or delete the policy or the peer.',
  controls: nsa('network-policies'),
  aliases: {
    kubescape: ['C-0299'],
    'kube-linter': ['dangling-networkpolicy', 'dangling-networkpolicypeer-podselector'],
    'kube-score': ['networkpolicy-targets-pod'],
    popeye: ['1200', '1201', '1202', '1208', '1206', '1207'],
  },
  scope: 'object',
  kinds: ['NetworkPolicy'],
  reads: ['workloads', 'namespaces', 'objects', 'completeness'],
  check(object, tables) {
    const spec = object.body.spec ?? {};
    const hits: Hit[] = [];
    if (spec.podSelector !== undefined && isDangling({ podSelector: spec.podSelector }, object, tables)) {
      hits.push(
        hitOf(
          'podSelector',
          `selects no pod${inTheInput(tables.completeness)}: nothing in namespace "${object.namespace}" has ${describeSelector(spec.podSelector)}`,
          'spec.podSelector',
        ),
      );
    }
    const types = policyTypesOf(spec);
    if (types.includes('Ingress'))
      spec.ingress?.forEach((rule, index) =>
        hits.push(...danglingPeers({ peers: rule.from, path: `spec.ingress[${index}].from` }, object, tables)),
      );
    if (types.includes('Egress'))
      spec.egress?.forEach((rule, index) =>
        hits.push(...danglingPeers({ peers: rule.to, path: `spec.egress[${index}].to` }, object, tables)),
      );
    return hits;
  },
  examples: () => ({
    good: [
      // Labels that controllers give to pods.
      documents(
        withPod('').replace('Deployment', 'StatefulSet'),
        policy('{podSelector: {matchLabels: {statefulset.kubernetes.io/pod-name: web-0}}}'),
      ),
      documents(withPod(''), policy('{podSelector: {matchLabels: {pod-template-hash: abc}}}')),
      documents(
        withPod(''),
        policy('{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}'),
      ),
      documents(withPod(''), policy('{podSelector: {matchExpressions: [{key: legacy, operator: DoesNotExist}]}}')),
      // A default deny is right in an empty namespace too.
      policy('{podSelector: {}}'),
      // Pods of other namespaces are often given elsewhere.
      documents(
        withPod(''),
        policy(
          '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: ops}}, podSelector: {matchLabels: {app: prometheus}}}]}]}',
        ),
      ),
      // Rules of a direction that the policy is not about.
      documents(
        withPod(''),
        policy('{podSelector: {}, policyTypes: [Ingress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]}'),
      ),
    ],
    bad: [
      { yaml: documents(withPod(''), policy('{podSelector: {matchLabels: {app: api}}}')), path: 'spec.podSelector' },
      { yaml: documents(withPod(''), policy('{podSelector: {matchLabels: {app: web}}}').replace('shop', 'ops')), path: 'spec.podSelector' },
      {
        yaml: documents(
          withPod(''),
          policy('{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}, {podSelector: {matchLabels: {app: db}}}]}]}'),
        ),
        path: 'spec.egress[0].to[1].podSelector',
      },
    ],
  }),
});

function danglingPeers({ peers, path }: { peers: readonly Peer[] | undefined; path: string }, object: ApiObject, tables: Reads): Hit[] {
  const hits: Hit[] = [];
  for (const [index, peer] of (peers ?? []).entries()) {
    if (!isDangling(peer, object, tables)) continue;
    const where = peer.namespaceSelector === undefined ? '' : ' in any namespace that it names';
    const what = describeSelector(peer.podSelector ?? peer.namespaceSelector);
    const direction = path.startsWith('spec.ingress') ? 'ingress' : 'egress';
    const field = peer.podSelector === undefined ? 'namespaceSelector' : 'podSelector';
    hits.push(
      hitOf(
        `${direction} ${what}`,
        `has an ${direction} peer that matches nothing${inTheInput(tables.completeness)}: no pod${where} has ${what}`,
        `${path}[${index}].${field}`,
      ),
    );
  }
  return hits;
}

/** Whether selectors match no pod. Other namespaces are judged only when all of them are known. */
function isDangling({ podSelector, namespaceSelector }: Peer, object: ApiObject, tables: Reads): boolean {
  if (podSelector !== undefined && selectsByController(podSelector)) return false;
  if (namespaceSelector === undefined) {
    if (podSelector === undefined || isEmptySelector(podSelector)) return false;
    return (
      tables.workloads.matching(object.namespace, podSelector).length === 0 &&
      !isMadeByOperator(object.namespace, podSelector, tables.objects)
    );
  }
  if (!tables.completeness.complete || isEmptySelector(namespaceSelector)) return false;
  return !namespacesMatching(namespaceSelector, tables.namespaces).some(
    (name) =>
      podSelector === undefined ||
      isEmptySelector(podSelector) ||
      tables.workloads.matching(name, podSelector).length > 0 ||
      isMadeByOperator(name, podSelector, tables.objects),
  );
}

/** Such labels stand in no template: policy-selects-no-pod and peer-matches-no-pod know them. */
function selectsByController({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key ?? '')].some((key) => LABELS_OF_ONE.has(key));
}

const MATCHING = new WeakMap<Tables['namespaces'], Map<string, readonly string[]>>();

/** Each selector is tried once, however many policies hold it. */
function namespacesMatching(selector: LabelSelector, namespaces: Tables['namespaces']): readonly string[] {
  let known = MATCHING.get(namespaces);
  if (known === undefined) MATCHING.set(namespaces, (known = new Map()));
  const key = JSON.stringify(selector);
  let names = known.get(key);
  if (names === undefined) {
    names = namespaces.all.filter((namespace) => selectorMatches(selector, namespace.labels)).map((namespace) => namespace.name);
    known.set(key, names);
  }
  return names;
}

function hitOf(key: string, message: string, path: string): Hit {
  return { key, message, path };
}
