/**
 * Whether policies and webhooks let pods into a namespace by which their writer has a node, or runs as an account. An edge
 * is gone only where every such pod is refused, whatever else it says; it is certain where one of them is let in.
 */
import { ANYBODY, type BoundPolicy, type PodRequest, anyPod, controllerUser, decide, matches } from '../engines/admission-policy/index.ts';
import { type Budget, FALSE, SOMETHING, TRUE, type Value } from '../engines/cel/index.ts';
import type { ApiObject, Labels, LabelSelector, Tables } from '../model/index.ts';
import { webhooksForPods } from './admission.ts';
import { ESCAPING_PODS, type EscapingPod, HOST_PROCESS_PODS, isUsable, writeOf, writeOfAny, writesOfContainers } from './escaping-pods.ts';

export type PodVerdict = 'passes' | 'refused' | 'unknown';
/** Who writes the pod: somebody himself, or the controller of a workload that he makes. */
export type By = 'somebody' | 'controller';

interface Options {
  /** Releases before 30 ask no policy unless they are told to. */
  readonly minor: number;
  /** The API server runs without the plug-in. */
  readonly off: boolean;
}

export interface Question {
  readonly by: By;
  /** As if this policy or configuration of webhooks were gone. */
  readonly without?: ApiObject;
  /** As if whoever writes the pod could first change the labels of the namespace. */
  readonly relabelled?: boolean;
}

const CONTROLLERS = ['replicaset', 'daemon-set', 'statefulset', 'job', 'replication'].map((name) => controllerUser(`${name}-controller`));
const MOST_STEPS = 30_000_000;
const MOST_BASES = 3;
const FIRST_MINOR = 30;
const PLAIN = { metadata: {}, spec: { containers: [{ name: 'c', image: 'i' }] } };
/** With what policies ask for most often. */
const DECENT = {
  metadata: {},
  spec: {
    automountServiceAccountToken: false,
    containers: [
      {
        name: 'c',
        image: 'registry.example.org/i:1',
        imagePullPolicy: 'Always',
        resources: { requests: { cpu: '10m', memory: '10Mi' }, limits: { cpu: '10m', memory: '10Mi' } },
        securityContext: { readOnlyRootFilesystem: true, seccompProfile: { type: 'RuntimeDefault' } },
      },
    ],
  },
};

export class PodAdmission {
  readonly #tables: Tables;
  readonly #options: Options;
  readonly #bound: readonly BoundPolicy[];
  readonly #budget: Budget = { steps: MOST_STEPS };
  readonly #verdicts = new Map<string, PodVerdict>();
  readonly #texts = new Map<BoundPolicy, string>();

  constructor(tables: Tables, options: Options) {
    this.#tables = tables;
    this.#options = options;
    const policies = new Map(tables.ValidatingAdmissionPolicy.all.map((policy) => [policy.name, policy]));
    this.#bound = options.off
      ? []
      : tables.ValidatingAdmissionPolicyBinding.all.flatMap((binding) => {
          const policy = policies.get(binding.body.spec?.policyName ?? '');
          return policy === undefined ? [] : [{ policy, binding }];
        });
  }

  /** What may refuse a pod in a namespace: configurations of webhooks first, then policies. */
  refusers(namespace: string): readonly ApiObject[] {
    return [...webhooksForPods(this.#tables, namespace), ...new Set(this.#policiesFor(namespace, SOME_POD).map(({ policy }) => policy))];
  }

  /** Whether somebody can have a pod in a namespace that gives him its node, as far as policies and webhooks go. */
  ofEscape(namespace: string, { by, without, relabelled = false }: Question): PodVerdict {
    const webhooks = webhooksForPods(this.#tables, namespace).filter((object) => object !== without);
    const all = this.#policiesFor(namespace, SOME_POD).filter(({ policy }) => policy !== without);
    const bound = relabelled ? all.filter((each) => !hangsOnLabels(each)) : all;
    // What an expression asks of the labels is not followed.
    const unsure = webhooks.length > 0 || (relabelled && bound.some((each) => this.#textOf(each).includes('namespaceObject')));
    if (bound.length === 0) return unsure ? 'unknown' : 'passes';
    const place = bound.some((each) => /namespace/i.test(this.#textOf(each))) ? namespace : '';
    const key = [by, unsure, place, ...bound.map((each) => `${each.policy.id}:${each.binding.id}`)].join(' ');
    let verdict = this.#verdicts.get(key);
    if (verdict === undefined) this.#verdicts.set(key, (verdict = this.#judged({ namespace, bound, users: this.#users(bound, by) })));
    return unsure && (verdict === 'passes' || relabelled) ? 'unknown' : verdict;
  }

  /** Whether no pod can run as an account there. */
  refusesAccount(namespace: string, account: string, by: By): boolean {
    const bound = this.#policiesFor(namespace, SOME_POD);
    if (bound.length === 0) return false;
    const object = anyPod(namespace, { spec: { serviceAccountName: account, serviceAccount: account } });
    return this.#users(bound, by).every((user) => this.#isRefused(bound, { operation: 'CREATE', namespace, user, object }));
  }

  /** Whether no container that gives its node can be put into the pods that run there. */
  refusesContainers(namespace: string): boolean {
    const writes = writesOfContainers({ namespace, user: ANYBODY });
    const bound = this.#policiesFor(namespace, writes[0] ?? SOME_POD);
    return bound.length > 0 && writes.every((write) => this.#isRefused(bound, write));
  }

  #judged({ namespace, bound, users }: Case): PodVerdict {
    const ways = this.#mayHaveWindows() ? [...ESCAPING_PODS, ...HOST_PROCESS_PODS] : ESCAPING_PODS;
    const verdicts = users.map((user): PodVerdict => {
      const open = ways.filter((way) => !this.#isRefused(bound, writeOfAny(way, { namespace, user })));
      if (open.length === 0) return 'refused';
      return open.some((way) => way.sure && this.#passes(way, { namespace, bound, users: [user] })) ? 'passes' : 'unknown';
    });
    if (verdicts.includes('passes')) return 'passes';
    return verdicts.includes('unknown') ? 'unknown' : 'refused';
  }

  /** Whether one pod that goes this way is let in by all. */
  #passes({ written }: EscapingPod, { namespace, bound, users: [user = SOMETHING] }: Case): boolean {
    const avoiding = avoidingLabels(bound);
    const names = bound.flatMap(({ policy, binding }) => [policy.body.spec?.matchConstraints, binding.body.spec?.matchResources]).flatMap(excludedNames);
    for (const base of this.#bases(namespace)) {
      for (const labels of [base.metadata.labels ?? {}, { ...base.metadata.labels, ...avoiding }, avoiding]) {
        for (const name of new Set(['x', ...names.slice(0, 2)])) {
          const pod = { ...base, metadata: { ...base.metadata, name, ...(Object.keys(labels).length > 0 && { labels }) } };
          const letIn = written.some((write) => {
            const request = writeOf(write(pod), { namespace, user });
            return bound.every((each) => decide(each, request, { tables: this.#tables, budget: this.#budget }) === TRUE);
          });
          if (letIn) return true;
        }
      }
    }
    return false;
  }

  /** Pods to begin with: plain ones, and some that are in the namespace, which are what its policies let in. */
  #bases(namespace: string): readonly Base[] {
    const there = this.#tables.workloads.in(namespace).map(({ pod, podMetadata }) => {
      const { labels, annotations } = podMetadata;
      return { metadata: { ...(labels && { labels }), ...(annotations && { annotations }) }, spec: pod as Readonly<Record<string, unknown>> };
    });
    return [PLAIN, DECENT, ...there.filter((pod) => isUsable(pod)).slice(0, MOST_BASES)];
  }

  #isRefused(bound: readonly BoundPolicy[], request: PodRequest): boolean {
    const surroundings = { tables: this.#tables, budget: this.#budget };
    return this.#options.minor >= FIRST_MINOR && bound.some((each) => decide(each, request, surroundings) === FALSE);
  }

  #policiesFor(namespace: string, request: PodRequest): readonly BoundPolicy[] {
    const labels = this.#tables.namespaces.get(namespace)?.object?.labels;
    const placed = { request: { ...request, namespace }, labels };
    return this.#bound.filter(({ policy, binding }) => {
      const { matchResources, validationActions = [], paramRef } = binding.body.spec ?? {};
      const { matchConstraints, auditAnnotations = [] } = policy.body.spec ?? {};
      const mayRefuse = validationActions.includes('Deny') || auditAnnotations.length > 0 || paramRef?.parameterNotFoundAction === 'Deny';
      return mayRefuse && matches(matchConstraints, placed) !== FALSE && matches(matchResources, placed) !== FALSE;
    });
  }

  #users(bound: readonly BoundPolicy[], by: By): readonly Value[] {
    return by === 'controller' && bound.some((each) => this.#textOf(each).includes('userInfo')) ? CONTROLLERS : [ANYBODY];
  }

  #textOf(each: BoundPolicy): string {
    let text = this.#texts.get(each);
    if (text === undefined) this.#texts.set(each, (text = JSON.stringify([each.policy.body.spec, each.binding.body.spec?.paramRef])));
    return text;
  }

  #mayHaveWindows(): boolean {
    const { all } = this.#tables.Node;
    return all.length === 0 || all.some(({ labels }) => labels['kubernetes.io/os'] === 'windows');
  }
}

interface Case {
  readonly namespace: string;
  readonly bound: readonly BoundPolicy[];
  readonly users: readonly Value[];
}

interface Base {
  readonly metadata: { readonly labels?: Labels; readonly annotations?: Labels };
  readonly spec: Readonly<Record<string, unknown>>;
}

const SOME_POD: PodRequest = { operation: 'CREATE', namespace: '', object: SOMETHING, user: ANYBODY };

type Match = NonNullable<NonNullable<ApiObject<'ValidatingAdmissionPolicy'>['body']['spec']>['matchConstraints']>;

function hangsOnLabels({ policy, binding }: BoundPolicy): boolean {
  return [policy.body.spec?.matchConstraints, binding.body.spec?.matchResources].some((match) => {
    const { matchLabels = {}, matchExpressions = [] } = match?.namespaceSelector ?? {};
    // The API server keeps this one as it is.
    return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)].some((key) => key !== 'kubernetes.io/metadata.name');
  });
}

/** Labels that selectors of pods leave out. */
function avoidingLabels(bound: readonly BoundPolicy[]): Labels {
  const labels: Record<string, string> = {};
  const selectors = bound.flatMap(({ policy, binding }): (LabelSelector | undefined)[] => [
    policy.body.spec?.matchConstraints?.objectSelector,
    binding.body.spec?.matchResources?.objectSelector,
  ]);
  for (const { key = '', operator, values = [] } of selectors.flatMap((selector) => selector?.matchExpressions ?? [])) {
    if (operator === 'DoesNotExist') labels[key] ??= 'x';
    if (operator === 'NotIn' && values[0] !== undefined) labels[key] = values[0];
  }
  return labels;
}

function excludedNames(match: Match | undefined): readonly string[] {
  return (match?.excludeResourceRules ?? []).flatMap(({ resourceNames = [] }) => resourceNames);
}
