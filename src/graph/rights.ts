/**
 * Who may do what, as vertices: a subject leads to the bindings that name it, a binding to the rules of its role, a rule
 * to each right that it gives, and a right of the whole cluster to that of every namespace. Only rights that some family
 * of edges asks for are drawn.
 */
import { type Binding, type Rbac, type Role, type RoleRule, type Subject, withImplicitGroups } from '../engines/rbac/index.ts';
import type { Drawing } from './drawing.ts';
import type { Right } from './right.ts';

/** A right as a vertex. */
export interface Held {
  readonly vertex: number;
  /** '' where the right is of the cluster and lies in no namespace; never "all": those are drawn one by one. */
  readonly namespace: string;
  /** Of the only object that it is for; undefined for all. */
  readonly name: string | undefined;
}

/** A rule of a binding that gives a right. */
export interface Entry {
  readonly binding: Binding;
  readonly roleRule: RoleRule;
  readonly names: readonly string[] | undefined;
}

/** A right that a rule of a role gives. */
interface Given {
  readonly right: Right;
  readonly roleRule: RoleRule;
  readonly names: readonly string[] | undefined;
}

/** Everywhere. */
export const ANYWHERE = '*';
/** In place of a name: no object is called so. */
const ALL = '\n';

export class Rights {
  readonly #drawing: Drawing;
  readonly #rbac: Rbac;
  readonly #rights: readonly Right[];
  readonly #given: ReadonlyMap<number, readonly Given[]>;
  readonly #held = new Map<string, Held[]>();
  readonly #entries = new Map<string, Entry[]>();
  /** By right, namespace and name; '' where it is for all names. */
  readonly #vertices = new Map<string, Map<string, Map<string, number>>>();
  readonly #ruleVertices = new Map<Binding, Map<RoleRule, number>>();
  readonly #bindingVertices = new Map<Binding, number>();
  /** What goes with a rule of a role: the role, the rule, and the role that it is added to. */
  readonly #partsOfRules = new Map<RoleRule, readonly number[]>();
  /** Rights of single subjects, by the vertex of the subject and then as above. */
  readonly #own = new Map<number, Map<string, Map<string, Map<string, number>>>>();
  readonly #whats = new Map<string, string>();

  constructor(drawing: Drawing, rbac: Rbac, rights: readonly Right[]) {
    this.#drawing = drawing;
    this.#rbac = rbac;
    this.#rights = [...new Map(rights.map((each) => [each.text, each])).values()];
    this.#given = this.#byRole();
    for (const binding of rbac.bindings) this.#bind(binding);
    this.#everything();
  }

  /** Every vertex that stands for a right, each for one namespace. */
  held({ text }: Right): readonly Held[] {
    return this.#held.get(text) ?? [];
  }

  /** The vertex of a right in one namespace, or of one of the cluster; undefined where nobody can come to have it. */
  in(right: Right, namespace: string, name?: string): number | undefined {
    return this.#vertices
      .get(right.text)
      ?.get(namespace)
      ?.get(name ?? ALL);
  }

  /** Every rule of every binding that gives a right. */
  entries({ text }: Right): readonly Entry[] {
    return this.#entries.get(text) ?? [];
  }

  ruleVertex({ binding, roleRule }: Pick<Entry, 'binding' | 'roleRule'>): number {
    const known = inner(this.#ruleVertices, binding);
    let vertex = known.get(roleRule);
    if (vertex !== undefined) return vertex;
    const { builder } = this.#drawing;
    vertex = builder.unlisted(ruleVertexName(binding.ref, roleRule.source, roleRule.index));
    known.set(roleRule, vertex);
    for (const part of this.#partsOf(roleRule)) builder.partById(vertex, part);
    this.#drawing.link(this.bindingVertex(binding), vertex, { where: { object: binding.object, path: 'roleRef' } });
    return vertex;
  }

  #partsOf(roleRule: RoleRule): readonly number[] {
    let parts = this.#partsOfRules.get(roleRule);
    if (parts !== undefined) return parts;
    const { builder } = this.#drawing;
    const source = this.#drawing.refOf(roleRule.source);
    const rule = `rule ${roleRule.rule.verbs.join(',')} ${roleRule.rule.resources.join(',')} in ${source}`;
    parts = [source, rule, ...(roleRule.role.ref === source ? [] : [roleRule.role.ref])].map((part) => builder.partId(part));
    this.#partsOfRules.set(roleRule, parts);
    return parts;
  }

  bindingVertex(binding: Binding): number {
    const { builder } = this.#drawing;
    const known = this.#bindingVertices.get(binding);
    if (known !== undefined) return known;
    const before = builder.find(binding.ref);
    const vertex = before ?? builder.vertex(binding.ref);
    this.#bindingVertices.set(binding, vertex);
    if (before !== undefined) return vertex;
    builder.part(vertex, binding.ref);
    for (const { subject, index } of binding.subjects) {
      this.#drawing.step(
        { edge: 'SUBJECT_GRANT', where: { object: binding.object, path: `subjects[${index}]` } },
        this.#drawing.subject(subject),
        vertex,
      );
    }
    return vertex;
  }

  /** The rights that a role gives to whoever is bound to it in a namespace, or everywhere. */
  *given(role: Role, where: string): Generator<{ vertex: number; evidence: { object: RoleRule['source']; path: string } }> {
    for (const { right, roleRule, names } of this.#given.get(role.id) ?? []) {
      if (!right.namespaced && where !== ANYWHERE) continue;
      const evidence = { object: roleRule.source, path: `rules[${roleRule.index}]` };
      for (const name of names ?? [undefined]) yield { vertex: this.#vertex(right, right.namespaced ? where : '', name), evidence };
    }
  }

  /** For each role the rights that its rules give. */
  #byRole(): Map<number, Given[]> {
    const byRole = new Map<number, Given[]>();
    for (const right of this.#rights) {
      const { group: apiGroup, resource, subresource } = right;
      // The same rule may give a right by several verbs, of which one is enough; one without names is more.
      const matches = new Map<number, { rule: { id: number }; names: readonly string[] | undefined }>();
      for (const verb of right.verbs) {
        for (const match of this.#rbac.matching({ verb, apiGroup, resource, subresource })) {
          const before = matches.get(match.rule.id);
          if (before === undefined || before.names !== undefined) matches.set(match.rule.id, match);
        }
      }
      for (const { rule, names } of matches.values()) {
        for (const roleRule of this.#rbac.roleRulesOf(rule as RoleRule['rule'])) {
          if (isEverything(roleRule)) continue;
          const list = byRole.get(roleRule.role.id);
          if (list === undefined) byRole.set(roleRule.role.id, [{ right, roleRule, names }]);
          else list.push({ right, roleRule, names });
        }
      }
    }
    return byRole;
  }

  #bind(binding: Binding): void {
    if (binding.role === undefined) return;
    const { builder } = this.#drawing;
    const scope = binding.namespace === '' ? ANYWHERE : binding.namespace;
    for (const roleRule of binding.role.rules) {
      if (!isEverything(roleRule)) continue;
      const to = builder.vertex(scope === ANYWHERE ? 'ClusterAdmin' : `NamespaceAdmin/${scope}`);
      this.#drawing.step(
        {
          edge: 'RBAC_WILDCARD',
          where: {
            object: roleRule.source,
            path: `rules[${roleRule.index}]`,
          },
        },
        this.ruleVertex({ binding, roleRule }),
        to,
      );
    }
    for (const { right, roleRule, names } of this.#given.get(binding.role.id) ?? []) {
      if (!right.namespaced && scope !== ANYWHERE) continue;
      const entry: Entry = { binding, roleRule, names };
      const entries = this.#entries.get(right.text);
      if (entries === undefined) this.#entries.set(right.text, [entry]);
      else entries.push(entry);
      const from = this.ruleVertex(entry);
      const evidence = { object: roleRule.source, path: `rules[${roleRule.index}]` };
      for (const name of names ?? [undefined])
        this.#drawing.link(from, this.#vertex(right, right.namespaced ? scope : '', name), { where: evidence });
    }
  }

  /** Who holds a whole namespace, or all of them, may do everything that anybody asks for. */
  #everything(): void {
    const { builder, namespaces } = this.#drawing;
    const cluster = builder.vertex('ClusterAdmin');
    for (const namespace of namespaces) {
      const all = builder.vertex(`NamespaceAdmin/${namespace}`);
      this.#drawing.link(cluster, all);
      for (const right of this.#rights) if (right.namespaced) this.#drawing.link(all, this.#vertex(right, namespace));
    }
    for (const right of this.#rights) if (!right.namespaced) this.#drawing.link(cluster, this.#vertex(right, ''));
  }

  #vertex(right: Right, namespace: string, name?: string): number {
    const known = inner(inner(this.#vertices, right.text), namespace);
    let vertex = known.get(name ?? ALL);
    if (vertex !== undefined) return vertex;
    const { builder, namespaces } = this.#drawing;
    vertex = builder.unlisted(`Permission/${this.#textOf(right, namespace, name)}`);
    known.set(name ?? ALL, vertex);
    if (namespace === ANYWHERE) {
      for (const each of namespaces) this.#drawing.link(vertex, this.#vertex(right, each, name));
      return vertex;
    }
    const held: Held = { vertex, namespace, name };
    const list = this.#held.get(right.text);
    if (list === undefined) this.#held.set(right.text, [held]);
    else list.push(held);
    return vertex;
  }

  /**
   * Every subject that has several rights at once, each with the rules by which: what is asked of one request is asked of
   * one identity, and rights of two do not add up. The groups that everybody of a kind is in count for him too.
   */
  *jointly(rights: readonly Right[]): Generator<{ subject: Subject; entries: readonly (readonly Entry[])[] }> {
    const bySubject = rights.map((right) => this.#bySubject(right));
    const candidates = new Set(bySubject.flatMap((map) => [...map.keys()]));
    for (const subject of candidates) {
      const selves = this.#selvesOf(subject);
      const entries = bySubject.map((map) => selves.flatMap((each) => map.get(each) ?? []));
      if (entries.every((list) => list.length > 0)) yield { subject, entries };
    }
  }

  /** That one subject has a right in a namespace, as a vertex of its own; undefined where no entry reaches there. */
  as(subject: Subject, right: Right, at: { entries: readonly Entry[]; namespace: string; name?: string | undefined }): number | undefined {
    const { entries, namespace, name } = at;
    const fitting = entries.filter(
      ({ binding, names }) =>
        (binding.namespace === '' || binding.namespace === namespace) &&
        (names === undefined || (name !== undefined && names.includes(name))),
    );
    if (fitting.length === 0) return undefined;
    const { builder } = this.#drawing;
    const self = this.#drawing.subject(subject);
    const known = inner(inner(inner(this.#own, self), right.text), namespace);
    const before = known.get(name ?? ALL);
    if (before !== undefined) return before;
    const where = namespace === '' && right.namespaced ? ANYWHERE : namespace;
    const vertex = builder.unlisted(`${builder.nameOf(self)} may ${this.#textOf(right, where, name)}`);
    known.set(name ?? ALL, vertex);
    for (const entry of fitting) {
      const evidence = { object: entry.roleRule.source, path: `rules[${entry.roleRule.index}]` };
      this.#drawing.step({ edge: 'SUBJECT_GRANT', where: evidence }, [self, this.ruleVertex(entry)], vertex);
    }
    return vertex;
  }

  #bySubject(right: Right): Map<Subject, Entry[]> {
    const map = new Map<Subject, Entry[]>();
    for (const entry of this.entries(right)) {
      for (const { subject } of entry.binding.subjects) {
        const list = map.get(subject);
        if (list === undefined) map.set(subject, [entry]);
        else list.push(entry);
      }
    }
    return map;
  }

  #textOf({ text, verbs, resource, subresource, namespaced }: Right, namespace: string, name: string | undefined): string {
    let what = this.#whats.get(text);
    if (what === undefined) this.#whats.set(text, (what = `${verbs.join('/')} ${resource}${subresource === '' ? '' : `/${subresource}`}`));
    if (name !== undefined) what += ` "${name}"`;
    if (!namespaced) return what;
    return namespace === ANYWHERE ? `${what} in every namespace` : `${what} in ${namespace}`;
  }

  #subjects: Map<string, Subject> | undefined;

  #selvesOf(subject: Subject): Subject[] {
    this.#subjects ??= new Map(this.#rbac.subjects.map((each) => [each.kind === 'Group' ? `g${each.name}` : `u${each.userName}`, each]));
    const { groups } = withImplicitGroups(
      subject.kind === 'Group' ? { name: '', groups: groupsWith(subject.name) } : { name: subject.userName, groups: [] },
    );
    const selves = [subject];
    for (const group of groups) {
      const known = this.#subjects.get(`g${group}`);
      if (known !== undefined && known !== subject) selves.push(known);
    }
    return selves;
  }
}

/** Of one rule, by its index, as a binding hands it out. */
export function ruleVertexName(
  binding: string,
  { kind, namespace, name }: Pick<RoleRule['source'], 'kind' | 'namespace' | 'name'>,
  index: number,
): string {
  return `${binding} gives rule ${index + 1} of ${kind}/${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** The groups that the members of one are in besides. */
export function groupsWith(name: string): string[] {
  return name.startsWith('system:serviceaccounts:') ? [name, 'system:serviceaccounts'] : [name];
}

/** A rule with every verb on every resource of every group. */
export function isEverything({ rule }: RoleRule): boolean {
  const { verbs, apiGroups, resources, resourceNames } = rule;
  return resourceNames.length === 0 && verbs.includes('*') && apiGroups.includes('*') && resources.includes('*');
}

function inner<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = new Map<L, V>()));
  return found;
}
