/**
 * Who may do what, as vertices: a subject leads to the bindings that name it, a binding to the rules of its role, a rule
 * to each right that it gives, and a right of the whole cluster to that of every namespace. Only rights that some family
 * of edges asks for are drawn.
 */
import { type Binding, type Rbac, type Role, type RoleRule, type Subject, withImplicitGroups } from '../engines/rbac/index.ts';
import { mapIn } from '../lib/groups.ts';
import type { Drawing, Where } from './drawing.ts';
import type { Right } from './right.ts';
import {
  ANYWHERE,
  type Ask,
  type Bound,
  type Entry,
  type RuleOfBinding,
  type Taken,
  effectName,
  evidenceOf,
  fittingEntries,
  isEverything,
  scopeOf,
  seatOf,
  smallestChoices,
  takenFrom,
} from './right-entries.ts';

/** A right as a vertex. */
export interface Held {
  readonly vertex: number;
  /** '' where the right is of the cluster and lies in no namespace; never "all": those are drawn one by one. */
  readonly namespace: string;
  /** Of the only object that it is for; undefined for all. */
  readonly name: string | undefined;
}

/** Rules in the hands of one subject, with the vertices of the bindings by which and of what the rules give. */
export interface Way {
  readonly vertex: number;
  readonly steps: readonly { readonly binding: number; readonly rule: number }[];
}

interface OwnBinding {
  readonly vertex: number;
  readonly binding: Bound;
}

/** That one subject may do something: the vertex, from how many entries it was drawn, and the ways that lead to it. */
interface OfOne {
  readonly vertex: number | undefined;
  readonly count: number;
  readonly drawn: Set<number>;
}

interface Drawn {
  readonly asks: readonly Ask[];
  readonly fitting: readonly (readonly Entry[])[];
  readonly vertex: number;
  readonly drawn: Set<number>;
}

/** A right that a rule of a role gives. */
interface Given {
  readonly right: Right;
  readonly roleRule: RoleRule;
  readonly names: readonly string[] | undefined;
}

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
  readonly #effects = new Map<RoleRule, Map<string, number>>();
  /** Rules of a role that give anything, where it is bound in a namespace or for the cluster. */
  readonly #useful = new Map<Role, readonly RoleRule[]>();
  readonly #usefulInCluster = new Map<Role, readonly RoleRule[]>();
  readonly #bindingVertices = new Map<Bound, number>();
  /** What subjects can bind to themselves, by the role and then by who it is and where. */
  readonly #ownBindings = new Map<Role, Map<string, OwnBinding>>();
  #ownCount = 0;
  /** What goes with a rule of a role: the role, the rule, and the role that it is added to. */
  readonly #partsOfRules = new Map<RoleRule, readonly number[]>();
  /** Rights of single subjects, by the vertex of the subject and then by what is asked. */
  readonly #own = new Map<number, Map<string, OfOne>>();
  /** Rules in the hands of single subjects, by the vertex of the subject and those of bindings and rules. */
  readonly #inHandsOf = new Map<number, Map<string, number>>();
  /** The same in a row. */
  readonly ways: Way[] = [];
  /** By the vertex that says what somebody may do, and then by the rules in his hands. */
  readonly #taken = new Map<number, Map<number, readonly Taken[]>>();
  readonly #selves = new Map<Subject, Subject[]>();
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

  bindingVertex(binding: Bound): number {
    const { builder } = this.#drawing;
    const known = this.#bindingVertices.get(binding);
    if (known !== undefined) return known;
    const fresh = builder.vertexCount;
    const vertex = builder.vertex(binding.ref);
    this.#bindingVertices.set(binding, vertex);
    if (vertex !== fresh) return vertex;
    builder.part(vertex, binding.ref);
    for (const { subject, index } of binding.subjects) {
      this.#drawing.step({ edge: 'SUBJECT_GRANT', where: seatOf(binding, index) }, this.#drawing.subject(subject), vertex);
    }
    return vertex;
  }

  /**
   * That a subject who may do something binds a role to himself, or to others, in a namespace or everywhere: what the role
   * gives then counts where one request asks for several rights. False where that was known.
   */
  bindsToHimself(subject: Subject, role: Role, { edge, where, may }: { edge: string; where: string; may: number }): boolean {
    const { builder } = this.#drawing;
    const known = mapIn(this.#ownBindings, role);
    const ref = `${builder.nameOf(this.#drawing.subject(subject))} and ${role.ref}, bound ${where === ANYWHERE ? 'everywhere' : `in ${where}`}`;
    const before = known.get(ref);
    if (before === undefined && this.#ownCount * this.#rbac.subjects.length >= MOST_OWN) return false;
    const vertex = before?.vertex ?? builder.unlisted(ref);
    this.#drawing.step(edge, may, vertex);
    if (before !== undefined) return false;
    const binding: Bound = { ref, object: undefined, namespace: where === ANYWHERE ? '' : where, subjects: [{ subject, index: -1 }] };
    known.set(ref, { vertex, binding });
    this.#bindingVertices.set(binding, vertex);
    this.#ownCount += 1;
    return this.#enter(binding, role).length > 0;
  }

  /** Everything by which somebody can bind a role to himself. */
  ownBindingsTo(role: Role): readonly OwnBinding[] {
    return [...(this.#ownBindings.get(role)?.values() ?? [])];
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
    const { role } = binding;
    if (role === undefined) return;
    const scope = scopeOf(binding);
    const where = { object: binding.object, path: 'roleRef' };
    for (const roleRule of role.rules)
      if (isEverything(roleRule))
        this.#drawing.step({ edge: 'RBAC_WILDCARD', where }, this.bindingVertex(binding), this.#effect(roleRule, scope));
    for (const roleRule of this.#enter(binding, role)) {
      const from = this.bindingVertex(binding);
      this.#drawing.link(from, this.#effect(roleRule, scope), { where });
    }
  }

  /** Notes what a role gives by a binding; the rules that give anything. */
  #enter(binding: Bound, role: Role): readonly RoleRule[] {
    const isCluster = binding.namespace === '';
    for (const { right, roleRule, names } of this.#given.get(role.id) ?? []) {
      if (!right.namespaced && !isCluster) continue;
      const entry: Entry = { binding, roleRule, names };
      const entries = this.#entries.get(right.text);
      if (entries === undefined) this.#entries.set(right.text, [entry]);
      else entries.push(entry);
    }
    return this.#usefulIn(role, isCluster);
  }

  /** The same for all bindings of a role that are of the cluster, and for all that are not. */
  #usefulIn(role: Role, isCluster: boolean): readonly RoleRule[] {
    const known = isCluster ? this.#usefulInCluster : this.#useful;
    let useful = known.get(role);
    if (useful === undefined) {
      const given = (this.#given.get(role.id) ?? []).filter(({ right }) => right.namespaced || isCluster);
      known.set(role, (useful = [...new Set(given.map(({ roleRule }) => roleRule))]));
    }
    return useful;
  }

  /** What a rule gives in a namespace, or everywhere, to all who are bound there: taking the rule away is one vertex for them. */
  #effect(roleRule: RoleRule, scope: string): number {
    const known = mapIn(this.#effects, roleRule);
    const before = known.get(scope);
    if (before !== undefined) return before;
    const { builder } = this.#drawing;
    const { source, index, role } = roleRule;
    const where = evidenceOf({ roleRule });
    const vertex = builder.unlisted(effectName(source, { index, scope, role: role.ref }));
    known.set(scope, vertex);
    for (const part of this.#partsOf(roleRule)) builder.partById(vertex, part);
    if (isEverything(roleRule))
      this.#drawing.link(vertex, builder.vertex(scope === ANYWHERE ? 'ClusterAdmin' : `NamespaceAdmin/${scope}`), { where });
    for (const { right, roleRule: other, names } of this.#given.get(role.id) ?? []) {
      if (other !== roleRule || (!right.namespaced && scope !== ANYWHERE)) continue;
      for (const name of names ?? [undefined])
        this.#drawing.link(vertex, this.#vertex(right, right.namespaced ? scope : '', name), { where });
    }
    return vertex;
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
    const known = mapIn(mapIn(this.#vertices, right.text), namespace);
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
   * one identity, and rights of two do not add up. The groups that everybody of a kind is in count for him too, and so does
   * what somebody else may bind to him, as long as he has something himself.
   */
  *jointly(rights: readonly Right[]): Generator<{ subject: Subject; entries: readonly (readonly Entry[])[] }> {
    const bySubject = rights.map((right) => this.#bySubject(right));
    const given = rights.map((right) => this.entries(right).filter(({ binding }) => binding.object === undefined));
    const candidates = new Set(bySubject.flatMap((map) => [...map.keys()]));
    for (const subject of candidates) {
      const selves = this.#selvesOf(subject);
      const entries = bySubject.map((map, index) => {
        const own = selves.flatMap((each) => map.get(each) ?? []);
        return [...own, ...(given[index] ?? []).filter((entry) => !own.includes(entry))];
      });
      if (entries.every((list) => list.length > 0)) yield { subject, entries };
    }
  }

  /**
   * That one subject has rights all at once, as a vertex of its own; undefined where no entry gives one of them there. What
   * is bound to him comes with him, so that each way to it is a row of vertices that need one thing, along which stand the
   * bindings and rules by which he has it.
   */
  as(subject: Subject, ...asks: readonly [Ask, ...Ask[]]): number | undefined {
    const self = this.#drawing.subject(subject);
    const known = mapIn(this.#own, self);
    const key = asks
      .map(({ right, namespace, name, some }) => `${right.text}\n${namespace}\n${name ?? ALL}${some === true ? '?' : ''}`)
      .join('\n');
    const count = asks.reduce((sum, { entries }) => sum + entries.length, 0);
    const before = known.get(key);
    if (before?.count === count) return before.vertex;
    const fitting = asks.map(fittingEntries);
    const vertex = fitting.every((entries) => entries.length > 0) ? (before?.vertex ?? this.#vertexOf(subject, asks)) : undefined;
    const drawn = before?.drawn ?? new Set<number>();
    known.set(key, { vertex, count, drawn });
    if (vertex !== undefined) this.#drawWays(subject, { asks, fitting, vertex, drawn });
    return vertex;
  }

  #vertexOf(subject: Subject, asks: readonly Ask[]): number {
    const { builder } = this.#drawing;
    const texts = asks.map(({ right, namespace, name, some }) =>
      some === true
        ? `${this.#whatOf(right)} of some name`
        : this.#textOf(right, namespace === '' && right.namespaced ? ANYWHERE : namespace, name),
    );
    return builder.unlisted(`${builder.nameOf(this.#drawing.subject(subject))} may ${texts.join(' and ')}`);
  }

  #drawWays(subject: Subject, { asks, fitting, vertex, drawn }: Drawn): void {
    const ways = smallestChoices(fitting);
    // So many that each right is better told by itself.
    if (ways === undefined)
      this.#drawing.link(
        asks.flatMap((ask) => this.as(subject, ask) ?? []),
        vertex,
      );
    for (const way of ways ?? []) {
      const last = way.at(-1);
      const hands = this.#inHands(subject, way);
      if (last === undefined || drawn.has(hands)) continue;
      drawn.add(hands);
      this.#drawing.link(hands, vertex, { where: evidenceOf(last) });
      mapIn(this.#taken, vertex).set(hands, takenFrom(way, asks, fitting));
    }
  }

  /** What need only be taken out of rules so that rules in the hands of one subject do not let him do all that is asked. */
  takenBetween(hands: number, may: number): readonly Taken[] {
    return this.#taken.get(may)?.get(hands) ?? [];
  }

  /** A rule of a binding in the hands of one subject, as a vertex that goes with the binding and with the rule. */
  by(subject: Subject, entry: RuleOfBinding): number {
    return this.#inHands(subject, [entry]);
  }

  #inHands(subject: Subject, way: readonly RuleOfBinding[]): number {
    const { builder } = this.#drawing;
    const self = this.#drawing.subject(subject);
    const known = mapIn(this.#inHandsOf, self);
    const steps = way.map(({ binding, roleRule }) => ({
      binding: this.bindingVertex(binding),
      rule: this.#effect(roleRule, scopeOf(binding)),
    }));
    const key = steps.map(({ binding, rule }) => `${binding}-${rule}`).join();
    const before = known.get(key);
    if (before !== undefined) return before;
    let [at, name] = [self, builder.nameOf(self)];
    for (const [index, { binding, roleRule }] of way.entries()) {
      const previous = way[index - 1];
      if (previous !== undefined) {
        const given = builder.unlisted(`${name} …`);
        this.#drawing.link(at, given, { where: evidenceOf(previous) });
        at = given;
      }
      name += `${previous === undefined ? ' by' : ' and'} ${binding.ref} with ${builder.nameOf(steps[index]?.rule ?? 0)}`;
      const next = builder.unlisted(name);
      for (const part of this.#partsOf(roleRule)) builder.partById(next, part);
      if (binding.object === undefined) {
        const given = this.bindingVertex(binding);
        // What he binds to himself is in his hands with that. What others bind to him takes him too, and so does what a group
        // binds to itself: anybody in it may have done that.
        const isHis = previous === undefined && binding.subjects.some((bound) => bound.subject === subject);
        this.#drawing.link(isHis ? given : [at, given], next);
        at = next;
        continue;
      }
      builder.part(next, binding.ref);
      for (const where of this.#seatsOf(subject, binding)) {
        if (previous === undefined) this.#drawing.step({ edge: 'SUBJECT_GRANT', where }, at, next);
        else this.#drawing.link(at, next, { where });
      }
      at = next;
    }
    known.set(key, at);
    this.ways.push({ vertex: at, steps });
    return at;
  }

  /** That a subject who may do something is bound by a binding besides; undefined where he is not. */
  boundAs(subject: Subject, binding: Binding, may: number): number | undefined {
    const seats = this.#seatsOf(subject, binding);
    if (seats.length === 0) return undefined;
    const { builder } = this.#drawing;
    const vertex = builder.unlisted(`${builder.nameOf(may)} and is bound by ${binding.ref}`);
    builder.part(vertex, binding.ref);
    for (const where of seats) this.#drawing.link(may, vertex, { where });
    return vertex;
  }

  /** The entries of a binding that name a subject, or a group that he is in. */
  #seatsOf(subject: Subject, binding: Bound): Where[] {
    const selves = this.#selvesOf(subject);
    const seats: Where[] = [];
    // Asked of every binding for everybody who writes roles, nearly always in vain: no call for each of its subjects.
    for (const bound of binding.subjects) {
      const seat = selves.includes(bound.subject) ? seatOf(binding, bound.index) : undefined;
      if (seat !== undefined) seats.push(seat);
    }
    return seats;
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

  #textOf(right: Right, namespace: string, name: string | undefined): string {
    let what = this.#whatOf(right);
    if (name !== undefined) what += ` "${name}"`;
    if (!right.namespaced) return what;
    return namespace === ANYWHERE ? `${what} in every namespace` : `${what} in ${namespace}`;
  }

  #whatOf({ text, verbs, resource, subresource }: Right): string {
    let what = this.#whats.get(text);
    if (what === undefined) this.#whats.set(text, (what = `${verbs.join('/')} ${resource}${subresource === '' ? '' : `/${subresource}`}`));
    return what;
  }

  #subjects: Map<string, Subject> | undefined;

  #selvesOf(subject: Subject): Subject[] {
    let selves = this.#selves.get(subject);
    if (selves === undefined) this.#selves.set(subject, (selves = this.#readSelves(subject)));
    return selves;
  }

  #readSelves(subject: Subject): Subject[] {
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

/** Roles that can be bound, each by one subject in one place, times all subjects: of more only what each right gives alone is drawn. */
const MOST_OWN = 8000;

/** The groups that the members of one are in besides. */
export function groupsWith(name: string): string[] {
  return name.startsWith('system:serviceaccounts:') ? [name, 'system:serviceaccounts'] : [name];
}
