/**
 * Which of some actions every subject may do and where: each action is decided once for each rule that can allow it,
 * carried from rules to roles, and along the bindings to the subjects, one bit an action.
 */
import type { Action, Rbac } from './rbac.ts';
import type { Binding, RoleRule, Subject } from './world.ts';

export interface NamedAction {
  /** In the order asked. */
  readonly action: number;
  readonly names: readonly string[];
  readonly roleRule: RoleRule;
}

/** One subject in one namespace; '' is the whole cluster. Groups are subjects of their own: nobody's membership is followed. */
export interface Row {
  readonly subject: Subject;
  readonly namespace: string;
  /** One bit an action, in the order asked. */
  readonly bits: Uint32Array;
  /** Actions that are limited to names, which are no bits: what each binding gives of them. */
  readonly named: readonly { readonly binding: Binding; readonly actions: readonly NamedAction[] }[];
}

export interface Closure {
  readonly rows: readonly Row[];
  /** The rows of a subject, by Subject.id. */
  readonly bySubject: readonly (readonly Row[])[];
}

export function has(row: Row, action: number): boolean {
  return isSet(row.bits, action);
}

export function isSet(bits: Uint32Array, index: number): boolean {
  return ((bits[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
}

interface OpenRow extends Row {
  readonly named: Row['named'][number][];
}

export function closureOf(rbac: Rbac, actions: readonly Action[]): Closure {
  const words = Math.ceil(actions.length / 32);
  const { bits: roleBits, named: roleNamed } = bitsOfRoles(rbac, actions);
  const rows: OpenRow[] = [];
  const bySubject: OpenRow[][] = rbac.subjects.map(() => []);
  for (const binding of rbac.bindings) {
    const { role, namespace, subjects } = binding;
    if (role === undefined) continue;
    const base = role.id * words;
    const named = roleNamed.get(role.id);
    for (const { subject } of subjects) {
      const own = bySubject[subject.id] ?? [];
      let row = own.find((each) => each.namespace === namespace);
      if (row === undefined) {
        row = { subject, namespace, bits: new Uint32Array(words), named: [] };
        own.push(row);
        rows.push(row);
      }
      for (let word = 0; word < words; word += 1) row.bits[word] = (row.bits[word] ?? 0) | (roleBits[base + word] ?? 0);
      if (named !== undefined) row.named.push({ binding, actions: named });
    }
  }
  return { rows, bySubject };
}

function bitsOfRoles(rbac: Rbac, actions: readonly Action[]): { bits: Uint32Array; named: Map<number, NamedAction[]> } {
  const words = Math.ceil(actions.length / 32);
  const bits = new Uint32Array(words * rbac.roles.length);
  const named = new Map<number, NamedAction[]>();
  for (const [action, each] of actions.entries()) {
    for (const { rule, names } of rbac.matching(each)) {
      for (const roleRule of rbac.roleRulesOf(rule)) {
        const { id } = roleRule.role;
        if (names === undefined) {
          const at = id * words + (action >>> 5);
          bits[at] = (bits[at] ?? 0) | (1 << (action & 31));
          continue;
        }
        const list = named.get(id);
        if (list === undefined) named.set(id, [{ action, names, roleRule }]);
        else list.push({ action, names, roleRule });
      }
    }
  }
  return { bits, named };
}
