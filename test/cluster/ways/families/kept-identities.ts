/** Identities that lie in Secrets and ConfigMaps, made by the server or by its authority. */
import { account, allowTo, configMap, secret } from '../../../../src/graph/example-objects.ts';
import type { PlainObject } from '../../../../src/graph/family.ts';
import { type Authority, makeAuthority } from '../../certificates.ts';
import { kubeconfigText } from '../../pki.ts';
import type { TestCluster } from '../../test-cluster.ts';
import type { Attack } from '../attack.ts';
import { type Kept, type Place, Refused, type TriedFamily, way } from '../way.ts';

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'KUBECONFIG_INSIDE',
      to: ({ ns }) => `ServiceAccount/${ns}/s`,
      world: ({ ns, x }) => [account(`${ns}/s`), ...allowTo(x, ns, 'get configmaps:k')],
      kept: async (cluster, place) => [configMap(`${place.ns}/k`, { config: withToken(cluster, await tokenFor(cluster, place)) })],
      take: useKubeconfigToken,
      nearest: {
        because: 'the API server takes no token for the audience vault',
        world: ({ ns, x }) => [account(`${ns}/s`), ...allowTo(x, ns, 'get configmaps:k')],
        kept: async (cluster, place) => [
          configMap(`${place.ns}/k`, { config: withToken(cluster, await tokenFor(cluster, place, ['vault'])) }),
        ],
        refusal: /401/,
      },
    }),
    way({
      edge: 'KUBECONFIG_INSIDE',
      to: ({ ns }) => `User/ann-${ns}`,
      world: ({ ns, x }) => allowTo(x, ns, 'get secrets:k'),
      kept: withCertificate(),
      take: useKubeconfigCertificate,
      nearest: {
        because: 'its certificate ended',
        world: ({ ns, x }) => allowTo(x, ns, 'get secrets:k'),
        kept: withCertificate(new Date(Date.now() - 60_000)),
        refusal: /401/,
      },
    }),
    way({
      edge: 'TOKEN_INSIDE',
      to: ({ ns }) => `ServiceAccount/${ns}/s`,
      world: ({ ns, x }) => [account(`${ns}/s`), ...allowTo(x, ns, 'get secrets:k')],
      kept: async (cluster, place) => [secret(`${place.ns}/k`, { stringData: { env: `TOKEN=${await tokenFor(cluster, place)}` } })],
      take: useToken,
      nearest: {
        because: 'it is of an account of the name that is gone',
        world: ({ ns, x }) => [account(`${ns}/s`), ...allowTo(x, ns, 'get secrets:k')],
        kept: async (cluster, place) => {
          const token = await tokenFor(cluster, place);
          const path = `/api/v1/namespaces/${place.ns}/serviceaccounts`;
          await cluster.request('DELETE', `${path}/s`);
          await cluster.request('POST', path, { body: account(`${place.ns}/s`) });
          return [secret(`${place.ns}/k`, { stringData: { env: `TOKEN=${token}` } })];
        },
        refusal: /401/,
      },
    }),
    way({
      edge: 'CERTIFICATE_INSIDE',
      to: ({ ns }) => `User/ann-${ns}`,
      world: ({ ns, x }) => allowTo(x, ns, 'get secrets:k'),
      kept: ({ pki }, place) => Promise.resolve([keyPair(place, pki.authority)]),
      take: useKeyPair,
      nearest: {
        because: 'another authority signed it',
        world: ({ ns, x }) => allowTo(x, ns, 'get secrets:k'),
        kept: (_, place) => Promise.resolve([keyPair(place, makeAuthority('kubernetes'))]),
        refusal: /401/,
      },
    }),
  ],
};

function keyPair({ ns }: Place, authority: Authority): PlainObject {
  const { certificate, key } = authority.issue({ name: `ann-${ns}` });
  return secret(`${ns}/k`, { type: 'kubernetes.io/tls', stringData: { 'tls.crt': certificate, 'tls.key': key } });
}

/** Of the account `s`. */
async function tokenFor(cluster: TestCluster, { ns }: Place, audiences?: readonly string[]): Promise<string> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences } };
  const answer = await cluster.request('POST', `/api/v1/namespaces/${ns}/serviceaccounts/s/token`, { body });
  return (answer.json() as { status: { token: string } }).status.token;
}

function withToken({ server, pki }: TestCluster, token: string): string {
  const ca = Buffer.from(pki.authority.certificate).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': ca } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  });
}

function withCertificate(until?: Date): Kept {
  return ({ server, pki }, { ns }) => {
    const client = pki.authority.issue({ name: `ann-${ns}`, ...(until !== undefined && { until }) });
    return Promise.resolve([secret(`${ns}/k`, { stringData: { config: kubeconfigText(server, pki.authority, client) } })]);
  };
}

async function useKubeconfigToken(attack: Attack): Promise<void> {
  const read = JSON.parse(await attack.eventually(() => attack.get(`/api/v1/namespaces/${attack.ns}/configmaps/k`))) as {
    data: { config: string };
  };
  const { users } = JSON.parse(read.data.config) as { users: { user: { token: string } }[] };
  await attack.is(`system:serviceaccount:${attack.ns}:s`, { token: users[0]?.user.token ?? '' });
}

async function useKubeconfigCertificate(attack: Attack): Promise<void> {
  const config = await readSecret(attack, 'config');
  const part = (key: string): string => Buffer.from(new RegExp(`${key}: (\\S+)`).exec(config)?.[1] ?? '', 'base64').toString();
  const certificate = { certificate: part('client-certificate-data'), key: part('client-key-data') };
  await attack.is(`ann-${attack.ns}`, { certificate });
}

async function useToken(attack: Attack): Promise<void> {
  const [, token] = /^TOKEN=(\S+)$/.exec(await readSecret(attack, 'env')) ?? [];
  if (token === undefined) throw new Refused('there is no token in it');
  await attack.is(`system:serviceaccount:${attack.ns}:s`, { token });
}

async function useKeyPair(attack: Attack): Promise<void> {
  const certificate = { certificate: await readSecret(attack, 'tls.crt'), key: await readSecret(attack, 'tls.key') };
  await attack.is(`ann-${attack.ns}`, { certificate });
}

async function readSecret(attack: Attack, key: string): Promise<string> {
  const text = await attack.eventually(() => attack.get(`/api/v1/namespaces/${attack.ns}/secrets/k`));
  const { data } = JSON.parse(text) as { data: Record<string, string> };
  return Buffer.from(data[key] ?? '', 'base64').toString();
}
