/** Credentials that the API hands out. */
import { account, allowTo } from '../../../../src/graph/example-objects.ts';
import { type Attack, tokenIn } from '../attack.ts';
import { strongIn, wordSecret } from '../objects.ts';
import { Refused, type TriedFamily, way } from '../way.ts';

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'SECRET_LIST',
      to: ({ ns }) => `Secret/${ns}/db`,
      world: ({ ns, x, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo(x, ns, 'list secrets')],
      take: list,
      nearest: {
        because: 'a grant for names lists nothing',
        world: ({ ns, x, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo(x, ns, 'list secrets:other')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'SECRET_LIST',
      to: ({ ns }) => `Secret/${ns}/db`,
      world: ({ ns, x, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo(x, ns, 'deletecollection secrets')],
      take: async (attack) => attack.finds(await attack.ask('DELETE', `/api/v1/namespaces/${attack.ns}/secrets?dryRun=All`)),
      nearest: {
        because: 'deleting all of them carries no name',
        world: ({ ns, x, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo(x, ns, 'deletecollection secrets:db')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'SECRET_GET',
      to: ({ ns }) => `Secret/${ns}/db`,
      world: ({ ns, x, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo(x, ns, 'patch secrets:db')],
      take: async (attack) => attack.finds(await attack.ask('PATCH', `${dbOf(attack)}?dryRun=All`, { body: {} })),
      nearest: {
        because: 'a right to put another in its place shows none of it',
        world: ({ ns, x, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo(x, ns, 'update secrets:db')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'SECRET_GET',
      to: ({ ns }) => `Secret/${ns}/db`,
      world: ({ ns, x, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo(x, ns, 'delete secrets:db')],
      take: async (attack) => attack.finds(await attack.ask('DELETE', `${dbOf(attack)}?dryRun=All&propagationPolicy=Foreground`)),
      nearest: {
        because: 'the right to delete is for another name',
        world: ({ ns, x, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo(x, ns, 'delete secrets:cache')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'SECRET_GET',
      to: ({ ns }) => `Secret/${ns}/db`,
      world: ({ ns, x, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo(x, ns, 'get secrets:db')],
      take: async (attack) => attack.finds(await attack.get(dbOf(attack))),
      nearest: {
        because: 'the grant is for another name',
        world: ({ ns, x, word }) => [wordSecret({ word }, `${ns}/db`), ...allowTo(x, ns, 'get secrets:cache')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'TOKEN_REQUEST',
      to: () => 'ClusterAdmin',
      world: ({ ns, x }) => [...strongIn(ns), ...allowTo(x, ns, 'create serviceaccounts/token:strong')],
      take: request,
      nearest: {
        because: 'the grant is for another account',
        world: ({ ns, x }) => [...strongIn(ns), account(`${ns}/weak`), ...allowTo(x, ns, 'create serviceaccounts/token:weak')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'TOKEN_SECRET_MINT',
      to: () => 'ClusterAdmin',
      world: ({ ns, x }) => [...strongIn(ns), ...allowTo(x, ns, 'create secrets', 'get secrets')],
      take: mint,
      nearest: {
        because: 'what is written cannot be read back',
        world: ({ ns, x }) => [...strongIn(ns), ...allowTo(x, ns, 'create secrets')],
        refusal: /403/,
      },
    }),
  ],
};

function dbOf({ ns }: Attack): string {
  return `/api/v1/namespaces/${ns}/secrets/db`;
}

async function list(attack: Attack): Promise<void> {
  attack.finds(await attack.get(`/api/v1/namespaces/${attack.ns}/secrets`));
}

async function request(attack: Attack): Promise<void> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const answer = await attack.post(`/api/v1/namespaces/${attack.ns}/serviceaccounts/strong/token`, body);
  await attack.controlsCluster({ token: tokenIn(answer) });
}

async function mint(attack: Attack): Promise<void> {
  const path = `/api/v1/namespaces/${attack.ns}/secrets`;
  const annotations = { 'kubernetes.io/service-account.name': 'strong' };
  await attack.post(path, {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/service-account-token',
    metadata: { name: 'minted', annotations },
  });
  const token = await attack.eventually(async () => {
    const { data } = JSON.parse(await attack.get(`${path}/minted`)) as { data?: { token?: string } };
    if (data?.token === undefined) throw new Refused('the controller has not filled it');
    return Buffer.from(data.token, 'base64').toString();
  });
  await attack.controlsCluster({ token });
}
