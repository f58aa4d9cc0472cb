/** Rules that look at the subjects of bindings: one hit for each subject, where it stands. */
import type { BindingObject } from '../../model/index.ts';

export type SubjectEntry = NonNullable<NonNullable<BindingObject['body']['subjects']>[number]>;

/** What the binding hands out, in words: `cluster role edit in namespace shop`. */
export function roleText(binding: BindingObject): string {
  const { kind, name = '' } = binding.body.roleRef ?? {};
  const where = binding.kind === 'RoleBinding' ? `in namespace ${binding.namespace}` : 'in every namespace';
  return `${kind === 'Role' ? 'role' : 'cluster role'} ${name} ${where}`;
}

/** The entries that a test picks, with the path of their name. */
export function subjectEntries(binding: BindingObject, picks: (entry: SubjectEntry) => boolean): { entry: SubjectEntry; path: string }[] {
  const found: { entry: SubjectEntry; path: string }[] = [];
  const subjects = binding.body.subjects ?? [];
  for (let index = 0; index < subjects.length; index += 1) {
    const entry = subjects[index];
    if (entry !== undefined && picks(entry)) found.push({ entry, path: `subjects[${index}].name` });
  }
  return found;
}
