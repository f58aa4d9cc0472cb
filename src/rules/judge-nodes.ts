/**
 * What rules say of a node. Rules on components look at the pods and files that a node is seen as, so that a process
 * and a manifest are judged by one rule; what they find is told of the node, where it really stands.
 */
import { type NodeView, viewsOfNodes } from '../engines/component-config/index.ts';
import { messageOf } from '../lib/errors.ts';
import { type ApiObject, type Cluster, buildCluster, toApiObject } from '../model/index.ts';
import type { Gap, Origin, Snapshot } from '../snapshot/index.ts';
import type { FindingSubject, Status } from './finding.ts';
import { Found, type Place, passed, seedOf } from './found.ts';
import { type JudgeOptions, judge } from './judge.ts';
import type { Hit, Rule } from './rule.ts';

export interface NodeJudgement {
  view: NodeView;
  /** Also what passed and what did not apply. */
  found: Found[];
  gaps: Gap[];
}

type Seen = Partial<Pick<Cluster, 'nodes' | 'probe'>>;

/** Nodes on which facts were collected, and those whose kubelet told its configuration. */
export function judgeNodes({ nodes = [], probe }: Seen, options: JudgeOptions, kubernetesVersion: string | undefined): NodeJudgement[] {
  return viewsOfNodes(nodes, probe).map((view) => new NodeJudge(view, options).run(kubernetesVersion));
}

/** Settings of these stand in several places at once: one finding is enough. */
const OF_MANY_PLACES: ReadonlySet<string | undefined> = new Set(['kubelet', 'kube-proxy']);
const WORST: readonly Status[] = ['fail', 'unknown', 'manual', 'excepted', 'not-applicable', 'pass'];

class NodeJudge {
  readonly #view: NodeView;
  readonly #options: JudgeOptions;
  readonly #anchor: ApiObject;
  readonly #gaps: Gap[] = [];
  readonly #found: Found[] = [];

  constructor(view: NodeView, options: JudgeOptions) {
    this.#view = view;
    this.#options = options;
    this.#anchor = anchorOfNode(view.facts.node);
  }

  run(kubernetesVersion: string | undefined): NodeJudgement {
    this.#judgeComponents(kubernetesVersion);
    // Where nothing was collected nothing can be said of files.
    const rules = this.#view.known === 'collected' ? this.#options.rules.filter(({ scope }) => scope === 'node') : [];
    for (const rule of rules) this.#judgeRule(rule);
    const { except } = this.#options;
    if (except !== undefined) for (const finding of this.#found) if (finding.status !== 'pass') except(finding);
    return { view: this.#view, found: this.#found, gaps: this.#gaps };
  }

  #judgeComponents(kubernetesVersion: string | undefined): void {
    const rules = this.#options.rules.filter(
      ({ area, scope }) => area === 'control-plane' && (scope === 'container' || scope === 'object'),
    );
    const { facts, objects } = this.#view;
    const version = kubernetesVersion ?? facts.versions['kube-apiserver'];
    const snapshot: Snapshot = {
      header: { kind: 'manifests', complete: false, ...(version !== undefined && { kubernetesVersion: version }) },
      objects,
      counts: { files: 0, documents: objects.length, judged: objects.length, foreign: 0 },
      gaps: [],
    };
    const { ruleOptions, everyRule } = this.#options;
    const told = new Map<string, Found[]>();
    const { gaps } = judge(
      buildCluster(snapshot),
      { rules, all: true, ...(ruleOptions && { ruleOptions }), ...(everyRule !== undefined && { everyRule }) },
      (finding) => {
        const component = this.#view.componentOf(finding.object.origin);
        const key = `${finding.rule.id}/${component}`;
        const before = told.get(key);
        const found = finding.toldOf(this.#placeOf(component));
        if (before === undefined) told.set(key, [found]);
        else before.push(found);
      },
    );
    this.#gaps.push(...gaps);
    for (const found of told.values()) this.#found.push(...oneOfEach(found));
  }

  #judgeRule(rule: Rule): void {
    const place = this.#placeOf(rule.component);
    const check = rule.check as (view: NodeView, tables: unknown, options: unknown) => Hit | readonly Hit[] | undefined;
    try {
      const answer = check(this.#view, {}, this.#options.ruleOptions?.[rule.id] ?? rule.options);
      const hits = answer === undefined ? [] : [answer].flat();
      if (hits.length === 0) this.#found.push(passed(rule, place));
      for (const hit of hits) this.#found.push(new Found(rule, hit, place));
    } catch (error) {
      const reason = messageOf(error);
      this.#found.push(new Found(rule, { message: `the rule failed: ${reason}`, path: '', value: undefined, status: 'unknown' }, place));
      this.#gaps.push({
        scope: `rule ${rule.id}`,
        code: 'rule-failed',
        reason: `the rule failed on node ${this.#view.facts.node}: ${reason}`,
        effect: 'its judgement is unknown',
      });
    }
  }

  #placeOf(component: string | undefined): Place {
    const { node } = this.#view.facts;
    const kind = this.#view.known === 'address' ? { apiVersion: 'castellan/v1', kind: 'Endpoint' } : { apiVersion: 'v1', kind: 'Node' };
    const subject: FindingSubject = { ...kind, namespace: '', name: node };
    if (component !== undefined) subject.component = component;
    return {
      object: this.#anchor,
      subject,
      path: '',
      root: undefined,
      seed: seedOf(this.#anchor, subject, component ?? ''),
      change: (rule, hit) => {
        // Where it would be written is not known.
        if (this.#view.known !== 'collected') return undefined;
        return this.#options.nodeChange?.(rule, hit.onNode, { view: this.#view, component });
      },
      locate: (object, path, file) => {
        if (file === undefined && object !== this.#anchor) return this.#view.locate(object.origin, path);
        const origin: Origin = { source: file === undefined ? node : `${node}:${file}`, line: 1, format: 'yaml', prefix: [] };
        return { origin, path };
      },
    };
  }
}

/** Of one rule on one component: what several places say alike is told once, and one pass is enough. */
function oneOfEach(found: readonly Found[]): Found[] {
  const ordered = found.toSorted((a, b) => WORST.indexOf(a.status) - WORST.indexOf(b.status));
  const [first] = ordered;
  if (first === undefined) return [];
  // Of a unit and a file that both pass, the one that holds the setting is told, else the one that says what holds.
  if (first.status === 'pass') {
    const holding = ordered.find(({ evidence }) => evidence[0]?.value !== undefined);
    return [holding ?? ordered.find(({ message, rule }) => message !== rule.title) ?? first];
  }
  if (OF_MANY_PLACES.has(first.subject.component)) return [first];
  const messages = new Set<string>();
  return ordered.filter(({ status, message }) => {
    if (status === 'pass' || messages.has(message)) return false;
    messages.add(message);
    return true;
  });
}

/** Stands for the node where a finding needs an object. */
export function anchorOfNode(node: string): ApiObject {
  const origin: Origin = { source: '', line: 1, format: 'json', prefix: [] };
  const object = toApiObject({ object: { apiVersion: 'v1', kind: 'Node', metadata: { name: node } }, origin }, 0);
  if ('code' in object) throw new Error(object.reason);
  return object;
}
