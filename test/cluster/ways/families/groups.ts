/** Groups that nobody is named in. */
import { admin, allowTo, binding, clusterRole } from '../../../../src/graph/example-objects.ts';
import { wordSecret } from '../objects.ts';
import type { Attack } from '../attack.ts';
import { type TriedFamily, way } from '../way.ts';

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'SA_IMPLICIT_GROUPS',
      to: ({ ns }) => `Secret/${ns}/db`,
      world: ({ ns, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo(`Group/system:serviceaccounts:${ns}`, ns, 'get secrets')],
      take: readWord,
      nearest: {
        because: 'the group is that of the accounts of another namespace',
        world: ({ ns, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo('Group/system:serviceaccounts:other', ns, 'get secrets')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'USER_GROUP_MEMBERSHIP',
      from: ({ ns }) => `User/${ns}`,
      to: ({ ns }) => `Secret/${ns}/db`,
      world: ({ ns, word }) => [
        wordSecret({ word }, `${ns}/db`),
        ...allowTo(`User/${ns}`, ns, 'get pods'),
        ...allowTo('Group/system:authenticated', ns, 'get secrets'),
      ],
      take: readWord,
      nearest: {
        because: 'who did not sign in is not in the group of those who did',
        from: () => 'Group/system:unauthenticated',
        world: ({ ns, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo('Group/system:authenticated', ns, 'get secrets')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'MASTERS_GROUP',
      from: () => 'Group/system:masters',
      to: () => 'ClusterAdmin',
      world: () => [],
      take: (attack) => attack.controlsCluster(),
      nearest: {
        because: 'the group has another name',
        from: ({ ns }) => `Group/masters-${ns}`,
        world: ({ ns }) => allowTo(`Group/masters-${ns}`, ns, 'get pods'),
        refusal: /403/,
      },
    }),
    way({
      edge: 'ANONYMOUS_GRANT',
      from: () => 'APIServer',
      to: ({ ns }) => `Secret/${ns}/db`,
      world: ({ ns, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo('User/system:anonymous', ns, 'get secrets')],
      take: readWord,
      nearest: {
        because: 'the grant is for those who sign in',
        world: ({ ns, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo(`User/${ns}`, ns, 'get secrets')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'SUBJECT_GRANT',
      to: ({ ns }) => `Secret/${ns}/db`,
      world: ({ ns, x, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo(x, ns, 'get secrets')],
      take: readWord,
      nearest: {
        because: 'a role of the cluster that is bound in another namespace',
        world: ({ ns, other, x, word }) => [
          wordSecret({ word }, `${ns}/db`),
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: other } },
          clusterRole(`reads-${ns}`, 'get secrets'),
          binding('RoleBinding', { namespace: other, name: 'r' }, { role: { kind: 'ClusterRole', name: `reads-${ns}` }, who: x }),
        ],
        refusal: /403/,
      },
    }),
    way({
      edge: 'RBAC_WILDCARD',
      to: () => 'ClusterAdmin',
      world: ({ x }) => admin(x),
      take: (attack) => attack.controlsCluster(),
      nearest: {
        because: 'a RoleBinding to cluster-admin is worth one namespace',
        world: ({ ns, x }) => [
          binding('RoleBinding', { namespace: ns, name: 'r' }, { role: { kind: 'ClusterRole', name: 'cluster-admin' }, who: x }),
        ],
        refusal: /403/,
      },
    }),
  ],
};

async function readWord(attack: Attack): Promise<void> {
  attack.finds(await attack.get(`/api/v1/namespaces/${attack.ns}/secrets/db`));
}
