/**
 * Changes that cut ways to a target, each as small as it can be: of a binding one subject, of a rule the verbs and the
 * resource that lead on, of a workload the token that it mounts or the setting that leads out of its container. They are
 * read off every edge between the entries and the target.
 */
import { isRecord, textOf } from '../../lib/record.ts';
import { catalogOf, grantsNothing } from '../../engines/rbac/index.ts';
import { COUNTED, type Situation } from '../../graph/index.ts';
import { type ApiObject, objectOf, refOf } from '../../model/index.ts';
import type { Patch } from '../../rules/index.ts';
import { addOnOf } from '../../rules/add-ons/index.ts';
import { thoseThatFit } from '../overlay.ts';
import type { Owner } from '../ownership.ts';
import { type State, TARGET } from '../state.ts';
import { type Candidate, type CandidateParts, candidateOf, isSettled, placeOf } from './candidate.ts';
import { narrowing, withoutInRule } from './rule-without.ts';
import { settingsWithout } from './setting-without.ts';

const KNOWN = new WeakMap<Situation, readonly Candidate[]>();

export function candidatesOf(state: State, situation: Situation): readonly Candidate[] {
  let candidates = KNOWN.get(situation);
  if (candidates === undefined) KNOWN.set(situation, (candidates = new Finder(state, situation).all()));
  return candidates;
}

/** What lies between all entries and the target. */
export function situationIn({ graph, paths }: State): Situation | undefined {
  const target = graph.find(TARGET);
  const entries = [...new Set([...paths.exposed, ...paths.workloads])].map((name) => graph.find(name) ?? -1);
  return target === undefined || entries.length === 0 ? undefined : graph.situation({ entries, target, classes: COUNTED });
}

/** The same on a state that other changes led to, where indexes have moved. Undefined where nothing leads by it any more. */
export function again(candidate: Candidate, state: State): Candidate | undefined {
  const { title, change } = candidate;
  const situation = situationIn(state);
  if (situation === undefined) return undefined;
  // What makes objects of its own is not read off the graph, and fits as long as nobody made them.
  if (change.patches.some(({ operation }) => operation === 'create')) return thoseThatFit(state.objects, [candidate])[0];
  const target = change.patches[0]?.target;
  const same = candidatesOf(state, situation).filter((one) => one.title === title && one.change.patches[0]?.target === target);
  return thoseThatFit(state.objects, same.slice(0, 1))[0];
}

/** Steps from a workload to the account whose token is mounted in it. */
export function tokenEdgesOf({ graph, cluster }: State, { part }: Situation, object: ApiObject): number[] {
  const { family, families } = graph.graph;
  return [...part.edgeOf].filter((edge) => {
    const evidence = graph.graph.evidenceOf(edge);
    if (evidence === undefined || families[family[edge] ?? 0] !== 'POD_MOUNTED_TOKEN') return false;
    return objectOf(cluster, evidence.object) === object;
  });
}

interface Place {
  readonly object: number;
  readonly path: string;
  /** Edges of the whole graph that it is the evidence of. */
  readonly edges: number[];
  /** Of a rule: edges that go when one right is taken out of it, as they ask several of one identity; by `bind clusterroles`. */
  readonly joined: Map<string, number[]>;
}

class Finder {
  readonly #state: State;
  readonly #found = new Map<string, Candidate>();
  readonly #places = new Map<string, Place>();

  constructor(state: State, { part }: Situation) {
    this.#state = state;
    for (const edge of part.edgeOf) {
      const evidence = state.graph.graph.evidenceOf(edge);
      if (evidence === undefined) continue;
      this.#place(evidence).edges.push(edge);
      for (const { right, where } of state.graph.rightsJoinedBy(edge)) {
        if (where.object.id < 0) continue;
        const { joined } = this.#place({ object: where.object.id, path: where.path });
        const name = `${right.verbs.join('/')} ${right.resource}${right.subresource === '' ? '' : `/${right.subresource}`}`;
        joined.set(name, [...(joined.get(name) ?? []), edge]);
      }
    }
  }

  #place({ object, path }: Pick<Place, 'object' | 'path'>): Place {
    const key = `${object} ${path}`;
    let place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, (place = { object, path, edges: [], joined: new Map() }));
    return place;
  }

  all(): Candidate[] {
    for (const place of this.#places.values()) {
      const object = objectOf(this.#state.cluster, place.object);
      if (object !== undefined) this.#add(object, place);
    }
    return [...this.#found.values()];
  }

  #add(object: ApiObject, place: Place): void {
    const { path, edges } = place;
    const subject = /^subjects\[(\d+)\]$/.exec(path)?.[1];
    const rule = /^rules\[(\d+)\]$/.exec(path)?.[1];
    if (subject !== undefined) this.#subject(object, Number(subject), edges);
    else if (rule !== undefined) this.#rule(object, Number(rule), place);
    else if (edges.some((edge) => this.#familyOf(edge) === 'POD_MOUNTED_TOKEN')) this.#token(object, path, edges);
    else if (edges.some((edge) => this.#familyOf(edge) === 'SECRET_IS_SA_TOKEN')) this.#secret(object, edges);
    else this.#setting(object, path, edges);
  }

  /** One subject of a binding, or the binding where there is only one. */
  #subject(object: ApiObject, index: number, edges: readonly number[]): void {
    const subjects = listIn(object.body, 'subjects');
    const subject = subjects[index];
    const who = subjectText(subject, object.namespace);
    const { roleRef } = object.body as { roleRef?: { kind?: string; name?: string } };
    const role = `${roleRef?.kind ?? ''} ${roleRef?.name ?? ''}`;
    const place = object.namespace === '' ? '' : ` in ${object.namespace}`;
    const patch: Patch =
      subjects.length < 2
        ? { target: refOf(object), operation: 'delete', patch: [] }
        : {
            target: refOf(object),
            operation: 'patch',
            patch: [
              { op: 'test', path: `/subjects/${index}`, value: subject },
              { op: 'remove', path: `/subjects/${index}` },
            ],
          };
    this.#put(object, patch, {
      title: `take ${role}${place} from ${who}`,
      order: 0,
      edges,
      owner: this.#addOnAs(subject, object.namespace),
    });
  }

  /** Of a rule only what leads on: `Permission/list/watch secrets in shop` names it, or what is asked with it. Of stars the whole rule. */
  #rule(object: ApiObject, index: number, { edges, joined }: Place): void {
    const rule = listIn(object.body, 'rules')[index];
    if (!isRecord(rule)) return;
    const path = `/rules/${index}`;
    const byRight = new Map(joined);
    for (const edge of edges) {
      const [, right] = /^Permission\/(\S+ \S+)/.exec(this.#nameOf(edge) ?? '') ?? [];
      if (right === undefined) continue;
      byRight.set(right, [...(byRight.get(right) ?? []), edge]);
    }
    for (const [right, own] of byRight) {
      const [, verbText = '', resource = ''] = /^(\S+) (\S+)$/.exec(right) ?? [];
      const parts = resource === '' ? undefined : withoutInRule(rule, { verbs: verbText.split('/'), resource });
      // Verbs that nobody can ask for of the resource need not stay.
      const useful = parts?.filter((one) => !isVoid(one, object, this.#state));
      const left = useful?.length === 0 ? parts : useful;
      if (left === undefined || left.length === 0) continue;
      const patch: Patch['patch'] = [
        { op: 'test', path, value: rule },
        ...narrowing(path, rule, left[0] ?? {}),
        ...left.slice(1).map((value) => ({ op: 'add' as const, path: `/rules/${index + 1}`, value })),
      ];
      const title = `drop "${verbText.replaceAll('/', ', ')} ${resource}" from ${object.kind} ${placeOf(object)}`;
      this.#put(object, { target: refOf(object), operation: 'patch', patch }, { title, order: 1, edges: own });
    }
    const whole: Patch['patch'] = [
      { op: 'test', path, value: rule },
      { op: 'remove', path },
    ];
    const title = `drop the rule "${ruleText(rule)}" from ${object.kind} ${placeOf(object)}`;
    this.#put(object, { target: refOf(object), operation: 'patch', patch: whole }, { title, order: 2, edges });
  }

  #token(object: ApiObject, path: string, edges: readonly number[]): void {
    const spec = path.replace(/\.?serviceAccountName$/, '');
    if (!/(^|\.)spec$/.test(spec) || isSettled(object)) return;
    const pointer = `/${spec.replaceAll('.', '/')}/automountServiceAccountToken`;
    const patch: Patch = { target: refOf(object), operation: 'patch', patch: [{ op: 'add', path: pointer, value: false }] };
    const owner = this.#addOnIn(object);
    const title =
      owner !== undefined && object.kind === 'DaemonSet'
        ? `root on any node leads to cluster control through DaemonSet ${placeOf(object)}`
        : `do not mount the account token in ${object.kind} ${placeOf(object)}`;
    this.#put(object, patch, { title, order: 4, edges, owner });
  }

  #secret(object: ApiObject, edges: readonly number[]): void {
    const title = `delete the token that never expires, Secret ${placeOf(object)}`;
    this.#put(object, { target: refOf(object), operation: 'delete', patch: [] }, { title, order: 3, edges });
  }

  /** What leads out of a container: privileges, namespaces and folders of the node. */
  #setting(object: ApiObject, path: string, edges: readonly number[]): void {
    if (isSettled(object)) return;
    for (const { title, patch, closes, effort } of settingsWithout(object, path)) {
      const own = edges.filter((edge) => closes(this.#familyOf(edge)));
      const change: Patch = { target: refOf(object), operation: 'patch', patch: [...patch] };
      if (own.length > 0)
        this.#put(object, change, {
          title: `${title} in ${object.kind} ${placeOf(object)}`,
          order: 5,
          edges: own,
          effort,
          owner: this.#addOnIn(object),
        });
    }
  }

  /** What a well-known add-on is shipped with is its vendor's to mend. */
  #addOnIn(object: ApiObject): Owner | undefined {
    const workload = this.#state.cluster.workloads.find((one) => one.object === object);
    const addOn = workload === undefined ? undefined : addOnOf(workload);
    return addOn === undefined ? undefined : addOnOwner(addOn.name);
  }

  /** The same of an account that nothing but an add-on runs as. */
  #addOnAs(subject: unknown, home: string): Owner | undefined {
    if (!isRecord(subject) || subject.kind !== 'ServiceAccount') return undefined;
    const namespace = typeof subject.namespace === 'string' ? subject.namespace : home;
    const users = this.#state.cluster.tables.workloads.runningAs(namespace, textOf(subject.name));
    const [first, ...others] = users.map((workload) => addOnOf(workload)?.name);
    return first !== undefined && others.every((name) => name === first) ? addOnOwner(first) : undefined;
  }

  #familyOf(edge: number): string {
    const { family, families } = this.#state.graph.graph;
    return families[family[edge] ?? 0] ?? '';
  }

  #nameOf(edge: number): string | undefined {
    const { heads, names } = this.#state.graph.graph;
    return names[heads[edge] ?? 0];
  }

  #put(object: ApiObject, patch: Patch, how: CandidateParts): void {
    const candidate = candidateOf([object], [patch], how);
    if (!this.#found.has(candidate.id)) this.#found.set(candidate.id, candidate);
  }
}

function addOnOwner(name: string): Owner {
  return { kind: 'addon', name, restored: true, where: `in the settings of ${name}`, because: undefined };
}

function ruleText(rule: Readonly<Record<string, unknown>>): string {
  const texts = (key: string): string => (Array.isArray(rule[key]) ? (rule[key] as unknown[]).map(String).join(',') : '');
  return `${texts('verbs')} ${texts('resources') || texts('nonResourceURLs')}`;
}

function isVoid(rule: Readonly<Record<string, unknown>>, { kind }: ApiObject, { cluster }: State): boolean {
  const texts = (key: string): string[] => listIn(rule, key).filter((one) => typeof one === 'string');
  const content = {
    verbs: texts('verbs'),
    apiGroups: texts('apiGroups'),
    resources: texts('resources'),
    resourceNames: texts('resourceNames'),
    nonResourceURLs: texts('nonResourceURLs'),
  };
  return grantsNothing(content, catalogOf(cluster), kind === 'Role');
}

function listIn(body: unknown, key: string): readonly unknown[] {
  const value = isRecord(body) ? body[key] : undefined;
  return Array.isArray(value) ? value : [];
}

function subjectText(subject: unknown, namespace: string): string {
  if (!isRecord(subject)) return 'somebody';
  const { kind, name } = subject;
  if (kind !== 'ServiceAccount') return `${textOf(kind)} ${textOf(name)}`;
  return `ServiceAccount ${typeof subject.namespace === 'string' ? subject.namespace : namespace}/${textOf(name)}`;
}
