/** Whether a service account can do anything at all that the API offers, somewhere: every verb on every resource. */
import type { Access } from '../../model/index.ts';

export function holdsEverything(access: Access, namespace: string, account: string): boolean {
  return access
    .grantsToServiceAccount(namespace, account)
    .some(({ role, binding }) =>
      role === undefined
        ? binding.body.roleRef?.name === 'cluster-admin'
        : access.rulesOf(role).some(({ verbs, resources, apiGroups }) => all(verbs) && all(resources) && all(apiGroups)),
    );
}

function all(list: readonly string[] | undefined): boolean {
  return list !== undefined && list.includes('*');
}
