/** What somebody may do and what of it he does, as roles and bindings. */
import type { Raw, What } from './event.ts';

/** Verbs on one resource, `group/resource/subresource` written as rules do: `apps/deployments/scale`, `/pods`. */
export interface Right {
  readonly verb: string;
  readonly apiGroup: string;
  readonly resource: string;
}

const API = 'rbac.authorization.k8s.io/v1';

/** `watch apps/deployments`, `get /secrets`, `create /pods/exec`. */
export function rightIn(text: string): Right {
  const [verb = '', whole = ''] = text.split(' ');
  const [apiGroup = '', ...resource] = whole.split('/');
  return { verb, apiGroup, resource: resource.join('/') };
}

export function whatOf({ verb, apiGroup, resource }: Right, namespace: string, name = ''): What {
  const [main = '', subresource = ''] = resource.split('/');
  return { verb, apiGroup, resource: main, subresource, namespace, name };
}

export interface Holder {
  readonly kind: 'ServiceAccount' | 'User' | 'Group';
  readonly name: string;
  readonly namespace?: string;
}

/** A role with one rule a resource, and its binding. In a namespace where one is given. */
export function grant(name: string, rights: readonly Right[], { holder, namespace }: { holder: Holder; namespace?: string }): Raw[] {
  const rules = new Map<string, { apiGroups: string[]; resources: string[]; verbs: string[] }>();
  for (const { verb, apiGroup, resource } of rights) {
    const key = `${apiGroup}/${resource}`;
    const rule = rules.get(key);
    if (rule === undefined) rules.set(key, { apiGroups: [apiGroup], resources: [resource], verbs: [verb] });
    else if (!rule.verbs.includes(verb)) rule.verbs.push(verb);
  }
  const [kind, place] = namespace === undefined ? ['ClusterRole', {}] : ['Role', { namespace }];
  return [
    { apiVersion: API, kind, metadata: { name, ...place }, rules: [...rules.values()] },
    {
      apiVersion: API,
      kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: { name, ...place },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
      subjects: [holder],
    },
  ];
}
