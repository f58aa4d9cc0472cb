/** What the graph says of rights against an attacker who makes requests, on small random worlds: no line is shared. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { buildCluster } from '../model/index.ts';
import { AttackGraph } from './attack-graph.ts';
import { COUNTED } from './graph.ts';
import { withoutParts } from './removal.ts';

const API = 'rbac.authorization.k8s.io';
const NAMESPACES = ['a', 'b'];
const ACCOUNTS = ['a/x', 'a/y', 'b/z'];
const SUBJECTS = [...ACCOUNTS, 'a/x', 'a/y', 'User/ann', 'Group/devs', 'Group/system:serviceaccounts', 'Group/system:serviceaccounts:a'];
const CLUSTER_ROLES = ['c1', 'c2', 'c3', 'wide'];
const ROLES = ['r1', 'r2', 'r3'];
const SIGNER = 'kubernetes.io/kube-apiserver-client';

/** Verb, group, resource, and names that are worth having it for. */
const GRANTS = [
  ['create', API, 'rolebindings', []],
  ['patch', API, 'rolebindings', ['b1', 'b2', 'b3']],
  ['create', API, 'clusterrolebindings', []],
  ['update', API, 'clusterrolebindings', ['b1', 'b2']],
  ['bind', API, 'clusterroles', ['c1', 'c2', 'fresh']],
  ['bind', API, 'roles', ['r1', 'r2', 'fresh']],
  ['escalate', API, 'clusterroles', ['c1', 'c3']],
  ['escalate', API, 'roles', ['r1', 'r2']],
  ['patch', API, 'roles', ['r1', 'r2']],
  ['update', API, 'clusterroles', ['c1', 'c3']],
  ['create', API, 'roles', []],
  ['create', API, 'clusterroles', []],
  ['impersonate', '', 'users', ['ann', 'bob']],
  ['impersonate', '', 'groups', ['devs', 'system:masters']],
  ['impersonate', '', 'serviceaccounts', ['x', 'z']],
  ['create', '', 'serviceaccounts/token', ['x', 'z']],
  ['create', '', 'pods', []],
  ['create', 'certificates.k8s.io', 'certificatesigningrequests', []],
  ['update', 'certificates.k8s.io', 'certificatesigningrequests/approval', []],
  ['approve', 'certificates.k8s.io', 'signers', [SIGNER]],
] as const;

interface Rule {
  verbs: string[];
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
}

interface BindingOf {
  namespace: string;
  kind: 'Role' | 'ClusterRole';
  role: string;
  subjects: string[];
}

interface Plain {
  clusterRoles: { name: string; rules: Rule[]; wide: boolean }[];
  roles: { namespace: string; name: string; rules: Rule[] }[];
  bindings: BindingOf[];
}

const rule = fc
  .tuple(fc.constantFrom(...GRANTS), fc.option(fc.constantFrom(...GRANTS), { freq: 2 }), fc.nat(3))
  .map(([[verb, group, resource, names], more, take]): Rule => {
    if (more !== null)
      return {
        verbs: [...new Set([verb, more[0]])],
        apiGroups: [...new Set([group, more[1]])],
        resources: [...new Set([resource, more[2]])],
      };
    const named = take < 2 ? names.slice(0, take + 1) : [];
    return { verbs: [verb], apiGroups: [group], resources: [resource], ...(named.length > 0 && { resourceNames: [...named] }) };
  });
const rules = fc.array(rule, { minLength: 1, maxLength: 2 });
const bindingOf = fc
  .record({
    namespace: fc.constantFrom('', 'a', 'a', 'b'),
    isCluster: fc.boolean(),
    place: fc.nat(11),
    subjects: fc.uniqueArray(fc.constantFrom(...SUBJECTS), { minLength: 1, maxLength: 2 }),
  })
  .map(({ namespace, isCluster, place, subjects }): BindingOf => {
    if (namespace !== '' && !isCluster)
      return { namespace, kind: 'Role', role: place === 11 ? 'gone' : (ROLES[place % 3] ?? ''), subjects };
    return { namespace, kind: 'ClusterRole', role: place === 11 ? 'gone' : (CLUSTER_ROLES[place % 4] ?? ''), subjects };
  });
const plains: fc.Arbitrary<Plain> = fc.record({
  clusterRoles: fc.tuple(rules, rules, rules, fc.nat(7)).map(([c1, c2, c3, wide]) => [
    { name: 'c1', rules: c1, wide: (wide & 1) > 0 },
    { name: 'c2', rules: c2, wide: (wide & 2) > 0 },
    { name: 'c3', rules: c3, wide: wide === 7 },
  ]),
  roles: fc
    .array(rules, { minLength: 6, maxLength: 6 })
    .map((lists) => lists.map((own, index) => ({ namespace: NAMESPACES[index % 2] ?? '', name: ROLES[index >> 1] ?? '', rules: own }))),
  bindings: fc.array(bindingOf, { minLength: 2, maxLength: 8 }),
});

type Raw = Readonly<Record<string, unknown>>;

function objectsOf({ clusterRoles, roles, bindings }: Plain): Raw[] {
  const rbac = (kind: string, metadata: Raw, more: Raw): Raw => ({ apiVersion: `${API}/v1`, kind, metadata, ...more });
  return [
    ...NAMESPACES.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...ACCOUNTS.map((at) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: at.slice(0, 1), name: at.slice(2) } })),
    ...clusterRoles.map(({ name, rules: own, wide }) =>
      rbac('ClusterRole', { name, ...(wide && { labels: { wide: 'yes' } }) }, { rules: own }),
    ),
    rbac('ClusterRole', { name: 'wide' }, { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { wide: 'yes' } }] } }),
    ...roles.map(({ namespace, name, rules: own }) => rbac('Role', { namespace, name }, { rules: own })),
    ...bindings.map(({ namespace, kind, role, subjects }, index) =>
      rbac(
        namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding',
        { name: `b${index}`, ...(namespace !== '' && { namespace }) },
        {
          roleRef: { apiGroup: API, kind, name: role },
          subjects: subjects.map((who) => {
            const [first = '', name = ''] = who.split('/');
            return /^(User|Group)$/.test(first) ? { kind: first, apiGroup: API, name } : { kind: 'ServiceAccount', namespace: first, name };
          }),
        },
      ),
    ),
  ];
}

function graphOf(objects: readonly Raw[]): AttackGraph {
  return new AttackGraph(
    buildCluster({
      header: { kind: 'manifests', complete: false },
      objects: objects.map((object) => ({ object, origin: { source: '', line: 1, format: 'json' as const, prefix: [] } })),
      counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
      gaps: [],
    }),
  );
}

const EVERYTHING: Rule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

/** Takes over one identity after the other and writes what each may write, until nothing is new. */
class Attacker {
  readonly held = new Set<string>();
  readonly #world: Plain;
  #grown = true;

  constructor(world: Plain, start: string) {
    const { clusterRoles, roles, bindings } = structuredClone(world);
    this.#world = {
      clusterRoles: [
        ...clusterRoles,
        { name: 'cluster-admin', rules: [EVERYTHING], wide: false },
        { name: 'wide', rules: [], wide: false },
      ],
      roles,
      bindings,
    };
    this.#take(start);
    while (this.#grown && !this.isAdmin) {
      this.#grown = false;
      for (const who of this.held) this.#act(who);
    }
  }

  get isAdmin(): boolean {
    return this.held.has('Group/system:masters') || [...this.held].some((who) => this.#may(who, '* * *', ''));
  }

  holds(namespace: string): boolean {
    return [...this.held].some((who) => this.#may(who, '* * *', namespace));
  }

  #take(who: string): void {
    for (const self of this.#selves(who)) {
      if (!this.held.has(self)) this.#grown = true;
      this.held.add(self);
    }
  }

  #selves(who: string): string[] {
    const groups = /^[ab]\//.test(who) ? ['system:serviceaccounts', `system:serviceaccounts:${who.slice(0, 1)}`] : [];
    const more = who.startsWith('Group/system:serviceaccounts:') ? ['system:serviceaccounts'] : [];
    return [who, ...[...groups, ...more].map((group) => `Group/${group}`)];
  }

  /** `verb group resource`, of one name or of all. */
  #may(who: string, asked: string, namespace: string, name?: string): boolean {
    const [verb = '', group = '', resource = ''] = asked.split(' ');
    const fits = (list: readonly string[], one: string): boolean => list.includes('*') || list.includes(one);
    return this.#world.bindings.some(
      (bound) =>
        (bound.namespace === '' || bound.namespace === namespace) &&
        bound.subjects.some((subject) => this.#selves(who).includes(subject)) &&
        this.#rulesOf(bound).some(
          ({ verbs, apiGroups, resources, resourceNames: names = [] }) =>
            fits(verbs, verb) &&
            fits(apiGroups, group) &&
            fits(resources, resource) &&
            (names.length === 0 || (name !== undefined && names.includes(name))),
        ),
    );
  }

  #rulesOf({ namespace, kind, role }: BindingOf): Rule[] {
    const { clusterRoles, roles } = this.#world;
    if (kind === 'Role') return roles.find((each) => each.namespace === namespace && each.name === role)?.rules ?? [];
    if (role === 'wide') return clusterRoles.flatMap(({ rules: own, wide }) => (wide ? own : []));
    return clusterRoles.find(({ name }) => name === role)?.rules ?? [];
  }

  /** To all who he is by now. */
  #bind(namespace: string, { kind, role }: Pick<BindingOf, 'kind' | 'role'>): void {
    const { bindings } = this.#world;
    for (const who of this.held) {
      if (bindings.some((one) => one.namespace === namespace && one.kind === kind && one.role === role && one.subjects.includes(who)))
        continue;
      bindings.push({ namespace, kind, role, subjects: [who] });
      this.#grown = true;
    }
  }

  /** As all that somebody holds only grows, what is written is only added to. */
  #fill(role: { rules: Rule[]; wide?: boolean }): void {
    if (role.rules.includes(EVERYTHING) && role.wide !== false) return;
    if (!role.rules.includes(EVERYTHING)) role.rules.push(EVERYTHING);
    if (role.wide === false) role.wide = true;
    this.#grown = true;
  }

  #act(who: string): void {
    for (const namespace of ['', ...NAMESPACES]) {
      this.#writeBindings(who, namespace);
      this.#writeRoles(who, namespace);
    }
    this.#becomeOthers(who);
  }

  #writeBindings(who: string, namespace: string): void {
    const { clusterRoles, roles, bindings } = this.#world;
    const resource = namespace === '' ? 'clusterrolebindings' : 'rolebindings';
    const isBindable = (kind: string, role: string): boolean =>
      this.#may(who, `bind ${API} ${kind === 'Role' ? 'roles' : 'clusterroles'}`, namespace, role);
    if (this.#may(who, `create ${API} ${resource}`, namespace)) {
      for (const { name } of clusterRoles) if (isBindable('ClusterRole', name)) this.#bind(namespace, { kind: 'ClusterRole', role: name });
      for (const each of roles)
        if (each.namespace === namespace && isBindable('Role', each.name)) this.#bind(namespace, { kind: 'Role', role: each.name });
    }
    for (const [index, { kind, role, namespace: at }] of bindings.entries()) {
      const isThere =
        kind === 'Role' ? roles.some((one) => one.namespace === at && one.name === role) : clusterRoles.some(({ name }) => name === role);
      if (at !== namespace || !isThere || !isBindable(kind, role)) continue;
      const mayWrite = ['update', 'patch'].some((verb) => this.#may(who, `${verb} ${API} ${resource}`, namespace, `b${index}`));
      if (mayWrite) this.#bind(namespace, { kind, role });
    }
  }

  #writeRoles(who: string, namespace: string): void {
    const { clusterRoles, roles } = this.#world;
    const resource = namespace === '' ? 'clusterroles' : 'roles';
    const own = namespace === '' ? clusterRoles : roles.filter((each) => each.namespace === namespace);
    for (const each of own) {
      if (each.name === 'wide') continue;
      const mayWrite = ['update', 'patch'].some((verb) => this.#may(who, `${verb} ${API} ${resource}`, namespace, each.name));
      if (mayWrite && this.#may(who, `escalate ${API} ${resource}`, namespace, each.name)) this.#fill(each);
    }
    if (!this.#may(who, `create ${API} ${resource}`, namespace) || !this.#may(who, `escalate ${API} ${resource}`, namespace)) return;
    for (const name of ['fresh', 'gone']) {
      if (own.some((each) => each.name === name)) continue;
      if (namespace === '') clusterRoles.push({ name, rules: [EVERYTHING], wide: true });
      else roles.push({ namespace, name, rules: [EVERYTHING] });
      this.#grown = true;
    }
  }

  #becomeOthers(who: string): void {
    const users = new Set(this.#world.bindings.flatMap(({ subjects }) => subjects.filter((one) => !/^[ab]\//.test(one))));
    for (const at of ACCOUNTS) {
      const [namespace = '', name = ''] = at.split('/');
      const ways = ['impersonate  serviceaccounts', 'create  serviceaccounts/token', 'create  pods'];
      if (ways.some((asked) => this.#may(who, asked, namespace, asked.endsWith('pods') ? undefined : name))) this.#take(at);
    }
    const isSomebody =
      ['ann', 'bob', undefined].some((name) => this.#may(who, 'impersonate  users', '', name)) ||
      NAMESPACES.some((namespace) =>
        ['x', 'y', 'z', undefined].some((name) => this.#may(who, 'impersonate  serviceaccounts', namespace, name)),
      );
    for (const other of [...users, 'Group/system:masters']) {
      const [kind = '', name = ''] = other.split('/');
      if (kind === 'User' && this.#may(who, 'impersonate  users', '', name)) this.#take(other);
      if (kind === 'Group' && isSomebody && this.#may(who, 'impersonate  groups', '', name)) this.#take(other);
    }
    const asks = [...this.held].some((one) => this.#may(one, 'create certificates.k8s.io certificatesigningrequests', ''));
    const approves =
      this.#may(who, 'update certificates.k8s.io certificatesigningrequests/approval', '') &&
      this.#may(who, 'approve certificates.k8s.io signers', '', SIGNER);
    if (asks && approves) for (const other of [...users, ...ACCOUNTS]) if (other !== 'Group/system:masters') this.#take(other);
  }
}

const vertexOf = (who: string): string => (/^[ab]\//.test(who) ? `ServiceAccount/${who}` : who);

describe('rights that one has by several bindings', () => {
  const named = (name: string, granted: Rule): Raw[] => [
    { apiVersion: `${API}/v1`, kind: 'ClusterRole', metadata: { name }, rules: [granted] },
    {
      apiVersion: `${API}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: API, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', namespace: 'a', name: 'x' }],
    },
  ];
  const cutOf = (graph: AttackGraph): string[] => {
    const [entry = -1, target = -1] = ['ServiceAccount/a/x', 'ClusterAdmin'].map((name) => graph.find(name) ?? -1);
    const cut = graph.cut({ entries: [entry], target, costOf: (part) => (part.startsWith('ClusterRoleBinding/') ? 1 : Infinity) });
    return 'parts' in cut ? cut.parts.map((part) => graph.graph.parts[part] ?? '').toSorted() : [];
  };
  const grant = (verb: string, group: string, resource: string): Rule => ({ verbs: [verb], apiGroups: [group], resources: [resource] });

  it('are closed by all of them', () => {
    const groups = ['g1', 'g2'].flatMap((name) => named(name, grant('impersonate', '', 'groups')));
    const users = ['u1', 'u2', 'u3'].flatMap((name) => named(name, grant('impersonate', '', 'users')));
    expect(cutOf(graphOf([...groups, ...users]))).toEqual(['ClusterRoleBinding/g1', 'ClusterRoleBinding/g2']);
  });
  it('are found however many they are', () => {
    const names = Array.from({ length: 20 }, (_, index) => `${index}`);
    const binds = names.flatMap((name) => named(`bind${name}`, grant('bind', API, 'clusterroles')));
    const writes = [...names, 'more'].flatMap((name) => named(`write${name}`, grant('create', API, 'clusterrolebindings')));
    expect(cutOf(graphOf([...binds, ...writes]))).toEqual(names.map((name) => `ClusterRoleBinding/bind${name}`).toSorted());
  });
});

describe('rights of a role that nobody is bound to', () => {
  it('count for who may bind it, also those on single names', () => {
    const may = (verbs: string[], resources: string[]): Rule => ({ verbs, apiGroups: [API], resources });
    const token: Rule = { verbs: ['create'], apiGroups: [''], resources: ['serviceaccounts/token'], resourceNames: ['z'] };
    const plain: Plain = {
      clusterRoles: [{ name: 'c1', rules: [may(['create'], ['rolebindings']), may(['bind'], ['roles'])], wide: false }],
      roles: [{ namespace: 'b', name: 'r1', rules: [token] }],
      bindings: [{ namespace: '', kind: 'ClusterRole', role: 'c1', subjects: ['a/x'] }],
    };
    const graph = graphOf(objectsOf(plain));
    const [from = -1, to = -1] = ['a/x', 'b/z'].map((at) => graph.find(vertexOf(at)));
    expect([graph.reaches(from, to, COUNTED), new Attacker(plain, 'a/x').held.has('b/z')]).toEqual([true, true]);
  });
});

describe('rights that a group binds to itself', () => {
  it('let it bind a role by name, though somebody else might bind it one that lets it bind all', () => {
    const one = (verbs: string[], resources: string[], resourceNames: string[] = []): Rule => ({
      verbs,
      apiGroups: [API],
      resources,
      ...(resourceNames.length > 0 && { resourceNames }),
    });
    const plain: Plain = {
      clusterRoles: [{ name: 'c1', rules: [one(['bind'], ['clusterroles'])], wide: false }],
      roles: [
        { namespace: 'b', name: 'r1', rules: [one(['bind'], ['roles'], ['r2'])] },
        { namespace: 'b', name: 'r2', rules: [one(['bind'], ['clusterroles'], ['c1'])] },
        { namespace: 'b', name: 'r3', rules: [one(['create'], ['rolebindings'])] },
      ],
      bindings: [
        { namespace: 'b', kind: 'Role', role: 'r2', subjects: ['a/x'] },
        { namespace: 'b', kind: 'Role', role: 'r1', subjects: ['Group/system:serviceaccounts:a'] },
        { namespace: 'b', kind: 'Role', role: 'r3', subjects: ['Group/system:serviceaccounts'] },
      ],
    };
    const graph = graphOf(objectsOf(plain));
    const reached = ['a/x', 'a/y', 'b/z'].map((start) =>
      graph.reaches(graph.find(vertexOf(start)) ?? -1, graph.find('NamespaceAdmin/b') ?? -1, COUNTED),
    );
    expect(reached).toEqual(['a/x', 'a/y', 'b/z'].map((start) => new Attacker(plain, start).holds('b')));
    expect(reached).toEqual([true, true, false]);
  });
  it('are no rights of another member with what only that one has', () => {
    const one = (verbs: string[], resources: string[]): Rule => ({ verbs, apiGroups: [API], resources });
    const write = one(['create'], ['rolebindings']);
    const plain: Plain = {
      clusterRoles: [
        { name: 'c1', rules: [write], wide: false },
        { name: 'c2', rules: [one(['escalate'], ['roles'])], wide: false },
      ],
      roles: [{ namespace: 'a', name: 'r1', rules: [one(['update', 'bind'], ['roles'])] }],
      bindings: [
        { namespace: '', kind: 'ClusterRole', role: 'c1', subjects: ['Group/system:serviceaccounts'] },
        { namespace: '', kind: 'ClusterRole', role: 'c2', subjects: ['a/x'] },
        { namespace: 'a', kind: 'Role', role: 'r1', subjects: ['a/y'] },
      ],
    };
    const graph = graphOf(objectsOf(plain));
    const reaches = (start: string): boolean =>
      graph.reaches(graph.find(vertexOf(start)) ?? -1, graph.find('NamespaceAdmin/a') ?? -1, COUNTED);
    expect(['a/x', 'a/y'].map((start) => [reaches(start), new Attacker(plain, start).holds('a')])).toEqual([
      [false, false],
      [false, false],
    ]);
  });
});

describe('a role that is taken away', () => {
  const on =
    (resource: string) =>
    (verbs: string, resourceNames?: string[]): Rule => ({
      verbs: [...verbs.split(' '), 'escalate'],
      apiGroups: [API],
      resources: [resource],
      ...(resourceNames && { resourceNames }),
    });
  const write = on('clusterroles');
  const bound = (role: string, who: string): BindingOf => ({ namespace: '', kind: 'ClusterRole', role, subjects: [who] });
  /** How many of one entry the graph closes without the role, and how many are closed on objects without it. */
  const closed = (plain: Plain, role: string, goal = 'ClusterAdmin'): [number, number] => {
    const objects = objectsOf(plain);
    const graph = graphOf(objects);
    const [from, target] = [graph.find(vertexOf('a/x')) ?? -1, graph.find(goal) ?? -1];
    expect(graph.reaches(from, target, COUNTED)).toBe(true);
    const { single } = graph.fixes({ entries: [from], target, classes: COUNTED, costOf: () => 1 }, 100);
    const after = graphOf(withoutParts(objects, [role]).objects);
    const isLeft = after.reaches(after.find(vertexOf('a/x')) ?? -1, after.find(goal) ?? -1, COUNTED);
    return [single.find(({ part }) => part === role)?.closes ?? 0, isLeft ? 0 : 1];
  };
  const worldOf = (rule: Rule): Plain => ({
    clusterRoles: [
      { name: 'c1', rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }], wide: false },
      { name: 'c2', rules: [rule], wide: false },
    ],
    roles: [],
    bindings: [bound('wide', 'a/x'), bound('c1', 'User/ann'), bound('c2', 'a/x')],
  });

  it('is made again by who may make any, for whoever is bound to it', () => {
    const worldWith = (...own: Rule[]): Plain => ({
      clusterRoles: [],
      roles: [
        { namespace: 'a', name: 'r1', rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] },
        { namespace: 'a', name: 'r2', rules: own },
      ],
      bindings: ['r1', 'r2'].map((role) => ({ namespace: 'a', kind: 'Role', role, subjects: ['a/x'] })),
    });
    const goal = 'NamespaceAdmin/a';
    const update = on('roles')('update', ['r1']);
    expect(closed(worldWith(on('roles')('create'), update), 'Role/a/r1', goal)).toEqual([0, 0]);
    expect(closed(worldWith(update), 'Role/a/r1', goal)).toEqual([1, 1]);
  });
  it('is made anew by who may make any, also where it is an aggregated one', () => {
    expect(closed(worldOf(write('create')), 'ClusterRole/wide')).toEqual([0, 0]);
  });
  it('gives nothing to who may only change others so that they are added to it', () => {
    expect(closed(worldOf(write('update', ['c1'])), 'ClusterRole/wide')).toEqual([1, 1]);
  });
  it('is added to no aggregated one', () => {
    expect(closed(worldOf(write('patch', ['c1'])), 'ClusterRole/c1')).toEqual([1, 1]);
    expect(closed(worldOf(write('patch')), 'ClusterRole/c1')).toEqual([0, 0]);
  });
});

describe('an account that only a binding names', () => {
  it('is in the groups of its namespace, also the default one of a namespace that is not there', () => {
    const graph = graphOf(
      objectsOf({
        clusterRoles: [],
        roles: [],
        bindings: [{ namespace: '', kind: 'ClusterRole', role: 'wide', subjects: ['none/default'] }],
      }),
    );
    const from = graph.find('ServiceAccount/none/default') ?? -1;
    for (const group of ['system:serviceaccounts:none', 'system:serviceaccounts', 'system:authenticated'])
      expect([group, graph.reaches(from, graph.find(`Group/${group}`) ?? -1, COUNTED)]).toEqual([group, true]);
  });
});

describe('rights in random worlds', { timeout: 60_000 + RUNS * 60 }, () => {
  it('lead where an attacker comes who makes every request that he may', () => {
    fc.assert(
      fc.property(plains, (plain) => {
        const graph = graphOf(objectsOf(plain));
        for (const start of ACCOUNTS) {
          const attacker = new Attacker(plain, start);
          const held = graph.heldFrom([graph.find(vertexOf(start)) ?? -1], COUNTED);
          const reaches = (name: string): boolean => held[graph.find(name) ?? -1] === 1;
          expect([start, 'ClusterAdmin', reaches('ClusterAdmin')]).toEqual([start, 'ClusterAdmin', attacker.isAdmin]);
          if (attacker.isAdmin) continue;
          for (const where of NAMESPACES)
            expect([start, where, reaches(`NamespaceAdmin/${where}`)]).toEqual([start, where, attacker.holds(where)]);
          for (const who of new Set([...ACCOUNTS, ...plain.bindings.flatMap(({ subjects }) => subjects)]))
            expect([start, who, reaches(vertexOf(who))]).toEqual([start, who, attacker.held.has(who)]);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('are cut by what the graph says, on objects from which it is really taken', () => {
    fc.assert(
      fc.property(plains, (plain) => {
        const objects = objectsOf(plain);
        const graph = graphOf(objects);
        const entries = ACCOUNTS.map((at) => graph.find(vertexOf(at)) ?? -1);
        const target = graph.find('ClusterAdmin') ?? -1;
        const isBinding = (part: string): boolean => /^(Cluster)?RoleBinding\//.test(part);
        const cut = graph.cut({ entries, target, classes: COUNTED, costOf: (part) => (isBinding(part) ? 1 : Infinity) });
        const leads = (without: readonly number[]): boolean => {
          const bindings = plain.bindings.map((bound, index) =>
            without.includes(index) ? { ...bound, namespace: 'none', subjects: [] } : bound,
          );
          return ACCOUNTS.some((start) => new Attacker({ ...plain, bindings }, start).isAdmin);
        };
        if (!('parts' in cut)) throw new Error('only bindings lead on');
        const parts = cut.parts.map((part) => graph.graph.parts[part] ?? '');
        const left = withoutParts(objects, parts);
        const after = graphOf(left.objects);
        expect(left.unknown).toEqual([]);
        expect(ACCOUNTS.filter((at) => after.reaches(after.find(vertexOf(at)) ?? -1, after.find('ClusterAdmin') ?? -1, COUNTED))).toEqual(
          [],
        );
        // No smaller one does, and none costs less than the bound.
        let least = parts.length;
        for (let set = 0; set < 1 << plain.bindings.length; set += 1) {
          const gone = plain.bindings.flatMap((_, index) => (((set >> index) & 1) === 1 ? [index] : []));
          if (gone.length < least && !leads(gone)) least = gone.length;
        }
        expect(cut.atLeast).toBeLessThanOrEqual(least + 1e-6);
        if (cut.optimal) expect(cut.parts.length).toBe(least);
      }),
      { numRuns: RUNS / 4 },
    );
  });
});
