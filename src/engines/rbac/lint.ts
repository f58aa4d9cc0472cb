/** Everything about the roles and bindings of a cluster that does not do what it seems to, or does nothing. */
import type { ApiObject, Cluster } from '../../model/index.ts';
import { type Catalog, catalogOf } from './catalog.ts';
import { type BindingCategory, type BindingProblem, grantProblems, missingRole, namedAccounts, subjectProblems } from './lint-binding.ts';
import { type RoleCategory, roleProblems } from './lint-role.ts';
import type { Rbac } from './rbac.ts';
import { rbacOf } from './read.ts';
import type { Binding } from './world.ts';

export interface RbacProblem {
  readonly category: RoleCategory | BindingCategory;
  readonly object: ApiObject;
  readonly path: string;
  readonly message: string;
  /** The rule of a role, from 0. */
  readonly rule?: number;
  /** The input is not the whole cluster, so that what is missing may be elsewhere. */
  readonly unsure: boolean;
}

/** Without what Kubernetes brings itself, whose roles serve every version and are nobody's to mend. */
export function lintRbac(cluster: Pick<Cluster, 'tables'>): RbacProblem[] {
  const rbac = rbacOf(cluster);
  const catalog = catalogOf(cluster);
  const roles = rbac.roles
    .filter(({ object }) => !isBootstrap(object))
    .flatMap(({ object, aggregated }) =>
      // What stands in an aggregated role was written by the controller, and is told of the components.
      aggregated ? [] : roleProblems(object, catalog).map((problem) => ({ ...problem, object, unsure: false })),
    );
  const bindings = rbac.bindings
    .filter(({ object }) => !isBootstrap(object))
    .flatMap((binding) => [...ofBinding(binding, catalog), ...dangling(cluster, binding)]);
  return [...roles, ...bindings, ...duplicates(rbac)].toSorted((a, b) => a.object.id - b.object.id);
}

function isBootstrap({ labels }: ApiObject): boolean {
  return labels['kubernetes.io/bootstrapping'] === 'rbac-defaults';
}

function ofBinding({ object, role }: Binding, catalog: Catalog): RbacProblem[] {
  const rules = role?.rules.map(({ rule }) => rule) ?? [];
  return [...subjectProblems(object), ...grantProblems(object, rules, catalog)].map((problem) => told(problem, object));
}

function dangling({ tables }: Pick<Cluster, 'tables'>, { object, role }: Binding): RbacProblem[] {
  const { complete } = tables.completeness;
  const found: RbacProblem[] = [];
  if (role === undefined) {
    const { builtIn, ...problem } = missingRole(object);
    if (complete || !builtIn) found.push({ ...told(problem, object), unsure: !complete && problem.path === 'roleRef.name' });
  }
  for (const { namespace, name, path } of namedAccounts(object)) {
    if (tables.ServiceAccount.get(namespace, name) !== undefined || (name === 'default' && !complete)) continue;
    const known = complete || tables.ServiceAccount.in(namespace).length > 0;
    const message = `service account ${namespace}/${name} does not exist: whoever may make it has what the binding gives`;
    found.push({ category: 'dangling-subject', object, path, message, unsure: !known });
  }
  return found;
}

/** The later of two bindings by which a subject has the same role in the same place, or in all places. */
function duplicates({ bindings }: Rbac): RbacProblem[] {
  const first = new Map<string, Binding>();
  return bindings.flatMap((binding) =>
    binding.subjects.flatMap(({ subject, index }): RbacProblem[] => {
      const here = `${subject.id} ${binding.roleRef} ${binding.namespace}`;
      const known = first.get(`${subject.id} ${binding.roleRef} `) ?? first.get(here);
      if (known === undefined) first.set(here, binding);
      if (known === undefined || isBootstrap(binding.object)) return [];
      const twice = known === binding ? 'twice in this binding' : `by ${known.ref} already`;
      const message = `${subject.kind} ${subject.name} has ${binding.roleRef} ${twice}`;
      return [{ category: 'duplicate-binding', object: binding.object, path: `subjects[${index}]`, message, unsure: false }];
    }),
  );
}

function told({ category, path, message }: BindingProblem, object: ApiObject): RbacProblem {
  return { category, object, path, message, unsure: false };
}
