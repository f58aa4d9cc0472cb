/** Acting as somebody else by headers. */
import { admin, allowEverywhereTo, allowTo } from '../../../../src/graph/example-objects.ts';
import type { Attack } from '../attack.ts';
import { strongIn } from '../objects.ts';
import { type TriedFamily, way } from '../way.ts';

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
  ],
};

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
