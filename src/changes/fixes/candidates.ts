/**
 * Changes that cut ways to a target, each as small as it can be: of a binding one subject, of a rule the verbs and the
 * resource that lead on, of a workload the token that it mounts. They are read off the shortest ways of each entry.
 */
import { shortHash } from '../../lib/hash.ts';
import { isRecord } from '../../lib/record.ts';
import type { HopEvidence } from '../../graph/index.ts';
import { type ApiObject, refOf } from '../../model/index.ts';
import type { Change, Patch } from '../../rules/index.ts';
import { ownerOf } from '../ownership.ts';
import { COUNTED } from '../../graph/index.ts';
import { type State, TARGET } from '../state.ts';
import type { Candidate } from './candidate.ts';
import { withoutInRule } from './rule-without.ts';

/** How many ways of each entry are looked at. */
const WAYS = 3;

export function candidatesOf(state: State, entries: readonly string[]): Candidate[] {
  return new Finder(state).from(entries);
}

class Finder {
  readonly #state: State;
  readonly #found = new Map<string, Candidate>();
  /** Edges by the evidence that allows them. */
  readonly #edges = new Map<string, number[]>();

  constructor(state: State) {
    this.#state = state;
    const { graph } = state.graph;
    for (let edge = 0; edge < graph.heads.length; edge += 1) {
      const evidence = graph.evidenceOf(edge);
      if (evidence === undefined) continue;
      for (const key of [`${evidence.object}`, `${evidence.object} ${evidence.path}`]) {
        const list = this.#edges.get(key);
        if (list === undefined) this.#edges.set(key, [edge]);
        else list.push(edge);
      }
    }
  }

  from(entries: readonly string[]): Candidate[] {
    const { graph } = this.#state;
    const target = graph.find(TARGET);
    if (target === undefined) return [];
    for (const entry of entries) {
      const from = graph.find(entry);
      if (from === undefined) continue;
      for (const chain of graph.chains(from, target, { count: WAYS, classes: COUNTED })) {
        for (const hop of chain) for (const evidence of hop.evidence) this.#add(evidence, hop);
      }
    }
    return [...this.#found.values()];
  }

  #add(evidence: HopEvidence, { edge, to }: { edge: string; to: string }): void {
    const object = this.#state.cluster.objects[evidence.object];
    if (object === undefined) return;
    const { path } = evidence;
    const subject = /^subjects\[(\d+)\]$/.exec(path)?.[1];
    const rule = /^rules\[(\d+)\]$/.exec(path)?.[1];
    if (subject !== undefined) this.#subject(object, Number(subject));
    else if (rule !== undefined) this.#rule(object, Number(rule), to);
    else if (edge === 'POD_MOUNTED_TOKEN') this.#token(object, path);
    else if (object.kind === 'Secret' && edge === 'SECRET_IS_SA_TOKEN') this.#secret(object);
  }

  /** One subject of a binding, or the binding where there is only one. */
  #subject(object: ApiObject, index: number): void {
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
    this.#put(object, patch, { title: `take ${role}${place} from ${who}`, order: 0, edges: [`${object.id} subjects[${index}]`] });
  }

  /** Of a rule only what leads on: `Permission/list/watch secrets in shop` names it. Of stars the whole rule. */
  #rule(object: ApiObject, index: number, to: string): void {
    const rule = listIn(object.body, 'rules')[index];
    if (!isRecord(rule)) return;
    const [, verbText = '', resource = ''] = /^Permission\/(.+?) (\S+?)(?: in \S+)?$/.exec(to) ?? [];
    const left = resource === '' ? undefined : withoutInRule(rule, { verbs: verbText.split('/'), resource });
    const path = `/rules/${index}`;
    const operations: Patch['patch'] = [{ op: 'test', path, value: rule }];
    operations.push(left === undefined || left.length === 0 ? { op: 'remove', path } : { op: 'replace', path, value: left[0] });
    for (const more of left?.slice(1) ?? []) operations.push({ op: 'add', path: `/rules/${index + 1}`, value: more });
    const what = left === undefined ? `rule ${index + 1} (${ruleText(rule)})` : `"${verbText.replaceAll('/', ', ')} ${resource}"`;
    const title = `drop ${what} from ${object.kind} ${placeOf(object)}`;
    const edges = [`${object.id} rules[${index}]`];
    this.#put(
      object,
      { target: refOf(object), operation: 'patch', patch: operations },
      left === undefined ? { title, order: 2, edges } : { title, order: 1, edges, head: to },
    );
  }

  #token(object: ApiObject, path: string): void {
    const spec = path.replace(/\.?serviceAccountName$/, '');
    if (!/(^|\.)spec$/.test(spec)) return;
    const pointer = `/${spec.replaceAll('.', '/')}/automountServiceAccountToken`;
    const patch: Patch = { target: refOf(object), operation: 'patch', patch: [{ op: 'add', path: pointer, value: false }] };
    this.#put(object, patch, {
      title: `do not mount the account token in ${object.kind} ${placeOf(object)}`,
      order: 4,
      edges: [`${object.id} ${path}`],
    });
  }

  #secret(object: ApiObject): void {
    const title = `delete the token that never expires, Secret ${placeOf(object)}`;
    this.#put(object, { target: refOf(object), operation: 'delete', patch: [] }, { title, order: 3, edges: [String(object.id)] });
  }

  /** `head` narrows the edges to those that lead to a vertex of that name. */
  #put(
    object: ApiObject,
    patch: Patch,
    { title, order, edges, head }: { title: string; order: number; edges: readonly string[]; head?: string },
  ): void {
    if (object.origin.text !== undefined) patch.file = object.origin.source;
    const change: Change = { patches: [patch], effort: 'low' };
    const id = shortHash(JSON.stringify(patch));
    if (this.#found.has(id)) return;
    const { graph } = this.#state.graph;
    const all = edges.flatMap((key) => this.#edges.get(key) ?? []);
    const only = head === undefined ? all : all.filter((edge) => isPartOf(graph.names[graph.heads[edge] ?? 0] ?? '', head));
    this.#found.set(id, { id, title, change, owner: ownerOf(object), order, edges: only });
  }
}

/** The same right, in whatever namespace. */
function isPartOf(name: string, head: string): boolean {
  return name.replace(/ in \S+$/, '') === head.replace(/ in \S+$/, '');
}

function ruleText(rule: Readonly<Record<string, unknown>>): string {
  const texts = (key: string): string => (Array.isArray(rule[key]) ? (rule[key] as unknown[]).map(String).join(',') : '');
  return `${texts('verbs')} ${texts('resources') || texts('nonResourceURLs')}`;
}

function listIn(body: unknown, key: string): readonly unknown[] {
  const value = isRecord(body) ? body[key] : undefined;
  return Array.isArray(value) ? value : [];
}

function subjectText(subject: unknown, namespace: string): string {
  if (!isRecord(subject)) return 'somebody';
  const { kind, name } = subject;
  if (kind !== 'ServiceAccount') return `${String(kind)} ${String(name)}`;
  return `ServiceAccount ${typeof subject.namespace === 'string' ? subject.namespace : namespace}/${String(name)}`;
}

function placeOf({ namespace, name }: ApiObject): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
