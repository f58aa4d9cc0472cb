/** Handing out rights that one does not have: the checks of bind and escalate, and who passes them. */
import { BUILT_IN_ROLES, type Binding, type Role, type Subject } from '../../engines/rbac/index.ts';
import {
  account,
  allow,
  allowEverywhere,
  allowEverywhereTo,
  allowTo,
  binding,
  clusterRole,
  namespace,
  role,
  strong,
} from '../example-objects.ts';
import type { Where } from '../drawing.ts';
import { defineFamily } from '../family.ts';
import { right } from '../right.ts';
import { ANYWHERE, type Entry, isEverything } from '../right-entries.ts';
import type { Scene } from '../scene.ts';

const NEW_CLUSTER_BINDING = right('create clusterrolebindings');
const OLD_CLUSTER_BINDING = right('update,patch clusterrolebindings');
const NEW_BINDING = right('create rolebindings');
const OLD_BINDING = right('update,patch rolebindings');
const BIND_CLUSTER_ROLE = right('bind clusterroles');
const BIND_ROLE = right('bind roles');
const NEW_ROLE = right('create roles');
const OLD_ROLE = right('update,patch roles');
const ESCALATE_ROLE = right('escalate roles');
const NEW_CLUSTER_ROLE = right('create clusterroles');
const OLD_CLUSTER_ROLE = right('update,patch clusterroles');
const ESCALATE_CLUSTER_ROLE = right('escalate clusterroles');
const NEW_ACCOUNT = right('create serviceaccounts');

export const family = defineFamily({
  edges: {
    BIND_CLUSTER: { says: 'bind a cluster role to itself in the whole cluster', mitigation: 'Grant bind with resourceNames only.' },
    BIND_NAMESPACE: { says: 'bind a role to itself in the namespace', mitigation: 'Grant bind with resourceNames only.' },
    ROLE_ESCALATE: { says: 'write any rule into a role that it is bound to', mitigation: 'Do not grant escalate.' },
    ROLE_CREATE_ESCALATE: {
      says: 'create a role with any rule and bind it',
      mitigation: 'Do not grant escalate, and bind with resourceNames only.',
    },
    AGGREGATION_LABEL: {
      says: 'write a cluster role with any rule that is added to an aggregated one',
      mitigation: 'Do not grant escalate; watch which roles carry the labels of aggregation.',
    },
    DANGLING_SUBJECT_CLAIM: {
      says: 'create the service account that a binding names though it does not exist',
      mitigation: 'Delete bindings of accounts that do not exist.',
    },
  },
  rights: [
    NEW_CLUSTER_BINDING,
    OLD_CLUSTER_BINDING,
    NEW_BINDING,
    OLD_BINDING,
    BIND_CLUSTER_ROLE,
    BIND_ROLE,
    NEW_ROLE,
    OLD_ROLE,
    ESCALATE_ROLE,
    NEW_CLUSTER_ROLE,
    OLD_CLUSTER_ROLE,
    ESCALATE_CLUSTER_ROLE,
    NEW_ACCOUNT,
  ],
  draw(scene) {
    drawBinding(scene);
    drawEscalation(scene);
    drawClaims(scene);
  },
  examples: () => [
    {
      edge: 'BIND_CLUSTER',
      objects: [account('a/x'), ...allowEverywhere('create clusterrolebindings', 'bind clusterroles')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'BIND_CLUSTER',
      objects: [account('a/x'), ...allowEverywhere('create clusterrolebindings', 'bind clusterroles:cluster-admin')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'BIND_CLUSTER',
      objects: [account('a/x'), ...allowEverywhere('create clusterrolebindings', 'bind clusterroles:view')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'only a role that reads may be bound',
    },
    {
      edge: 'BIND_CLUSTER',
      objects: [account('a/x'), ...allowEverywhere('create clusterrolebindings', 'bind roles')],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'a ClusterRoleBinding takes no Role',
    },
    {
      edge: 'BIND_CLUSTER',
      objects: [
        account('a/x'),
        account('a/y'),
        ...allowEverywhere('create clusterrolebindings', 'create serviceaccounts/token'),
        ...allowEverywhereTo('a/y', 'bind clusterroles'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'both are asked of one request, and no account has both',
    },
    {
      edge: 'BIND_NAMESPACE',
      objects: [account('a/x'), ...allow('a', 'create rolebindings', 'bind clusterroles')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
    },
    {
      edge: 'BIND_NAMESPACE',
      objects: [account('a/x'), role('a/all', '* *'), ...allow('a', 'create rolebindings', 'bind roles')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
    },
    {
      edge: 'BIND_NAMESPACE',
      objects: [account('a/x'), ...strong(), ...allow('a', 'create rolebindings')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'the server refuses bindings of rights that one does not have',
    },
    {
      edge: 'BIND_NAMESPACE',
      objects: [account('a/x'), ...allow('a', 'create rolebindings', 'bind rolebindings')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'bind is asked of the role, not of the binding',
    },
    {
      edge: 'ROLE_ESCALATE',
      objects: [account('a/x'), ...allow('a', 'patch roles', 'escalate roles')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
    },
    {
      edge: 'ROLE_ESCALATE',
      objects: [account('a/x'), ...allow('a', 'patch roles')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'without escalate one writes only rules that one has',
    },
    {
      edge: 'ROLE_ESCALATE',
      objects: [
        account('a/x'),
        clusterRole('w', 'patch clusterroles', 'escalate clusterroles'),
        binding('RoleBinding', { namespace: 'a', name: 'w' }, { role: { kind: 'ClusterRole', name: 'w' }, who: 'a/x' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'a RoleBinding grants nothing on cluster roles',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [account('a/x'), ...allow('a', 'create roles', 'escalate roles', 'create rolebindings', 'bind roles')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
    },
    {
      edge: 'BIND_NAMESPACE',
      objects: [
        account('a/x'),
        role('a/writer', 'patch roles:target', 'escalate roles:target'),
        role('a/target', 'get pods'),
        ...allow('a', 'create rolebindings', 'bind roles:writer,target'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
    },
    {
      edge: 'BIND_NAMESPACE',
      objects: [
        account('a/x'),
        role('a/writer', 'patch roles:target', 'escalate roles:target'),
        role('a/target', 'get pods'),
        ...allow('a', 'create rolebindings', 'bind roles:writer'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'nobody is bound to the role that he then may write, and he may not bind it',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [
        account('a/x'),
        ...allowEverywhere('create clusterroles', 'escalate clusterroles', 'create clusterrolebindings', 'bind clusterroles:mine'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [
        account('a/x'),
        clusterRole('mine'),
        ...allowEverywhere('create clusterroles', 'escalate clusterroles', 'create clusterrolebindings', 'bind clusterroles:mine'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'the role of that name is there already, and he may only create others',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [
        account('a/x'),
        ...allowEverywhere('create clusterroles', 'escalate clusterroles'),
        binding('ClusterRoleBinding', { name: 'gone' }, { role: { kind: 'ClusterRole', name: 'gone' }, who: 'a/x' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [
        account('a/x'),
        ...allow('a', 'create roles', 'escalate roles', 'patch rolebindings:old', 'bind roles:gone'),
        binding('RoleBinding', { namespace: 'a', name: 'old' }, { role: { kind: 'Role', name: 'gone' }, who: 'a/y' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [
        account('a/x'),
        ...allow('a', 'create roles', 'escalate roles', 'patch rolebindings:old', 'bind roles:other'),
        binding('RoleBinding', { namespace: 'a', name: 'old' }, { role: { kind: 'Role', name: 'gone' }, who: 'a/y' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'he may not bind a role of the name that the binding is for',
    },
    {
      edge: 'ROLE_CREATE_ESCALATE',
      objects: [account('a/x'), ...allow('a', 'create roles', 'escalate roles')],
      from: 'ServiceAccount/a/x',
      to: 'NamespaceAdmin/a',
      because: 'a role that nobody is bound to grants nothing',
    },
    {
      edge: 'AGGREGATION_LABEL',
      objects: [
        account('a/x'),
        ...allowEverywhere('create clusterroles', 'escalate clusterroles'),
        { ...clusterRole('wide'), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { wide: 'yes' } }] } },
        binding('ClusterRoleBinding', { name: 'wide' }, { role: { kind: 'ClusterRole', name: 'wide' }, who: 'a/x' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'AGGREGATION_LABEL',
      objects: [
        account('a/x'),
        ...allowEverywhere('create clusterroles'),
        { ...clusterRole('wide'), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { wide: 'yes' } }] } },
        binding('ClusterRoleBinding', { name: 'wide' }, { role: { kind: 'ClusterRole', name: 'wide' }, who: 'a/x' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'without escalate one adds only rules that one has',
    },
    {
      edge: 'AGGREGATION_LABEL',
      objects: [
        account('a/x'),
        clusterRole('plain', 'get pods'),
        ...allowEverywhere('patch clusterroles:plain', 'escalate clusterroles:plain'),
        { ...clusterRole('wide'), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { wide: 'yes' } }] } },
        binding('ClusterRoleBinding', { name: 'wide' }, { role: { kind: 'ClusterRole', name: 'wide' }, who: 'a/x' }),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'DANGLING_SUBJECT_CLAIM',
      objects: [
        account('a/x'),
        namespace('b'),
        ...allowEverywhereTo('b/ghost', '* *'),
        ...allowTo('a/x', 'b', 'create serviceaccounts', 'create serviceaccounts/token'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
    },
    {
      edge: 'DANGLING_SUBJECT_CLAIM',
      objects: [
        account('a/x'),
        namespace('b'),
        ...allowEverywhereTo('b/ghost', '* *'),
        ...allowTo('a/x', 'b', 'create serviceaccounts/token'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ClusterAdmin',
      because: 'there is no such account to have a token of',
    },
  ],
});

/** What binding a role in a namespace, or everywhere, gives. */
function granted(scene: Scene, bound: Role, where: string): number {
  const everything = bound.rules.some(isEverything);
  if (everything) return scene.builder.vertex(where === ANYWHERE ? 'ClusterAdmin' : `NamespaceAdmin/${where}`);
  return scene.hub(`the rules of ${bound.ref} ${where === ANYWHERE ? 'everywhere' : `in ${where}`}`, (hub) => {
    for (const { vertex, evidence } of scene.rights.given(bound, where)) scene.link(hub, vertex, { where: evidence });
  });
}

/**
 * Pairs of a right to write bindings and a right to bind roles that one identity has in one place. What he binds to himself
 * may let him bind more, so that it goes on until nothing is added.
 */
function drawBinding(scene: Scene): void {
  const drawn = new Set<string>();
  while (drawBindings(scene, drawn));
}

/** Whether somebody thereby has rights that he had not. */
function drawBindings(scene: Scene, drawn: Set<string>): boolean {
  let isMore = false;
  for (const [write, isNew] of [
    [NEW_CLUSTER_BINDING, true],
    [OLD_CLUSTER_BINDING, false],
    [NEW_BINDING, true],
    [OLD_BINDING, false],
  ] as const) {
    const cluster = !write.namespaced;
    for (const bind of cluster ? [BIND_CLUSTER_ROLE] : [BIND_CLUSTER_ROLE, BIND_ROLE]) {
      for (const { subject, entries } of scene.rights.jointly([write, bind])) {
        const [writes = [], binds = []] = entries;
        for (const where of cluster ? [''] : placesOf(scene, writes, binds)) {
          const bound = bindable(scene, { bind, where, binds, existing: isNew ? undefined : writes });
          for (const { role: each, written } of bound) {
            const may = scene.rights.as(
              subject,
              { right: write, entries: writes, namespace: where, name: written?.object.name },
              { right: bind, entries: binds, namespace: where, name: each.object.name },
            );
            const at = cluster ? ANYWHERE : where;
            if (may === undefined || drawn.has(`${may} ${each.id} ${at}`)) continue;
            drawn.add(`${may} ${each.id} ${at}`);
            // What is not there any more cannot be changed.
            if (written !== undefined) scene.builder.part(may, written.ref);
            const edge = cluster ? 'BIND_CLUSTER' : 'BIND_NAMESPACE';
            scene.step(edge, may, granted(scene, each, at));
            if (scene.rights.bindsToHimself(subject, each, { edge, where: at, may })) isMore = true;
          }
        }
      }
    }
  }
  return isMore;
}

/** The namespaces in which all lists have something. */
function placesOf(scene: Scene, ...lists: readonly (readonly Entry[])[]): readonly string[] {
  let places: readonly string[] = scene.namespaces;
  for (const list of lists) {
    const named = new Set(list.map(({ binding }) => binding.namespace));
    // One that counts everywhere leaves all of them.
    if (!named.has('')) places = places === scene.namespaces ? [...named] : places.filter((where) => named.has(where));
  }
  return places;
}

/**
 * The roles that may be bound somewhere. One that gives everything stands for all others. Where only existing bindings can
 * be written, those are bindable that one of them is for: its role cannot be changed, but who it is for.
 */
function bindable(
  scene: Scene,
  {
    bind,
    where,
    binds,
    existing,
  }: { bind: typeof BIND_ROLE; where: string; binds: readonly Entry[]; existing: readonly Entry[] | undefined },
): { role: Role; written: Binding | undefined }[] {
  const kind = bind === BIND_ROLE ? 'Role' : 'ClusterRole';
  const fits = (each: Role): boolean =>
    each.object.kind === kind &&
    (kind === 'ClusterRole' || each.object.namespace === where) &&
    binds.some(
      ({ names, binding: { namespace: at } }) => (at === '' || at === where) && (names === undefined || names.includes(each.object.name)),
    );
  if (existing !== undefined) {
    return scene.rbac.bindings.flatMap((written) =>
      written.namespace === where && written.role !== undefined && fits(written.role) ? [{ role: written.role, written }] : [],
    );
  }
  const all = scene.rolesIn(kind === 'Role' ? where : '').filter(fits);
  const everything = all.filter((each) => each.rules.some(isEverything)).toSorted((a, b) => Number(isBuiltIn(b)) - Number(isBuiltIn(a)));
  return (everything.length > 0 ? everything.slice(0, 1) : all).map((each) => ({ role: each, written: undefined }));
}

function isBuiltIn({ object }: Role): boolean {
  return object.kind === 'ClusterRole' && (BUILT_IN_ROLES as readonly string[]).includes(object.name);
}

function written({ object }: Binding): { edge: string; where: Where } {
  return { edge: 'ROLE_ESCALATE', where: { object, path: 'roleRef' } };
}

function everythingWhere(scene: Scene, { namespace: where }: Pick<Binding, 'namespace'>): number {
  return scene.builder.vertex(where === '' ? 'ClusterAdmin' : `NamespaceAdmin/${where}`);
}

/** Whoever may write any rule into a role has, with everybody who is bound to it, everything where they are bound. */
function drawEscalation(scene: Scene): void {
  const hubs = new Map<Role, number>();
  const anyRule = (each: Role): number => {
    let vertex = hubs.get(each);
    if (vertex === undefined) hubs.set(each, (vertex = drawAnyRule(each)));
    return vertex;
  };
  const drawAnyRule = (each: Role): number =>
    scene.hub(`any rule in ${each.ref}`, (hub) => {
      for (const bound of scene.rbac.bindingsTo(each)) {
        const holder = scene.builder.find(bound.ref) ?? scene.rights.bindingVertex(bound);
        scene.step(written(bound), [hub, holder], everythingWhere(scene, bound));
      }
      for (const { vertex, binding: own } of scene.rights.ownBindingsTo(each))
        scene.step('ROLE_ESCALATE', [hub, vertex], everythingWhere(scene, own));
    });
  const isBound = (each: Role): boolean => scene.rbac.bindingsTo(each).length > 0 || scene.rights.ownBindingsTo(each).length > 0;
  // Who is bound to it himself needs nobody else, and has a way of one thing after the other.
  const writesInto = (each: Role, subject: Subject, may: number): void => {
    scene.link(may, anyRule(each));
    for (const bound of scene.rbac.bindingsTo(each)) {
      const own = scene.rights.boundAs(subject, bound, may);
      if (own !== undefined) scene.step(written(bound), own, everythingWhere(scene, bound));
    }
  };
  for (const [write, escalate] of [
    [OLD_ROLE, ESCALATE_ROLE],
    [OLD_CLUSTER_ROLE, ESCALATE_CLUSTER_ROLE],
  ] as const) {
    for (const { subject, entries } of scene.rights.jointly([write, escalate])) {
      const [writes = [], escalates = []] = entries;
      const places = write.namespaced ? placesOf(scene, writes, escalates) : [''];
      for (const each of places.flatMap((where) => scene.rolesIn(where))) {
        const { name, namespace: where, kind } = each.object;
        if (kind !== (write.namespaced ? 'Role' : 'ClusterRole') || !isBound(each) || each.aggregated) continue;
        const may = scene.rights.as(
          subject,
          { right: write, entries: writes, namespace: where, name },
          { right: escalate, entries: escalates, namespace: where, name },
        );
        if (may === undefined) continue;
        scene.builder.part(may, each.ref);
        writesInto(each, subject, may);
      }
    }
  }
  drawNewRoles(scene, { anyRule, isBound });
}

interface Holders {
  /** That somebody may write any rule into a role. */
  readonly anyRule: (role: Role) => number;
  /** Whether anybody has what the role gives, or can have it. */
  readonly isBound: (role: Role) => boolean;
}

interface NewBinding {
  readonly write: typeof NEW_BINDING;
  readonly bind: typeof BIND_ROLE;
  readonly where: string;
}

/** A new role has no name yet when it is asked for, so only rights without names count. */
function drawNewRoles(scene: Scene, { anyRule, isBound }: Holders): void {
  for (const { subject, entries } of scene.rights.jointly([NEW_ROLE, ESCALATE_ROLE])) {
    const [creates = [], escalates = []] = entries;
    for (const where of placesOf(scene, creates, escalates)) {
      const may = scene.rights.as(
        subject,
        { right: NEW_ROLE, entries: creates, namespace: where },
        { right: ESCALATE_ROLE, entries: escalates, namespace: where },
      );
      if (may === undefined) continue;
      const made = scene.hub(`a new Role with any rule in ${where}`, (hub) => {
        drawBoundNew(scene, hub, { write: NEW_BINDING, bind: BIND_ROLE, where });
        drawOfNothing(scene, hub, ({ namespace, roleRef }) => namespace === where && roleRef.startsWith('Role/'));
      });
      scene.link(may, made);
    }
  }
  drawNewClusterRoles(scene, { anyRule, isBound });
}

/** A cluster role is bound by a binding of a role that is not there, by name, or gives its rules to an aggregated one. */
function drawNewClusterRoles(scene: Scene, { anyRule, isBound }: Holders): void {
  const aggregated = scene.hub('any rule in the aggregated roles', (hub) => {
    for (const each of scene.rolesIn(''))
      if (each.aggregated && isBound(each))
        scene.step({ edge: 'AGGREGATION_LABEL', where: { object: each.object, path: 'aggregationRule' } }, hub, anyRule(each));
  });
  for (const [write, isNew] of [
    [NEW_CLUSTER_ROLE, true],
    [OLD_CLUSTER_ROLE, false],
  ] as const) {
    for (const { subject, entries } of scene.rights.jointly([write, ESCALATE_CLUSTER_ROLE])) {
      const [writes = [], escalates = []] = entries;
      // Any role that is there can be given the label.
      const named = new Set([...writes, ...escalates].flatMap(({ names = [] }) => [...names]));
      const there = isNew ? [] : scene.rolesIn('').flatMap(({ object: { name } }) => (named.has(name) ? [name] : []));
      for (const name of [undefined, ...there]) {
        const may = scene.rights.as(
          subject,
          { right: write, entries: writes, namespace: '', name },
          { right: ESCALATE_CLUSTER_ROLE, entries: escalates, namespace: '', name },
        );
        if (may === undefined) continue;
        scene.link(may, aggregated);
        if (isNew)
          scene.link(
            may,
            scene.hub(NEW_ROLE_ANYWHERE, (hub) => drawBoundNewClusterRole(scene, hub)),
          );
      }
    }
  }
}

const NEW_ROLE_ANYWHERE = 'a new ClusterRole with any rule';

function drawBoundNewClusterRole(scene: Scene, made: number): void {
  for (const where of scene.namespaces) drawBoundNew(scene, made, { write: NEW_BINDING, bind: BIND_CLUSTER_ROLE, where });
  drawBoundNew(scene, made, { write: NEW_CLUSTER_BINDING, bind: BIND_CLUSTER_ROLE, where: '' });
  drawOfNothing(scene, made, ({ roleRef }) => roleRef.startsWith('ClusterRole/'));
}

/** A binding of a role that is not there gives whatever that says once it is made: to those bound, and to who may change the binding. */
function drawOfNothing(scene: Scene, made: number, isOfIt: (bound: Binding) => boolean): void {
  const dangling = scene.rbac.bindings.filter((bound) => bound.role === undefined && isOfIt(bound));
  for (const bound of dangling) scene.step(ofNothing(bound), [made, scene.rights.bindingVertex(bound)], everythingWhere(scene, bound));
  for (const write of [OLD_BINDING, OLD_CLUSTER_BINDING]) {
    for (const bind of [BIND_ROLE, BIND_CLUSTER_ROLE]) {
      const changeable = dangling.filter(
        ({ namespace, roleRef }) => write.namespaced === (namespace !== '') && (bind === BIND_ROLE) === roleRef.startsWith('Role/'),
      );
      if (changeable.length > 0) drawChanged(scene, made, { write, bind, changeable });
    }
  }
}

function drawChanged(
  scene: Scene,
  made: number,
  { write, bind, changeable }: { write: typeof OLD_BINDING; bind: typeof BIND_ROLE; changeable: readonly Binding[] },
): void {
  for (const { subject, entries } of scene.rights.jointly([write, bind])) {
    const [writes = [], binds = []] = entries;
    for (const bound of changeable) {
      const { namespace, object, roleRef } = bound;
      const role = roleRef.slice(roleRef.lastIndexOf('/') + 1);
      const may = scene.rights.as(
        subject,
        { right: write, entries: writes, namespace, name: object.name },
        { right: bind, entries: binds, namespace, name: role },
      );
      if (may === undefined) continue;
      scene.builder.part(may, bound.ref);
      scene.step(ofNothing(bound), [made, may], everythingWhere(scene, bound));
    }
  }
}

function ofNothing({ object }: Binding): { edge: string; where: Where } {
  return { edge: 'ROLE_CREATE_ESCALATE', where: { object, path: 'roleRef' } };
}

/** The new role has any name, so that a right to bind some name is enough where no role has it. */
function drawBoundNew(scene: Scene, made: number, { write, bind, where }: NewBinding): void {
  const roles = new Set(scene.rolesIn(bind === BIND_ROLE ? where : '').map(({ object }) => object.name));
  for (const { subject, entries } of scene.rights.jointly([write, bind])) {
    const [writes = [], binds = []] = entries;
    for (const name of new Set(binds.flatMap(({ names }): (string | undefined)[] => (names === undefined ? [undefined] : [...names])))) {
      if (name !== undefined && roles.has(name)) continue;
      const may = scene.rights.as(
        subject,
        { right: write, entries: writes, namespace: where },
        { right: bind, entries: binds, namespace: where, name },
      );
      if (may !== undefined) scene.step('ROLE_CREATE_ESCALATE', [made, may], everythingWhere(scene, { namespace: where }));
    }
  }
}

/** An account that is only named by bindings exists as soon as somebody creates it; then it is taken over as any other. */
function drawClaims(scene: Scene): void {
  for (const { kind, namespace: where, name } of scene.rbac.subjects) {
    if (kind !== 'ServiceAccount' || scene.accountsIn(where).has(name)) continue;
    const create = scene.rights.in(NEW_ACCOUNT, where);
    if (create === undefined) continue;
    // Any account of the namespace can then be had in the ways in which this one can.
    scene.step('DANGLING_SUBJECT_CLAIM', [create, scene.allAccounts(where)], scene.account(where, name));
  }
}
