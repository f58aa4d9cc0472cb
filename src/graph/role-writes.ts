/** Who may write any rule into a role, of those that are there and of new ones: the check of `escalate`. */
import type { Binding, Role, Subject } from '../engines/rbac/index.ts';
import type { Where } from './drawing.ts';
import {
  BIND_CLUSTER_ROLE,
  BIND_ROLE,
  ESCALATE_CLUSTER_ROLE,
  ESCALATE_ROLE,
  NEW_BINDING,
  NEW_CLUSTER_BINDING,
  NEW_CLUSTER_ROLE,
  NEW_ROLE,
  OLD_BINDING,
  OLD_CLUSTER_BINDING,
  OLD_CLUSTER_ROLE,
  OLD_ROLE,
  everythingWhere,
  placesOf,
} from './rbac-rights.ts';
import type { Right } from './right.ts';
import { type Entry, nameIn } from './right-entries.ts';
import type { Scene } from './scene.ts';

function written({ object }: Binding): { edge: string; where: Where } {
  return { edge: 'ROLE_ESCALATE', where: { object, path: 'roleRef' } };
}

/** Whoever may write any rule into a role has, with everybody who is bound to it, everything where they are bound. */
export function drawEscalation(scene: Scene): void {
  const [hubs, lasting] = [new Map<Role, number>(), new Map<Role, number>()];
  const anyRule = (each: Role): number =>
    once(hubs, each, () =>
      scene.hub(`any rule in ${each.ref}`, (hub) => {
        // What is not there any more cannot be changed.
        scene.builder.part(hub, each.ref);
        drawHolders(scene, hub, each);
      }),
    );
  const anyRuleAnew = (each: Role): number =>
    once(lasting, each, () => scene.hub(`any rule in ${each.ref}, made again if need be`, (hub) => drawHolders(scene, hub, each)));
  const isBound = (each: Role): boolean => scene.rbac.bindingsTo(each).length > 0 || scene.rights.hasOwnBindingsTo(each);
  // Who is bound to it himself needs nobody else, and has a way of one thing after the other.
  const writesInto = (each: Role, subject: Subject, { may, makes }: { may: number; makes: boolean }): void => {
    scene.link(may, makes ? anyRuleAnew(each) : anyRule(each));
    for (const bound of scene.rbac.bindingsTo(each)) {
      const own = scene.rights.boundAs(subject, bound, may);
      if (own === undefined) continue;
      if (!makes) scene.builder.part(own, each.ref);
      scene.step(written(bound), own, everythingWhere(scene, bound));
    }
  };
  for (const [write, create, escalate] of [
    [OLD_ROLE, NEW_ROLE, ESCALATE_ROLE],
    [OLD_CLUSTER_ROLE, NEW_CLUSTER_ROLE, ESCALATE_CLUSTER_ROLE],
  ] as const) {
    const makes = makersOf(scene, create, escalate);
    for (const { subject, entries } of scene.rights.jointly([write, escalate])) {
      const [writes = [], escalates = []] = entries;
      const places = write.namespaced ? placesOf(scene, writes, escalates) : [''];
      for (const each of places.flatMap((where) => scene.rolesIn(where))) {
        const { name, namespace: where, kind } = each.object;
        if (kind !== (write.namespaced ? 'Role' : 'ClusterRole') || !isBound(each) || each.aggregated) continue;
        const may = scene.rights.as(
          subject,
          { right: write, entries: writes, namespace: where, name: nameIn(writes, name) },
          { right: escalate, entries: escalates, namespace: where, name: nameIn(escalates, name) },
        );
        if (may !== undefined) writesInto(each, subject, { may, makes: makes(subject, where) });
      }
    }
  }
  drawNewRoles(scene, { anyRule, anyRuleAnew, isBound });
}

function once(known: Map<Role, number>, role: Role, make: () => number): number {
  let vertex = known.get(role);
  if (vertex === undefined) known.set(role, (vertex = make()));
  return vertex;
}

/**
 * Who may make roles of any name somewhere. One that is deleted he makes again, and the bindings that are left give him what
 * he writes: to take the role away ends nothing.
 */
function makersOf(scene: Scene, create: Right, escalate: Right): (subject: Subject, where: string) => boolean {
  const makers = new Map([...scene.rights.jointly([create, escalate])].map(({ subject, entries }) => [subject, entries]));
  const countsIn = ({ names, binding: { namespace } }: Entry, where: string): boolean =>
    names === undefined && (namespace === '' || namespace === where);
  return (subject, where) => makers.get(subject)?.every((entries) => entries.some((entry) => countsIn(entry, where))) === true;
}

/** Whoever is bound to a role, or can be, when it has any rule. */
function drawHolders(scene: Scene, anyRule: number, each: Role): void {
  for (const bound of scene.rbac.bindingsTo(each))
    scene.step(written(bound), [anyRule, scene.rights.bindingVertex(bound)], everythingWhere(scene, bound));
  for (const { vertex, binding: own } of scene.rights.ownBindingsTo(each))
    scene.step('ROLE_ESCALATE', [anyRule, vertex], everythingWhere(scene, own));
}

interface Holders {
  /** That somebody may write any rule into a role. */
  readonly anyRule: (role: Role) => number;
  /** The same of who makes the role again when it is gone. */
  readonly anyRuleAnew: (role: Role) => number;
  /** Whether anybody has what the role gives, or can have it. */
  readonly isBound: (role: Role) => boolean;
}

interface NewBinding {
  readonly write: typeof NEW_BINDING;
  readonly bind: typeof BIND_ROLE;
  readonly where: string;
}

/** A new role has no name yet when it is asked for, so only rights without names count. */
function drawNewRoles(scene: Scene, holders: Holders): void {
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
  drawNewClusterRoles(scene, holders);
}

/** A cluster role is bound by a binding of a role that is not there, by name, or gives its rules to an aggregated one. */
function drawNewClusterRoles(scene: Scene, { anyRule, anyRuleAnew, isBound }: Holders): void {
  const drawAggregated = (name: string, into: (role: Role) => number): number =>
    scene.hub(name, (hub) => {
      for (const each of scene.rolesIn(''))
        if (each.aggregated && isBound(each))
          scene.step({ edge: 'AGGREGATION_LABEL', where: { object: each.object, path: 'aggregationRule' } }, hub, into(each));
    });
  // Who makes a role where the aggregated one is gone gives it that name, and has whom that was bound to.
  const byNew = drawAggregated('a new ClusterRole in the aggregated roles', anyRuleAnew);
  const byOld = drawAggregated('any rule in the aggregated roles', anyRule);
  for (const [write, isNew] of [
    [NEW_CLUSTER_ROLE, true],
    [OLD_CLUSTER_ROLE, false],
  ] as const) {
    const aggregated = isNew ? byNew : byOld;
    for (const { subject, entries } of scene.rights.jointly([write, ESCALATE_CLUSTER_ROLE])) {
      const [writes = [], escalates = []] = entries;
      // Any role that is there can be given the label.
      const named = new Set([...writes, ...escalates].flatMap(({ names = [] }) => [...names]));
      const there = isNew ? [] : scene.rolesIn('').filter(({ object: { name } }) => named.has(name));
      for (const role of [undefined, ...there]) {
        const name = role?.object.name;
        const may = scene.rights.as(
          subject,
          { right: write, entries: writes, namespace: '', name },
          { right: ESCALATE_CLUSTER_ROLE, entries: escalates, namespace: '', name },
        );
        if (may === undefined) continue;
        // The label cannot be given to a role that is gone.
        if (role !== undefined) scene.builder.part(may, role.ref);
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
