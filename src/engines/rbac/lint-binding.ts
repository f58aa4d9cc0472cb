/** Bindings that give nothing to somebody, or something to nobody. */
import { type BindingObject, refOf } from '../../model/index.ts';
import type { Catalog } from './catalog.ts';
import { splitByScope } from './permissions.ts';
import type { RuleContent } from './rule.ts';

export type BindingCategory = 'void-subject' | 'no-subjects' | 'void-grant' | 'duplicate-binding' | 'dangling-role' | 'dangling-subject';

export interface BindingProblem {
  readonly category: BindingCategory;
  readonly path: string;
  readonly message: string;
  /** Tells several of one binding apart, whatever their order. */
  readonly key?: string;
}

const RBAC = 'rbac.authorization.k8s.io';
const SUBJECTS = ['User', 'Group', 'ServiceAccount'];

/** Entries that are nobody, or not whom they seem to be. */
export function subjectProblems(binding: BindingObject): BindingProblem[] {
  const subjects = binding.body.subjects ?? [];
  if (subjects.length === 0) return [{ category: 'no-subjects', path: 'subjects', message: 'names nobody' }];
  return subjects.flatMap(({ kind = '', name = '', namespace = '', apiGroup }, index): BindingProblem[] => {
    const at = (field: string, message: string): BindingProblem[] => [
      { category: 'void-subject', path: `subjects[${index}].${field}`, message, key: `${kind}/${namespace}/${name}` },
    ];
    if (!SUBJECTS.includes(kind)) return at('kind', `"${kind}" is no kind of subject: there are ${SUBJECTS.join(', ')}`);
    const group = kind === 'ServiceAccount' ? '' : RBAC;
    if (apiGroup !== undefined && apiGroup !== group && !(apiGroup === '' && kind !== 'ServiceAccount')) {
      return at('apiGroup', `a ${kind} is of the API group "${group}"; the server refuses "${apiGroup}"`);
    }
    if (kind === 'ServiceAccount') {
      if (namespace === '' && binding.namespace === '') return at('name', `service account ${name} of no namespace is nobody`);
      return name.includes(':') ? at('name', `"${name}" is no name of a service account: ${name.split(':').at(-1)} is one`) : [];
    }
    if (name === '*') return at('name', `"*" is a ${kind.toLowerCase()} of that name; everybody is the group system:authenticated`);
    if (kind === 'User' && /^system:(?:authenticated|unauthenticated|masters|nodes|serviceaccounts(?::.*)?)$/.test(name)) {
      return at('name', `${name} is a group and no user, so the entry gives nothing`);
    }
    if (kind === 'Group' && (name === 'system:anonymous' || name.startsWith('system:serviceaccount:'))) {
      return at('name', `${name} is a user and no group, so the entry gives nothing`);
    }
    return [];
  });
}

/** A binding in a namespace whose role grants only what lies in none. `rules` are those that the role has in force. */
export function grantProblems(binding: BindingObject, rules: readonly RuleContent[], catalog: Catalog): BindingProblem[] {
  if (binding.namespace === '' || rules.length === 0) return [];
  const idle = rules.map((rule) => splitByScope(rule, binding.namespace, catalog));
  if (idle.some(({ works }) => works !== undefined)) return [];
  const what = [...new Set(rules.flatMap(({ resources, nonResourceURLs }) => [...resources, ...nonResourceURLs]))];
  const named = what.length > 3 ? `${what.slice(0, 3).join(', ')} and ${what.length - 3} more` : what.join(', ');
  const { kind = 'role', name = '' } = binding.body.roleRef ?? {};
  return [
    {
      category: 'void-grant',
      path: 'roleRef.name',
      message: `gives nothing: ${kind} ${name} is about ${named}, which lie in no namespace and take a ClusterRoleBinding`,
    },
  ];
}

/** Roles that every cluster has. */
const BUILT_IN = new Set(['cluster-admin', 'admin', 'edit', 'view']);

/** A role reference that leads nowhere, or may: whether the role is really absent the caller must know. */
export function missingRole(binding: BindingObject): BindingProblem & { builtIn: boolean } {
  const { kind = '', name = '' } = binding.body.roleRef ?? {};
  const ref = refOf({ kind, namespace: kind === 'Role' ? binding.namespace : '', name });
  const isWrong = (kind !== 'Role' && kind !== 'ClusterRole') || (kind === 'Role' && binding.namespace === '');
  return {
    category: 'dangling-role',
    path: isWrong ? 'roleRef.kind' : 'roleRef.name',
    message: isWrong
      ? `cannot name a ${kind}, so it gives nothing`
      : `${ref} does not exist: whoever may make it decides what the binding gives`,
    builtIn: isBuiltIn(kind, binding.namespace, name),
  };
}

function isBuiltIn(kind: string, namespace: string, name: string): boolean {
  if (kind === 'ClusterRole') return BUILT_IN.has(name) || name.startsWith('system:');
  const isOfSystem = namespace === 'kube-system' || namespace === 'kube-public';
  return isOfSystem && (name.startsWith('system:') || name === 'extension-apiserver-authentication-reader');
}

/** The accounts that a binding names, with where. */
export function namedAccounts(binding: BindingObject): { namespace: string; name: string; path: string }[] {
  return (binding.body.subjects ?? []).flatMap(({ kind, name = '', namespace = '' }, index) => {
    const home = namespace || binding.namespace;
    return kind === 'ServiceAccount' && home !== '' && name !== '' ? [{ namespace: home, name, path: `subjects[${index}].name` }] : [];
  });
}
