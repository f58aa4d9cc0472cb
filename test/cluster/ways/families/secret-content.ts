/** Secrets whose content is an identity. */
import type { PlainObject } from '../../../../src/graph/family.ts';
import { account, allowTo, secret } from '../../../../src/graph/example-objects.ts';
import type { Attack } from '../attack.ts';
import { type Place, Refused, type TriedFamily, way } from '../way.ts';

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'SECRET_IS_SA_TOKEN',
      to: ({ ns }) => `ServiceAccount/${ns}/s`,
      world: ({ ns, x }) => [account(`${ns}/s`), tokenSecret(ns, 'kubernetes.io/service-account-token'), ...allowTo(x, ns, 'get secrets')],
      take: useToken,
      nearest: {
        because: 'only Secrets of the type for tokens are filled',
        world: ({ ns, x }) => [account(`${ns}/s`), tokenSecret(ns, 'Opaque'), ...allowTo(x, ns, 'get secrets')],
        refusal: /no token/,
      },
    }),
    way({
      edge: 'SECRET_IS_BOOTSTRAP_TOKEN',
      to: () => 'Group/system:bootstrappers',
      world: (place) => [bootstrapToken('kube-system', place), ...allowTo(place.x, 'kube-system', `get secrets:${nameOf(place)}`)],
      take: (attack) => join(attack, 'kube-system'),
      nearest: {
        because: 'bootstrap tokens count in kube-system only',
        world: (place) => [bootstrapToken(place.ns, place), ...allowTo(place.x, place.ns, `get secrets:${nameOf(place)}`)],
        refusal: /401|no bootstrap token/,
      },
    }),
  ],
};

function tokenSecret(ns: string, type: string): PlainObject {
  return secret(`${ns}/t`, { type, metadata: { namespace: ns, name: 't', annotations: { 'kubernetes.io/service-account.name': 's' } } });
}

async function useToken(attack: Attack): Promise<void> {
  const token = await attack.eventually(async () => {
    const { data } = JSON.parse(await attack.get(`/api/v1/namespaces/${attack.ns}/secrets/t`)) as { data?: { token?: string } };
    if (data?.token === undefined) throw new Refused('there is no token in it');
    return Buffer.from(data.token, 'base64').toString();
  });
  await attack.is(`system:serviceaccount:${attack.ns}:s`, { token });
}

/** Six characters that no other world has. */
export function bootstrapId({ port }: Place): string {
  return `t${port}`;
}

function nameOf(place: Place): string {
  return `bootstrap-token-${bootstrapId(place)}`;
}

export function bootstrapToken(namespace: string, place: Place): PlainObject {
  const [id, part] = [bootstrapId(place), 'abcdefabcdef0123'];
  return secret(`${namespace}/${nameOf(place)}`, {
    type: 'bootstrap.kubernetes.io/token',
    stringData: { 'token-id': id, 'token-secret': part, 'usage-bootstrap-authentication': 'true', 'usage-bootstrap-signing': 'true' },
  });
}

/** Reads the token and signs in with it. Where it lies decides, as the type lets the server take it anywhere. */
async function join(attack: Attack, first: string): Promise<void> {
  const read = async (namespace: string): Promise<string> => attack.get(`/api/v1/namespaces/${namespace}/secrets/${nameOf(attack.place)}`);
  const text = await read(first).catch(() => read(attack.ns));
  const { data } = JSON.parse(text) as { data: Record<string, string> };
  const part = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString();
  const token = `${part('token-id')}.${part('token-secret')}`;
  await attack.eventually(() => attack.is('system:bootstrappers', { token }));
}
