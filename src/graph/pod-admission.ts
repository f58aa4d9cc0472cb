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
/** Some seconds of work for all policies of a cluster; what is left then is unknown. */
const MOST_STEPS = 5_000_000;
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
  readonly #webhooks = new Map<string, readonly ApiObject[]>();
  readonly #refusals = new Map<string, boolean>();
  readonly #policies = new Map<string, readonly BoundPolicy[]>();
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
    return [...this.#webhooksFor(namespace), ...new Set(this.#policiesFor(namespace, SOME_POD).map(({ policy }) => policy))];
  }

  /** Whether somebody can have a pod in a namespace that gives him its node, as far as policies and webhooks go. */
  ofEscape(namespace: string, { by, without, relabelled = false }: Question): PodVerdict {
    if (this.#bound.length === 0 && this.#tables.ValidatingWebhookConfiguration.all.length === 0) return 'passes';
    const webhooks = this.#webhooksFor(namespace).filter((object) => object !== without);
    const all = this.#policiesFor(namespace, SOME_POD).filter(({ policy }) => policy !== without);
    const bound = relabelled ? all.filter((each) => !hangsOnLabels(each)) : all;
    // What an expression asks of the labels is not followed.
    const unsure = webhooks.length > 0 || (relabelled && bound.some((each) => this.#textOf(each).includes('namespaceObject')));
    if (bound.length === 0) return unsure ? 'unknown' : 'passes';
    if (this.#budget.steps < 0) return 'unknown';
    const [users, key] = [this.#users(bound, by), `${by} ${unsure} ${this.#keyOf(bound, namespace)}`];
    let verdict = this.#verdicts.get(key);
    if (verdict === undefined) this.#verdicts.set(key, (verdict = this.#judged({ namespace, bound, users, bases: [PLAIN, DECENT] })));
    if (verdict === 'unknown' && !unsure) verdict = this.#judgedByPodsOf(namespace, { key, bound, users });
    return unsure && (verdict === 'passes' || relabelled) ? 'unknown' : verdict;
  }

  /** Pods that are in a namespace are what its policies let in: one of them, with little more, may pass. */
  #judgedByPodsOf(namespace: string, { key, bound, users }: { key: string } & Pick<Case, 'bound' | 'users'>): PodVerdict {
    const own = `${key} in ${namespace}`;
    let verdict = this.#verdicts.get(own);
    if (verdict !== undefined) return verdict;
    const pods = this.#tables.workloads.in(namespace).map(({ pod, podMetadata: { labels, annotations } }) => ({
      metadata: { ...(labels && { labels }), ...(annotations && { annotations }) },
      spec: pod as Readonly<Record<string, unknown>>,
    }));
    const bases = pods.filter((pod) => isUsable(pod)).slice(0, MOST_BASES);
    this.#verdicts.set(own, (verdict = bases.length === 0 ? 'unknown' : this.#judged({ namespace, bound, users, bases })));
    return verdict;
  }

  /** Whether no pod can run as an account there. */
  refusesAccount(namespace: string, account: string, by: By): boolean {
    const bound = this.#policiesFor(namespace, SOME_POD);
    if (bound.length === 0) return false;
    // Most policies do not look at it, and say the same of all.
    const spec = bound.some((each) => this.#textOf(each).includes('serviceAccount'))
      ? { serviceAccountName: account, serviceAccount: account }
      : undefined;
    return this.#once(`${by} ${this.#keyOf(bound, namespace)} ${spec === undefined ? '' : account}`, () => {
      const object = anyPod(namespace, { ...(spec && { spec }) });
      return this.#users(bound, by).every((user) => this.#isRefused(bound, { operation: 'CREATE', namespace, user, object }));
    });
  }

  /** Whether no container that gives its node can be put into the pods that run there. */
  refusesContainers(namespace: string): boolean {
    // The writes are large, and most clusters have no policy.
    if (this.#bound.length === 0) return false;
    const writes = writesOfContainers({ namespace, user: ANYBODY });
    const bound = this.#policiesFor(namespace, writes[0] ?? SOME_POD);
    if (bound.length === 0) return false;
    return this.#once(`containers ${this.#keyOf(bound, namespace)}`, () => writes.every((write) => this.#isRefused(bound, write)));
  }

  #webhooksFor(namespace: string): readonly ApiObject[] {
    let found = this.#webhooks.get(namespace);
    if (found === undefined) this.#webhooks.set(namespace, (found = webhooksForPods(this.#tables, namespace)));
    return found;
  }

  #once(key: string, judge: () => boolean): boolean {
    let refused = this.#refusals.get(key);
    if (refused === undefined) this.#refusals.set(key, (refused = this.#budget.steps >= 0 && judge()));
    return refused;
  }

  /** By what policies say: the namespace counts only where one of them asks for it. */
  #keyOf(bound: readonly BoundPolicy[], namespace: string): string {
    const place = bound.some((each) => /namespace|"paramRef"/i.test(this.#textOf(each))) ? namespace : '';
    return [place, ...bound.map(({ policy, binding }) => `${policy.id}:${binding.id}`)].join(' ');
  }

  #judged({ namespace, bound, users, bases }: Case): PodVerdict {
    const ways = this.#mayHaveWindows() ? [...ESCAPING_PODS, ...HOST_PROCESS_PODS] : ESCAPING_PODS;
    let said: PodVerdict = 'refused';
    for (const user of users) {
      const open = ways.filter((way) => !this.#isRefused(bound, writeOfAny(way, { namespace, user })));
      if (open.some((way) => way.sure && this.#passes(way, { namespace, bound, users: [user], bases }))) return 'passes';
      if (open.length > 0) said = 'unknown';
    }
    return said;
  }

  /** Whether one pod that goes this way is let in by all. */
  #passes({ written }: EscapingPod, { namespace, bound, users: [user = SOMETHING], bases }: Case): boolean {
    const avoiding = avoidingLabels(bound);
    const names = bound
      .flatMap(({ policy, binding }) => [policy.body.spec?.matchConstraints, binding.body.spec?.matchResources])
      .flatMap(excludedNames);
    for (const base of bases) {
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

  #isRefused(bound: readonly BoundPolicy[], request: PodRequest): boolean {
    const surroundings = { tables: this.#tables, budget: this.#budget };
    return this.#options.minor >= FIRST_MINOR && bound.some((each) => decide(each, request, surroundings) === FALSE);
  }

  #policiesFor(namespace: string, request: PodRequest): readonly BoundPolicy[] {
    // Most clusters have none.
    if (this.#bound.length === 0) return this.#bound;
    const key = `${request.subresource ?? ''} ${namespace}`;
    const kept = this.#policies.get(key);
    if (kept !== undefined) return kept;
    const labels = this.#tables.namespaces.get(namespace)?.object?.labels;
    const placed = { request: { ...request, namespace }, labels };
    const found = this.#bound.filter(({ policy, binding }) => {
      const { matchResources, validationActions = [], paramRef } = binding.body.spec ?? {};
      const { matchConstraints, auditAnnotations = [] } = policy.body.spec ?? {};
      const mayRefuse = validationActions.includes('Deny') || auditAnnotations.length > 0 || paramRef?.parameterNotFoundAction === 'Deny';
      return mayRefuse && matches(matchConstraints, placed) !== FALSE && matches(matchResources, placed) !== FALSE;
    });
    this.#policies.set(key, found);
    return found;
  }

  #users(bound: readonly BoundPolicy[], by: By): readonly Value[] {
    return by === 'controller' && bound.some((each) => this.#textOf(each).includes('userInfo')) ? CONTROLLERS : [ANYBODY];
  }

  /** What it is decided by, apart from what it matches. */
  #textOf(each: BoundPolicy): string {
    let text = this.#texts.get(each);
    if (text !== undefined) return text;
    const { matchConditions, variables, validations, auditAnnotations } = each.policy.body.spec ?? {};
    const { paramRef } = each.binding.body.spec ?? {};
    this.#texts.set(each, (text = JSON.stringify({ matchConditions, variables, validations, auditAnnotations, paramRef })));
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
  /** Pods that are made into such as give their node. */
  readonly bases: readonly Base[];
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
