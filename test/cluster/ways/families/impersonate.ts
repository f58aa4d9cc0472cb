/** Acting as somebody else by headers. */
import type { PlainObject } from '../../../../src/graph/family.ts';
import { admin, allowEverywhereTo, allowTo, binding, clusterRole } from '../../../../src/graph/example-objects.ts';
import type { Attack } from '../attack.ts';
import { strongIn, wordSecret } from '../objects.ts';
import { type Place, type TriedFamily, way } from '../way.ts';

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'IMPERSONATE_USER',
      to: () => 'ClusterAdmin',
      world: ({ ns, x }) => [...admin(`User/${ns}`), ...allowEverywhereTo(x, `impersonate users:${ns}`)],
      take: (attack) => act(attack, { 'impersonate-user': attack.ns }),
      nearest: {
        because: 'users lie in no namespace, so a RoleBinding grants nothing',
        world: ({ ns, x }) => [...admin(`User/${ns}`), ...allowTo(x, ns, `impersonate users:${ns}`)],
        refusal: /403.*cannot impersonate/,
      },
    }),
    way({
      edge: 'IMPERSONATE_GROUP',
      to: () => 'Group/system:masters',
      world: ({ ns, x }) => allowEverywhereTo(x, 'impersonate groups', `impersonate users:${ns}`),
      take: (attack) => act(attack, { 'impersonate-user': attack.ns, 'impersonate-group': 'system:masters' }),
      nearest: {
        because: 'the server takes groups only beside a user',
        world: ({ x }) => allowEverywhereTo(x, 'impersonate groups'),
        refusal: /403.*cannot impersonate/,
      },
    }),
    way({
      edge: 'IMPERSONATE_SA',
      to: () => 'ClusterAdmin',
      world: ({ ns, x }) => [...strongIn(ns), ...allowTo(x, ns, 'impersonate serviceaccounts:strong')],
      take: (attack) => act(attack, { 'impersonate-user': `system:serviceaccount:${attack.ns}:strong` }),
      nearest: {
        because: 'the right to users is not one to accounts',
        world: ({ ns, x }) => [...strongIn(ns), ...allowEverywhereTo(x, `impersonate users:system:serviceaccount:${ns}:strong`)],
        refusal: /403.*cannot impersonate/,
      },
    }),
    way({
      edge: 'IMPERSONATE_NODE',
      nodes: true,
      to: () => 'NodeIdentity/node1',
      world: ({ x }) => allowEverywhereTo(x, 'impersonate groups:system:nodes', 'impersonate users:system:node:node1'),
      take: asNode,
      nearest: {
        because: 'the name of a node without its group is no node',
        world: ({ x }) => allowEverywhereTo(x, 'impersonate users:system:node:node1'),
        refusal: /403/,
      },
    }),
    way({
      edge: 'IMPERSONATE_EXTRA_UID',
      to: () => 'AuthorizerAttributes',
      world: ({ ns, x }) => allowEverywhereTo(x, 'impersonate uids.authentication.k8s.io', `impersonate users:${ns}`),
      take: sendUid,
      nearest: {
        because: 'uids lie in no namespace',
        world: ({ ns, x }) => [
          ...allowTo(x, ns, 'impersonate uids.authentication.k8s.io'),
          ...allowEverywhereTo(x, `impersonate users:${ns}`),
        ],
        refusal: /403.*cannot impersonate/,
      },
    }),
    way({
      edge: 'IMPERSONATE_CONSTRAINED',
      releases: ['1.36.3'],
      unsure: true,
      to: ({ ns }) => `Secret/${ns}/db`,
      world: (place) => constrained(place, { verbs: ['impersonate-on:user-info:get'], apiGroups: [''], resources: ['secrets'] }),
      take: async (attack) => {
        const as = { ...(await attack.me()), headers: { 'impersonate-user': attack.ns } };
        attack.finds(await attack.get(`/api/v1/namespaces/${attack.ns}/secrets/db`, as));
      },
      nearest: {
        because: 'no request may be made as the other',
        world: (place) => constrained(place),
        refusal: /403.*cannot impersonate/,
      },
    }),
  ],
};

/** `x` may act as a user who may read a Secret, in the requests that are named. */
function constrained({ ns, x, word }: Place, ...on: PlainObject[]): PlainObject[] {
  const name = `act-${ns}`;
  const who = { verbs: ['impersonate:user-info'], apiGroups: ['authentication.k8s.io'], resources: ['users'], resourceNames: [ns] };
  return [
    wordSecret({ word }, `${ns}/db`),
    ...allowTo(`User/${ns}`, ns, 'get secrets'),
    { ...clusterRole(name), rules: [who, ...on] },
    binding('ClusterRoleBinding', { name }, { role: { kind: 'ClusterRole', name }, who: x }),
  ];
}

async function act(attack: Attack, headers: Record<string, string>): Promise<void> {
  await attack.controlsCluster({ ...(await attack.me()), headers });
}

/** A node reads itself, which nobody else here may. */
async function asNode(attack: Attack): Promise<void> {
  const headers = { 'impersonate-user': 'system:node:node1', 'impersonate-group': 'system:nodes' };
  await attack.get('/api/v1/nodes/node1', { ...(await attack.me()), headers });
}

async function sendUid(attack: Attack): Promise<void> {
  const headers = { 'impersonate-user': attack.ns, 'impersonate-uid': 'trusted' };
  await attack.is(attack.ns, { ...(await attack.me()), headers });
}
