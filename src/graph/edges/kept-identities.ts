/**
 * Identities that lie in Secrets and ConfigMaps: kubeconfigs, tokens of service accounts that somebody copied there, and
 * certificates with which clients sign in.
 */
import type { X509Certificate } from 'node:crypto';
import { AUTHENTICATED, NODES } from '../../engines/rbac/index.ts';
import type { ApiObject } from '../../model/index.ts';
import { isOfCluster } from '../../snapshot/index.ts';
import { account, admin, allow, configMap, pod, secret } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { type FoundIdentity, type Identity, certificateIn, kubeconfigIn, pairOf, tokensIn } from '../identities.ts';
import type { Scene } from '../scene.ts';
import { heldByReaders } from './configuration.ts';
import { configMapsInside } from './mounted-secret.ts';

const TOKEN_TYPE = 'kubernetes.io/service-account-token';
/** Cluster API keeps the kubeconfigs of the clusters that it makes in Secrets of this type. */
const OF_ANOTHER_CLUSTER = 'cluster.x-k8s.io/secret';
const SAYS_KUBECONFIG = /kube-?config|^(?:super-)?admin\.conf$/i;

const END = 4_000_000_000;

/** An authority, and two certificates of hers for O=system:masters, CN=root: for clients, and for servers. Their keys are gone. */
const AUTHORITY = pem(
  'MIIBgjCCASegAwIBAgIUYDSk+6URC0MCNz9S8hE5+P3MRY8wCgYIKoZIzj0EAwIwFTETMBEGA1UEAwwKa3ViZXJuZXRlczAgFw0yNjExMjIxMz' +
    'IzNDVaGA8yMTI2MTAyOTEzMjM0NVowFTETMBEGA1UEAwwKa3ViZXJuZXRlczBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMdhEiplm7eXbYCW' +
    'y4Qypgm/dlYbdfmmD0SWyvnt+OIMMvF7lGIpXg6htFfwfqUGYa62uIEmGJ4iUEczcbgW3KSjUzBRMB0GA1UdDgQWBBRA5GY0bnbUiVnp+RP9dG' +
    'uZWX5pQzAfBgNVHSMEGDAWgBRA5GY0bnbUiVnp+RP9dGuZWX5pQzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDF20jVoN8H' +
    'oYhcoZzPB0mpWClmq46oYAjlF5AINg6w4wIhAITDflYmn4INprNq/NyJdqfNAz5Oi/9jG34zKa1uRcBm',
);
const FOR_CLIENTS = pem(
  'MIIBmDCCAT6gAwIBAgIUZabgv+8ZUfoCJsB4B3mC9yv5ztAwCgYIKoZIzj0EAwIwFTETMBEGA1UEAwwKa3ViZXJuZXRlczAgFw0yNjExMjIxMz' +
    'IzNDVaGA8yMTI2MDcyMTEzMjM0NVowKDEXMBUGA1UECgwOc3lzdGVtOm1hc3RlcnMxDTALBgNVBAMMBHJvb3QwWTATBgcqhkjOPQIBBggqhkjO' +
    'PQMBBwNCAAR9XQGii+JlIRjzHaJxHVuGuizLx0b1E9wfFASY+2pseXA8iL6GelE7aOHYW7p/JzVcXWrk6+6RXyebBbjW97uto1cwVTATBgNVHS' +
    'UEDDAKBggrBgEFBQcDAjAdBgNVHQ4EFgQUNXYVineCH870Dj9aQ+EIPgIy/SIwHwYDVR0jBBgwFoAUQORmNG521IlZ6fkT/XRrmVl+aUMwCgYI' +
    'KoZIzj0EAwIDSAAwRQIgePmchnJ4LWJFGGZUz2Yrm50hVqagtappcC6X1O0t5fACIQDx+qbOC+bAz7/08TFvUJ6Fu8IOG+lPd7wDbmHZdFbzMQ' +
    '==',
);
const FOR_SERVERS = pem(
  'MIIBmTCCAT6gAwIBAgIUe+93M+QJw3QyUvDNBFLImDiWyqAwCgYIKoZIzj0EAwIwFTETMBEGA1UEAwwKa3ViZXJuZXRlczAgFw0yNjExMjIxMz' +
    'IzNDVaGA8yMTI2MDcyMTEzMjM0NVowKDEXMBUGA1UECgwOc3lzdGVtOm1hc3RlcnMxDTALBgNVBAMMBHJvb3QwWTATBgcqhkjOPQIBBggqhkjO' +
    'PQMBBwNCAAR9XQGii+JlIRjzHaJxHVuGuizLx0b1E9wfFASY+2pseXA8iL6GelE7aOHYW7p/JzVcXWrk6+6RXyebBbjW97uto1cwVTATBgNVHS' +
    'UEDDAKBggrBgEFBQcDATAdBgNVHQ4EFgQUNXYVineCH870Dj9aQ+EIPgIy/SIwHwYDVR0jBBgwFoAUQORmNG521IlZ6fkT/XRrmVl+aUMwCgYI' +
    'KoZIzj0EAwIDSQAwRgIhAMu1jN5KRGdpqkypTRF5cNYSnjd+cThLqzM9NJTObZ9WAiEAsauOEMSAFWeROhrduKxzWAwg5g58OV/WMNBcflWQmZ' +
    'A=',
);
const ROOT_CA = configMap('kube-public/kube-root-ca.crt', { 'ca.crt': AUTHORITY });

export const family = defineFamily({
  edges: {
    KUBECONFIG_INSIDE: {
      says: 'use the kubeconfig in it',
      mitigation: 'Take the kubeconfig away and replace what it signs in with; let pods use accounts of their own.',
    },
    TOKEN_INSIDE: {
      says: "use a service account's token in it",
      mitigation: 'Take the token away, and delete the token Secret or pod that it is bound to, which ends it.',
    },
    CERTIFICATE_INSIDE: {
      says: 'sign in with the client certificate in it',
      mitigation: 'Take key and certificate away; a certificate is good until it ends, so take the rights of its user and groups as well.',
    },
  },
  draw(scene) {
    for (const object of scene.tables.Secret.all) {
      if (object.body.type === TOKEN_TYPE) continue;
      const found = [...identitiesOfSecret(scene, object), ...certificatesOf(scene, object)];
      for (const each of found) drawFound(scene, each, scene.secret(object.namespace, object.name));
    }
    let mounts: ReturnType<typeof mountsOfConfigMaps> | undefined;
    for (const object of scene.tables.ConfigMap.all) {
      const all = identitiesIn(object, [['data', object.body.data ?? {}, plain]], scene.now);
      const [first] = all;
      if (first === undefined) continue;
      const held = heldByReaders(scene, object, first.where.path);
      mounts ??= mountsOfConfigMaps(scene);
      for (const { vertex, where } of mounts.get(`${object.namespace}/${object.name}`) ?? [])
        scene.step({ edge: 'CONFIGMAP_CREDENTIALS', where }, vertex, held);
      for (const found of all) drawFound(scene, found, held);
    }
  },
  examples: () => [
    {
      edge: 'KUBECONFIG_INSIDE',
      objects: [account('b/s'), ...admin('b/s'), secret('a/k', { stringData: { config: kubeconfig({ token: token('b:s') }) } })],
      from: 'Secret/a/k',
      to: 'ClusterAdmin',
    },
    {
      edge: 'KUBECONFIG_INSIDE',
      objects: [
        account('b/s'),
        ...allow('a', 'get configmaps'),
        configMap('a/k', { config: kubeconfig({ token: token('b:s') }) }),
        account('a/x'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'ServiceAccount/b/s',
    },
    {
      edge: 'KUBECONFIG_INSIDE',
      objects: [secret('a/k', { data: { config: Buffer.from(kubeconfig({ exec: { command: 'aws' } })).toString('base64') } })],
      from: 'Secret/a/k',
      to: 'ClusterAdmin',
    },
    {
      edge: 'KUBECONFIG_INSIDE',
      objects: [...admin('User/root'), configMap('kube-public/cluster-info', { kubeconfig: kubeconfig(undefined) })],
      from: 'Credential/ConfigMap kube-public/cluster-info',
      to: 'ClusterAdmin',
      because: 'it names the server and nobody who signs in',
    },
    {
      edge: 'KUBECONFIG_INSIDE',
      objects: [account('b/s'), secret('a/k', { stringData: { config: kubeconfig({ token: token('b:s', { exp: 1_000_000_000 }) }) } })],
      from: 'Secret/a/k',
      to: 'ServiceAccount/b/s',
      because: 'its token ended long ago',
    },
    {
      edge: 'TOKEN_INSIDE',
      objects: [account('b/s'), ...admin('b/s'), secret('a/k', { stringData: { env: `TOKEN=${token('b:s', { exp: END })}` } })],
      from: 'Secret/a/k',
      to: 'ClusterAdmin',
    },
    {
      edge: 'TOKEN_INSIDE',
      objects: [account('b/s'), pod('a/p', {}, { envFrom: [{ configMapRef: { name: 'k' } }] }), configMap('a/k', { TOKEN: token('b:s') })],
      from: 'Container/a/p/c',
      to: 'ServiceAccount/b/s',
    },
    {
      edge: 'TOKEN_INSIDE',
      objects: [account('b/s'), secret('a/k', { stringData: { token: token('b:s', { aud: ['vault'] }) } })],
      from: 'Secret/a/k',
      to: 'ServiceAccount/b/s',
      because: 'the API server takes no token for the audience vault',
    },
    {
      edge: 'TOKEN_INSIDE',
      objects: [account('b/other'), secret('a/k', { stringData: { token: token('b:s') } })],
      from: 'Secret/a/k',
      to: 'ServiceAccount/b/s',
      because: 'there is no such account',
    },
    {
      edge: 'TOKEN_INSIDE',
      objects: [
        account('b/s', { metadata: { namespace: 'b', name: 's', uid: 'one' } }),
        secret('a/k', { stringData: { token: token('b:s', { 'kubernetes.io': { serviceaccount: { uid: 'two' } } }) } }),
      ],
      from: 'Secret/a/k',
      to: 'ServiceAccount/b/s',
      because: 'it is of an account of the name that is gone, or of another cluster',
    },
    { edge: 'CERTIFICATE_INSIDE', objects: [ROOT_CA, tls(FOR_CLIENTS)], from: 'Secret/a/k', to: 'ClusterAdmin' },
    {
      edge: 'CERTIFICATE_INSIDE',
      objects: [ROOT_CA, tls(FOR_SERVERS)],
      from: 'Secret/a/k',
      to: 'ClusterAdmin',
      because: 'it is for servers only',
    },
    {
      edge: 'CERTIFICATE_INSIDE',
      objects: [configMap('kube-public/kube-root-ca.crt', { 'ca.crt': FOR_SERVERS }), tls(FOR_CLIENTS)],
      from: 'Secret/a/k',
      to: 'ClusterAdmin',
      because: 'another authority signed it',
    },
  ],
});

/** Its key is left out, as it is where values were hidden. */
function tls(certificate: string): Readonly<Record<string, unknown>> {
  return secret('a/k', { type: 'kubernetes.io/tls', stringData: { 'tls.crt': certificate, 'tls.key': '(hidden)' } });
}

function pem(body: string): string {
  return `-----BEGIN CERTIFICATE-----\n${(body.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
}

interface Kept extends FoundIdentity {
  readonly edge: 'KUBECONFIG_INSIDE' | 'TOKEN_INSIDE' | 'CERTIFICATE_INSIDE';
  readonly where: { readonly object: ApiObject; readonly path: string };
  /** It is for another cluster, as far as anybody can tell, or cannot be read whole. */
  readonly unsure: boolean;
}

const plain = (value: string): string => value;
const decoded = (value: string): string => Buffer.from(value, 'base64').toString('utf8');

function identitiesOfSecret({ now }: Scene, object: ApiObject<'Secret'>): Kept[] {
  const { data, stringData, type } = object.body;
  if (data === undefined && stringData === undefined) {
    // Of a live cluster the values are not read, and with them not under which keys they lie.
    const isLikely = isOfCluster(object.origin) && SAYS_KUBECONFIG.test(object.name);
    return isLikely
      ? [{ edge: 'KUBECONFIG_INSIDE', identity: { kind: 'unknown' }, where: { object, path: 'metadata.name' }, unsure: false }]
      : [];
  }
  const fields: Field[] = [
    ['data', data ?? {}, decoded],
    ['stringData', stringData ?? {}, plain],
  ];
  return identitiesIn(object, fields, now).map((kept) => ({ ...kept, unsure: type === OF_ANOTHER_CLUSTER }));
}

type Field = readonly [field: string, values: Readonly<Record<string, unknown>>, read: (value: string) => string];

function identitiesIn(object: ApiObject, fields: readonly Field[], now: number): Kept[] {
  return fields.flatMap(([field, values, read]) =>
    Object.entries(values).flatMap(([key, value]): Kept[] => {
      if (typeof value !== 'string' || value === '') return [];
      const text = read(value);
      const rest = { where: { object, path: `${field}["${key}"]` }, unsure: false };
      const users = kubeconfigIn(text, now);
      if (users !== undefined) return users.map((found) => ({ ...found, ...rest, edge: 'KUBECONFIG_INSIDE' }));
      const tokens = tokensIn(text, now);
      if (tokens.length > 0) return tokens.map((found) => ({ ...found, ...rest, edge: 'TOKEN_INSIDE' }));
      // A value that was hidden, or that somebody fills in later.
      return SAYS_KUBECONFIG.test(key) ? [{ ...rest, edge: 'KUBECONFIG_INSIDE', identity: { kind: 'unknown' } }] : [];
    }),
  );
}

/** Whose nobody can tell may be anybody's, and what is likely for another cluster is not certain either. */
function drawFound(scene: Scene, { edge, identity, where, ca, unsure }: Kept, needs: number): void {
  const known = authorities(scene);
  const isUnsure = unsure || (ca !== undefined && known.size > 0 && !known.has(ca));
  for (const gives of holdersOf(scene, identity)) {
    if (identity.kind === 'unknown' || isUnsure) scene.maybe(edge, 'unknown', { needs, gives, where });
    else scene.step({ edge, where }, needs, gives);
  }
}

function holdersOf(scene: Scene, identity: Identity): number[] {
  if (identity.kind === 'unknown') return [scene.builder.vertex('ClusterAdmin')];
  if (identity.kind === 'account') {
    const { namespace, name, uid } = identity;
    const { uid: own } = scene.tables.ServiceAccount.get(namespace, name)?.metadata ?? {};
    const isGone = !scene.accountsIn(namespace).has(name) || (uid !== undefined && own !== undefined && uid !== own);
    return isGone ? [] : [scene.account(namespace, name)];
  }
  const { name, groups } = identity;
  const user = scene.user(name);
  scene.link(user, scene.group(AUTHENTICATED));
  scene.link(user, scene.builder.vertex('APIServer'));
  const node = groups.includes(NODES) && name.startsWith('system:node:') ? name.slice('system:node:'.length) : undefined;
  return [user, ...groups.map((group) => scene.group(group)), ...(node === undefined ? [] : [scene.onNode(node, 'NodeIdentity')])];
}

const AUTHORITIES = new WeakMap<Scene, ReadonlyMap<string, X509Certificate>>();

/** The CAs that the cluster hands to its pods, by fingerprint. */
function authorities(scene: Scene): ReadonlyMap<string, X509Certificate> {
  let known = AUTHORITIES.get(scene);
  if (known === undefined) {
    const found = scene.namespaces.flatMap((namespace) => {
      const pem: unknown = scene.tables.ConfigMap.get(namespace, 'kube-root-ca.crt')?.body.data?.['ca.crt'];
      const read = typeof pem === 'string' ? certificateIn(pem) : undefined;
      return read === undefined ? [] : [[read.fingerprint256, read] as const];
    });
    AUTHORITIES.set(scene, (known = new Map(found)));
  }
  return known;
}

/**
 * Certificates beside their keys, as in a Secret of the type kubernetes.io/tls. They count only where the input holds the
 * cluster's own CA, which signed them: others are for other servers.
 */
function certificatesOf(scene: Scene, object: ApiObject<'Secret'>): Kept[] {
  const own = [...authorities(scene).values()];
  if (own.length === 0) return [];
  const values = [...textsIn('data', object.body.data, decoded), ...textsIn('stringData', object.body.stringData, plain)];
  return values.flatMap(({ key, path, text }) => {
    const other = KEY_BESIDE[key.slice(key.lastIndexOf('.'))];
    const beside = other === undefined ? undefined : values.find((each) => each.key === key.replace(/\.[^.]+$/, other));
    const found = beside === undefined ? undefined : pairOf(text, beside.text, { authorities: own, now: scene.now });
    return found === undefined ? [] : [{ ...found, edge: 'CERTIFICATE_INSIDE' as const, where: { object, path } }];
  });
}

/** How the key is called that belongs to a certificate: `tls.crt` and `tls.key`. */
const KEY_BESIDE: Readonly<Record<string, string>> = { '.crt': '.key', '.pem': '-key.pem' };

function textsIn(
  field: string,
  values: Readonly<Record<string, unknown>> | undefined,
  read: (value: string) => string,
): { key: string; path: string; text: string }[] {
  return Object.entries(values ?? {}).flatMap(([key, value]) =>
    typeof value === 'string' ? [{ key, path: `${field}["${key}"]`, text: read(value) }] : [],
  );
}

function mountsOfConfigMaps(scene: Scene): Map<string, { vertex: number; where: { object: ApiObject; path: string } }[]> {
  const mounts = new Map<string, { vertex: number; where: { object: ApiObject; path: string } }[]>();
  for (const { vertex, container } of scene.units) {
    for (const { name, path } of configMapsInside(container)) {
      const key = `${container.workload.namespace}/${name}`;
      const list = mounts.get(key);
      const one = { vertex, where: { object: container.workload.object, path } };
      if (list === undefined) mounts.set(key, [one]);
      else list.push(one);
    }
  }
  return mounts;
}

function token(account_: string, more: Readonly<Record<string, unknown>> = {}): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ sub: `system:serviceaccount:${account_}`, ...more })}.c2ln`;
}

function kubeconfig(user: Readonly<Record<string, unknown>> | undefined): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: 'https://kubernetes.default.svc' } }],
    users: user === undefined ? [] : [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
  });
}
