/**
 * What to do instead of a change that would deny recorded use: the same, with what was used kept. A role that is shrunk;
 * or, of a role that others hold too, a role of their own for those from whom it is taken.
 */
import type { Binding, Role, Subject } from '../../engines/rbac/index.ts';
import type { UseRecord } from '../../record/index.ts';
import type { Patch } from '../../rules/index.ts';
import { refIn } from '../overlay.ts';
import type { State } from '../state.ts';
import { type Candidate, candidateOf } from './candidate.ts';
import { shrunkTo } from './from-use.ts';
import { usedRules } from './used-rules.ts';
import { Uses } from './uses.ts';

/** Undefined where nothing smaller is known. */
export function keepingUsed(state: State, { change, owner }: Candidate, record: UseRecord): Candidate | undefined {
  const [patch, more] = change.patches;
  if (patch === undefined || more !== undefined || owner.restored) return undefined;
  const uses = new Uses(record);
  const role = state.rbac.role(patch.target);
  if (role !== undefined) return shrunkTo(state, role, uses)?.candidate;
  const binding = state.rbac.binding(patch.target);
  if (binding?.role === undefined) return undefined;
  const taken = takenBy(patch, binding);
  const [only, others] = taken;
  if (only === undefined || others !== undefined) return undefined;
  const alone = shrunkTo(state, binding.role, uses)?.candidate;
  const holders = state.rbac.bindings.filter(({ role: held }) => held === binding.role).flatMap(({ subjects }) => subjects);
  if (holders.length === 1 && alone !== undefined) return alone;
  return ofTheirOwn(state, { patch, binding, role: binding.role, subject: only }, uses);
}

function takenBy({ operation, patch }: Patch, { subjects }: Binding): Subject[] {
  if (operation === 'delete') return subjects.map(({ subject }) => subject);
  const gone = new Set(patch.flatMap(({ op, path }) => (op === 'remove' ? [Number(/^\/subjects\/(\d+)$/.exec(path)?.[1] ?? -1)] : [])));
  return subjects.filter(({ index }) => gone.has(index)).map(({ subject }) => subject);
}

interface Grant {
  readonly patch: Patch;
  readonly binding: Binding;
  readonly role: Role;
  readonly subject: Subject;
}

const API = 'rbac.authorization.k8s.io';

function ofTheirOwn(state: State, { patch, binding, role, subject }: Grant, uses: Uses): Candidate | undefined {
  const { namespace } = binding;
  const { rules } = usedRules(
    role.rules.map(({ rule }) => rule),
    uses.of(subject, namespace),
  );
  const there = new Set(state.objects.map(({ object }) => refIn(object)));
  const place = namespace === '' ? {} : { namespace };
  const name = `${role.object.name}-used-by-${subject.name.replaceAll(':', '-')}`;
  const kinds = namespace === '' ? (['ClusterRole', 'ClusterRoleBinding'] as const) : (['Role', 'RoleBinding'] as const);
  const refs = kinds.map((kind) => (namespace === '' ? `${kind}/${name}` : `${kind}/${namespace}/${name}`));
  if (rules.length === 0 || refs.some((ref) => there.has(ref))) return undefined;
  const [roleKind, bindingKind] = kinds;
  const bound = binding.object.body.subjects?.[binding.subjects.find((one) => one.subject === subject)?.index ?? -1];
  const created: Patch[] = [
    { kind: roleKind, rules },
    { kind: bindingKind, roleRef: { apiGroup: API, kind: roleKind, name }, subjects: [bound] },
  ].map((body, index) => ({
    target: refs[index] ?? '',
    operation: 'create',
    patch: [],
    object: { apiVersion: `${API}/v1`, metadata: { name, ...place }, ...body },
  }));
  const who = subject.kind === 'ServiceAccount' ? `${subject.namespace}/${subject.name}` : subject.name;
  const title = `give ${subject.kind} ${who} a role of its own with what it uses of ${role.ref}`;
  return candidateOf([binding.object], [...created, patch], { title, order: 1, effort: 'medium' });
}
