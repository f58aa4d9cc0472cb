/** Who may bind roles, to himself too: writing a binding and the check of `bind`. */
import { BUILT_IN_ROLES, type Binding, type Role } from '../engines/rbac/index.ts';
import {
  BIND_CLUSTER_ROLE,
  BIND_ROLE,
  NEW_BINDING,
  NEW_CLUSTER_BINDING,
  OLD_BINDING,
  OLD_CLUSTER_BINDING,
  placesOf,
} from './rbac-rights.ts';
import { mapIn } from '../lib/groups.ts';
import { ANYWHERE, type Entry, isEverything, nameIn } from './right-entries.ts';
import type { Scene } from './scene.ts';

/** By where and by role. */
type Granted = Map<string, Map<Role, number>>;

function grantedOnce(scene: Scene, known: Granted, { role, where }: { role: Role; where: string }): number {
  const there = mapIn(known, where);
  let vertex = there.get(role);
  if (vertex === undefined) there.set(role, (vertex = granted(scene, role, where)));
  return vertex;
}

/** What binding a role in a namespace, or everywhere, gives. */
function granted(scene: Scene, bound: Role, where: string): number {
  const everything = bound.rules.some(isEverything);
  if (everything) return scene.everything(where === ANYWHERE ? '' : where);
  return scene.hub(`the rules of ${bound.ref} ${where === ANYWHERE ? 'everywhere' : `in ${where}`}`, (hub) => {
    for (const { vertex, evidence } of scene.rights.given(bound, where)) scene.link(hub, vertex, { where: evidence });
  });
}

/**
 * Pairs of a right to write bindings and a right to bind roles that one identity has in one place. What he binds to himself
 * may let him bind more, so that it goes on until nothing is added.
 */
export function drawBinding(scene: Scene): void {
  const drawn: Drawn = { pairs: new Map(), granted: new Map(), counts: new Map() };
  while (drawBindings(scene, drawn));
}

interface Drawn {
  /** What may be bound by what somebody may do, which says where as well. */
  readonly pairs: Map<Role, Set<number>>;
  readonly granted: Granted;
  /** From how many entries each pair of rights was drawn. */
  readonly counts: Map<string, string>;
}

function isNewIn({ pairs }: Drawn, may: number, role: Role): boolean {
  const known = pairs.get(role);
  if (known?.has(may) === true) return false;
  if (known === undefined) pairs.set(role, new Set([may]));
  else known.add(may);
  return true;
}

/** Whether somebody thereby has rights that he had not. */
function drawBindings(scene: Scene, drawn: Drawn): boolean {
  let isMore = false;
  for (const [write, isNew] of [
    [NEW_CLUSTER_BINDING, true],
    [OLD_CLUSTER_BINDING, false],
    [NEW_BINDING, true],
    [OLD_BINDING, false],
  ] as const) {
    const cluster = !write.namespaced;
    for (const bind of cluster ? [BIND_CLUSTER_ROLE] : [BIND_CLUSTER_ROLE, BIND_ROLE]) {
      const [pair, count] = [`${write.text} ${bind.text}`, scene.rights.countOf(write, bind)];
      if (drawn.counts.get(pair) === count) continue;
      drawn.counts.set(pair, count);
      for (const { subject, entries } of scene.rights.jointly([write, bind])) {
        const [writes = [], binds = []] = entries;
        for (const where of cluster ? [''] : placesOf(scene, writes, binds)) {
          const bound = bindable(scene, { bind, where, binds, existing: isNew ? undefined : writes });
          for (const { role: each, written } of bound) {
            const may = scene.rights.as(
              subject,
              { right: write, entries: writes, namespace: where, name: written?.object.name },
              { right: bind, entries: binds, namespace: where, name: nameIn(binds, each.object.name) },
            );
            const at = cluster ? ANYWHERE : where;
            if (may === undefined || !isNewIn(drawn, may, each)) continue;
            // What is not there any more cannot be changed.
            if (written !== undefined) scene.builder.part(may, written.ref);
            const edge = cluster ? 'BIND_CLUSTER' : 'BIND_NAMESPACE';
            scene.step(edge, may, grantedOnce(scene, drawn.granted, { role: each, where: at }));
            if (scene.rights.bindsToHimself(subject, each, { edge, where: at, may })) isMore = true;
          }
        }
      }
    }
  }
  return isMore;
}

/**
 * The roles that may be bound somewhere. One that gives everything stands for all that may be bound by the same. Where only existing bindings can
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
  const here = binds.filter(({ binding: { namespace: at } }) => at === '' || at === where);
  const isFor = ({ names }: Entry, { object: { name } }: Role): boolean => names === undefined || names.includes(name);
  const fits = (each: Role): boolean =>
    each.object.kind === kind && (kind === 'ClusterRole' || each.object.namespace === where) && here.some((entry) => isFor(entry, each));
  if (existing !== undefined) {
    return scene.rbac.bindings.flatMap((written) =>
      written.namespace === where && written.role !== undefined && fits(written.role) ? [{ role: written.role, written }] : [],
    );
  }
  const all = scene.rolesIn(kind === 'Role' ? where : '').filter(fits);
  const [most] = all.filter((each) => each.rules.some(isEverything)).toSorted((a, b) => Number(isBuiltIn(b)) - Number(isBuiltIn(a)));
  // What is for other roles by name may be his when what is for that one is not.
  const others = most === undefined ? here : here.filter((entry) => !isFor(entry, most));
  return all
    .filter((each) => each === most || others.some((entry) => isFor(entry, each)))
    .map((each) => ({ role: each, written: undefined }));
}

function isBuiltIn({ object }: Role): boolean {
  return object.kind === 'ClusterRole' && (BUILT_IN_ROLES as readonly string[]).includes(object.name);
}
