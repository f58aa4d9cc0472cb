/**
 * Who may do what, as vertices: a subject leads to the bindings that name it, a binding to the rules of its role, a rule
 * to each right that it gives, and a right of the whole cluster to that of every namespace. Only rights that some family
 * of edges asks for are drawn.
 */
import { type Binding, type Rbac, type Role, type RoleRule, type Subject, withImplicitGroups } from '../engines/rbac/index.ts';
import { mapIn, pushIn } from '../lib/groups.ts';
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
  placeIn,
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

/** That one subject may do something: the vertex, and from how many entries it was drawn. */
interface OfOne {
  readonly vertex: number | undefined;
  readonly count: number;
}

interface Drawn {
  readonly asks: readonly Ask[];
  readonly fitting: readonly (readonly Entry[])[];
  readonly vertex: number;
}

/** Vertices of one right, by namespace, and of those that are for one object by its name besides. */
interface Places {
  /** Stands for the right where many keys are made. */
  readonly id: number;
  /** What stands before the namespace in the name of a vertex. */
  readonly before: string;
  readonly ofAll: Map<string, number>;
  readonly named: Map<string, Map<string, number>>;
}

/** A way by which somebody may do what was asked, and what else was to choose from. */
interface WayTaken extends Pick<Drawn, 'fitting'> {
  readonly rights: readonly Right[];
  readonly hands: number;
  readonly way: readonly Entry[];
}

/** The entries of a right, as many as there were, by their subjects, and those that somebody can bind. */
interface Holders {
  readonly count: number;
  readonly bySubject: ReadonlyMap<Subject, readonly Entry[]>;
  readonly given: readonly Entry[];
}

/** A right that a rule of a role gives. */
interface Given {
  readonly right: Right;
  readonly roleRule: RoleRule;
  readonly names: readonly string[] | undefined;
}

/** In place of a name: no object is called so. */
const ALL = '\n';
const NONE: readonly never[] = Object.freeze([]);

export class Rights {
  readonly #drawing: Drawing;
  readonly #rbac: Rbac;
  readonly #rights: readonly Right[];
  readonly #given: ReadonlyMap<number, readonly Given[]>;
  readonly #held = new Map<string, Held[]>();
  readonly #entries = new Map<string, Entry[]>();
  readonly #vertices = new Map<string, Places>();
  /** By where they count: places are few, and rules so many that a map for each would be most of what is kept. */
  readonly #effects = new Map<string, Map<number, number>>();
  readonly #holders = new Map<string, Holders>();
  /** Rules of a role that give anything, where it is bound in a namespace or for the cluster. */
  readonly #useful: (readonly RoleRule[] | undefined)[];
  readonly #usefulInCluster: (readonly RoleRule[] | undefined)[];
  /** By the id of the binding; -1 where it is not drawn yet. */
  readonly #bindingVertices: Int32Array;
  readonly #ownVertices = new Map<Bound, number>();
  /** What subjects can bind to themselves, by the role and then by who it is and where. */
  readonly #ownBindings = new Map<Role, Map<string, OwnBinding>>();
  #ownCount = 0;
  /** What goes with a rule of a role: the role, the rule, and the role that it is added to. */
  readonly #partsOfRules: (readonly number[] | undefined)[];
  /** Rights of single subjects, by the vertex of the subject and then by what is asked. */
  readonly #own = new Map<number, Map<string, OfOne>>();
  /** Rules in the hands of single subjects, by the vertex of the subject and those of bindings and rules. */
  readonly #inHandsOf = new Map<number, Map<string, number>>();
  /** The same in a row. */
  readonly ways: Way[] = [];
  /** By the vertex that says what somebody may do. */
  readonly #taken = new Map<number, WayTaken[]>();
  readonly #selves = new Map<Subject, Subject[]>();
  readonly #whats = new Map<string, string>();

  constructor(drawing: Drawing, rbac: Rbac, rights: readonly Right[]) {
    this.#drawing = drawing;
    this.#rbac = rbac;
    this.#rights = [...new Map(rights.map((each) => [each.text, each])).values()];
    this.#useful = Array.from({ length: rbac.roles.length });
    this.#usefulInCluster = Array.from({ length: rbac.roles.length });
    this.#partsOfRules = Array.from({ length: rbac.roleRules.length });
    this.#bindingVertices = new Int32Array(rbac.bindings.length).fill(-1);
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
    const places = this.#vertices.get(right.text);
    return name === undefined ? places?.ofAll.get(namespace) : places?.named.get(namespace)?.get(name);
  }

  /** Every rule of every binding that gives a right. */
  entries({ text }: Right): readonly Entry[] {
    return this.#entries.get(text) ?? [];
  }

  /** How much there is to ask for of some rights: what was drawn by as much need not be drawn again. */
  countOf(...rights: readonly Right[]): string {
    return rights.map((right) => this.entries(right).length).join();
  }

  #partsOf(roleRule: RoleRule): readonly number[] {
    let parts = this.#partsOfRules[roleRule.id];
    if (parts !== undefined) return parts;
    const { builder } = this.#drawing;
    const source = this.#drawing.refOf(roleRule.source);
    const rule = `rule ${roleRule.rule.verbs.join(',')} ${roleRule.rule.resources.join(',')} in ${source}`;
    parts = [source, rule, ...(roleRule.role.ref === source ? [] : [roleRule.role.ref])].map((part) => builder.partId(part));
    this.#partsOfRules[roleRule.id] = parts;
    return parts;
  }

  bindingVertex(binding: Bound): number {
    const { builder } = this.#drawing;
    const { id } = binding;
    const known = id === undefined ? this.#ownVertices.get(binding) : this.#bindingVertices[id];
    if (known !== undefined && known >= 0) return known;
    const fresh = builder.vertexCount;
    const vertex = builder.vertex(binding.ref);
    if (id === undefined) this.#ownVertices.set(binding, vertex);
    else this.#bindingVertices[id] = vertex;
    if (vertex !== fresh) return vertex;
    builder.ownPart(vertex);
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
    const isFull = this.#ownCount * this.#rbac.subjects.length >= MOST_OWN;
    // Mostly so, and nothing is known of the role: then its name need not be put together.
    if (isFull && !this.#ownBindings.has(role)) return false;
    const known = mapIn(this.#ownBindings, role);
    const ref = `${builder.nameOf(this.#drawing.subject(subject))} and ${role.ref}, bound ${where === ANYWHERE ? 'everywhere' : `in ${where}`}`;
    const before = known.get(ref);
    if (before === undefined && isFull) return false;
    const vertex = before?.vertex ?? builder.unlisted(ref);
    this.#drawing.step(edge, may, vertex);
    if (before !== undefined) return false;
    const binding: Bound = { ref, object: undefined, namespace: where === ANYWHERE ? '' : where, subjects: [{ subject, index: -1 }] };
    known.set(ref, { vertex, binding });
    this.#ownVertices.set(binding, vertex);
    this.#ownCount += 1;
    return this.#enter(binding, role).length > 0;
  }

  /** Everything by which somebody can bind a role to himself. */
  ownBindingsTo(role: Role): readonly OwnBinding[] {
    return [...(this.#ownBindings.get(role)?.values() ?? [])];
  }

  hasOwnBindingsTo(role: Role): boolean {
    return this.#ownBindings.has(role);
  }

  /** The rights that a role gives to whoever is bound to it in a namespace, or everywhere. */
  *given(role: Role, where: string): Generator<{ vertex: number; evidence: { object: RoleRule['source']; path: string } }> {
    for (const { right, roleRule, names } of this.#given.get(role.id) ?? []) {
      if (!right.namespaced && where !== ANYWHERE) continue;
      const evidence = { object: roleRule.source, path: placeIn('rules', roleRule.index) };
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
          pushIn(byRole, roleRule.role.id, { right, roleRule, names });
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
      pushIn(this.#entries, right.text, { binding, roleRule, names });
    }
    return this.#usefulIn(role, isCluster);
  }

  /** The same for all bindings of a role that are of the cluster, and for all that are not. */
  #usefulIn(role: Role, isCluster: boolean): readonly RoleRule[] {
    const known = isCluster ? this.#usefulInCluster : this.#useful;
    let useful = known[role.id];
    if (useful === undefined) {
      const given = (this.#given.get(role.id) ?? []).filter(({ right }) => right.namespaced || isCluster);
      known[role.id] = useful = [...new Set(given.map(({ roleRule }) => roleRule))];
    }
    return useful;
  }

  /** What a rule gives in a namespace, or everywhere, to all who are bound there: taking the rule away is one vertex for them. */
  #effect(roleRule: RoleRule, scope: string): number {
    const known = mapIn(this.#effects, scope);
    const before = known.get(roleRule.id);
    if (before !== undefined) return before;
    const { builder } = this.#drawing;
    const { source, index, role } = roleRule;
    const where = evidenceOf({ roleRule });
    const ref = source === role.object ? role.ref : this.#drawing.refOf(source);
    const vertex = builder.unlisted(effectName(ref, { index, scope, role: role.ref }));
    known.set(roleRule.id, vertex);
    for (const part of this.#partsOf(roleRule)) builder.partById(vertex, part);
    if (isEverything(roleRule)) this.#drawing.link(vertex, this.#drawing.everything(scope === ANYWHERE ? '' : scope), { where });
    for (const { right, roleRule: other, names } of this.#given.get(role.id) ?? []) {
      if (other !== roleRule || (!right.namespaced && scope !== ANYWHERE)) continue;
      for (const name of names ?? [undefined])
        this.#drawing.link(vertex, this.#vertex(right, right.namespaced ? scope : '', name), { where });
    }
    return vertex;
  }

  /** Who holds a whole namespace, or all of them, may do everything that anybody asks for. */
  #everything(): void {
    const { namespaces } = this.#drawing;
    const cluster = this.#drawing.everything('');
    for (const namespace of namespaces) {
      const all = this.#drawing.everything(namespace);
      this.#drawing.link(cluster, all);
      for (const right of this.#rights) if (right.namespaced) this.#drawing.link(all, this.#vertex(right, namespace));
    }
    for (const right of this.#rights) if (!right.namespaced) this.#drawing.link(cluster, this.#vertex(right, ''));
  }

  #vertex(right: Right, namespace: string, name?: string): number {
    const places = this.#placesOf(right);
    const known = name === undefined ? places.ofAll : mapIn(places.named, namespace);
    const key = name ?? namespace;
    let vertex = known.get(key);
    if (vertex !== undefined) return vertex;
    const { builder, namespaces } = this.#drawing;
    // One text before each namespace: of the graph's names most are of this kind.
    const isPlain = name === undefined && right.namespaced && namespace !== ANYWHERE;
    const text = isPlain ? `${places.before}${namespace}` : `Permission/${this.#textOf(right, namespace, name)}`;
    vertex = builder.unlisted(text);
    known.set(key, vertex);
    if (namespace === ANYWHERE) {
      for (const each of namespaces) this.#drawing.link(vertex, this.#vertex(right, each, name));
      return vertex;
    }
    pushIn(this.#held, right.text, { vertex, namespace, name });
    return vertex;
  }

  #placesOf(right: Right): Places {
    const { text } = right;
    let places = this.#vertices.get(text);
    if (places === undefined) {
      const before = `Permission/${this.#whatOf(right)} in `;
      this.#vertices.set(text, (places = { id: this.#vertices.size, before, ofAll: new Map(), named: new Map() }));
    }
    return places;
  }

  /**
   * Every subject that has several rights at once, each with the rules by which: what is asked of one request is asked of
   * one identity, and rights of two do not add up. The groups that everybody of a kind is in count for him too, and so does
   * what somebody else may bind to him, as long as he has something himself.
   */
  *jointly(rights: readonly Right[]): Generator<{ subject: Subject; entries: readonly (readonly Entry[])[] }> {
    // As they are now: who goes through them may bind more.
    const holders = rights.map((right) => this.#holdersOf(right));
    const candidates = new Set(holders.flatMap(({ bySubject }) => [...bySubject.keys()]));
    for (const subject of candidates) {
      const entries = this.#entriesOf(subject, holders);
      if (entries !== undefined) yield { subject, entries };
    }
  }

  /** What one subject has of each right; undefined where that is nothing of one, as it is of nearly all who are asked. */
  #entriesOf(subject: Subject, holders: readonly Holders[]): (readonly Entry[])[] | undefined {
    const selves = this.#selvesOf(subject);
    const entries: (readonly Entry[])[] = [];
    for (const { bySubject, given } of holders) {
      let own: readonly Entry[] = NONE;
      for (const each of selves) {
        const list = bySubject.get(each) ?? NONE;
        own = own.length === 0 ? list : list.length === 0 ? own : [...own, ...list];
      }
      const rest = given.length === 0 ? NONE : given.filter((entry) => !own.includes(entry));
      const all = rest.length === 0 ? own : [...own, ...rest];
      if (all.length === 0) return undefined;
      entries.push(all);
    }
    return entries;
  }

  /**
   * That one subject has rights all at once, as a vertex of its own; undefined where no entry gives one of them there. What
   * is bound to him comes with him, so that each way to it is a row of vertices that need one thing, along which stand the
   * bindings and rules by which he has it.
   */
  as(subject: Subject, ...asks: readonly [Ask, ...Ask[]]): number | undefined {
    const self = this.#drawing.subject(subject);
    const known = mapIn(this.#own, self);
    let [key, count] = ['', 0];
    for (const { right, entries, namespace, name, some } of asks) {
      key += `${this.#placesOf(right).id}\n${namespace}\n${name ?? ALL}${some === true ? '?' : ''}\n`;
      count += entries.length;
    }
    const before = known.get(key);
    if (before?.count === count) return before.vertex;
    const fitting = asks.map(fittingEntries);
    const vertex = fitting.every((entries) => entries.length > 0) ? (before?.vertex ?? this.#vertexOf(subject, asks)) : undefined;
    known.set(key, { vertex, count });
    if (vertex !== undefined) this.#drawWays(subject, { asks, fitting, vertex });
    return vertex;
  }

  #vertexOf(subject: Subject, asks: readonly Ask[]): number {
    const { builder } = this.#drawing;
    // Joined, the text is one: put together piece by piece it would be kept as a dozen.
    const texts = asks.map((ask) => this.#askedText(ask));
    return builder.unlisted(`${builder.nameOf(this.#drawing.subject(subject))} may ${texts.join(' and ')}`);
  }

  #askedText({ right, namespace, name, some }: Ask): string {
    if (some === true) return `${this.#whatOf(right)} of some name`;
    return this.#textOf(right, namespace === '' && right.namespaced ? ANYWHERE : namespace, name);
  }

  #drawWays(subject: Subject, { asks, fitting, vertex }: Drawn): void {
    const ways = smallestChoices(fitting);
    const rights = asks.map(({ right }) => right);
    // So many that each right is better told by itself.
    if (ways === undefined)
      this.#drawing.link(
        asks.flatMap((ask) => this.as(subject, ask) ?? []),
        vertex,
      );
    for (const way of ways ?? []) {
      const last = way.at(-1);
      const hands = this.#inHands(subject, way);
      if (last === undefined || this.#taken.get(vertex)?.some((each) => each.hands === hands) === true) continue;
      this.#drawing.link(hands, vertex, { where: evidenceOf(last) });
      pushIn(this.#taken, vertex, { hands, way, rights, fitting });
    }
  }

  /** What need only be taken out of rules so that rules in the hands of one subject do not let him do all that is asked. */
  takenBetween(hands: number, may: number): readonly Taken[] {
    const found = this.#taken.get(may)?.find((each) => each.hands === hands);
    return found === undefined ? [] : takenFrom(found.way, found.rights, found.fitting);
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

  /** Several families ask for the same rights. A list that was handed out stays as it was. */
  #holdersOf(right: Right): Holders {
    const entries = this.entries(right);
    const known = this.#holders.get(right.text);
    if (known?.count === entries.length) return known;
    const bySubject = new Map<Subject, Entry[]>();
    for (const entry of entries) for (const { subject } of entry.binding.subjects) pushIn(bySubject, subject, entry);
    const holders = { count: entries.length, bySubject, given: entries.filter(({ binding }) => binding.object === undefined) };
    this.#holders.set(right.text, holders);
    return holders;
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
