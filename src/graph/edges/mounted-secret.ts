/** Secrets that a container has in its environment or its volumes. */
import type { Container } from '../../model/index.ts';
import { isAtOrBelow } from '../../engines/host-paths/index.ts';
import { account, pod, secret } from '../example-objects.ts';
import { type PlainObject, defineFamily } from '../family.ts';

const DB = secret('a/db');

const TOKEN = [
  account('a/s'),
  secret('a/t', {
    type: 'kubernetes.io/service-account-token',
    metadata: { namespace: 'a', name: 't', annotations: { 'kubernetes.io/service-account.name': 's' } },
  }),
];
const TO_TOKEN = { from: 'Container/a/p/c', to: 'ServiceAccount/a/s' };

/** Pods that have one key of it, by each way. */
function withKey(key: string): PlainObject[] {
  const items = [{ key, path: 'here/it' }];
  const mounted = (volume: PlainObject, mount: PlainObject = {}): PlainObject =>
    pod('a/p', { volumes: [{ name: 'v', ...volume }] }, { volumeMounts: [{ name: 'v', mountPath: '/v', ...mount }] });
  return [
    mounted({ secret: { secretName: 't', items } }),
    mounted({ secret: { secretName: 't', items } }, { subPath: 'here' }),
    mounted({ secret: { secretName: 't' } }, { subPath: key }),
    mounted({ projected: { sources: [{ secret: { name: 't', items } }] } }),
    pod('a/p', {}, { env: [{ name: 'T', valueFrom: { secretKeyRef: { name: 't', key } } }] }),
  ];
}

export const family = defineFamily({
  edges: {
    POD_MOUNTED_SECRET: {
      says: 'read a Secret that it has as a file or variable',
      mitigation: 'Give a container only the Secrets, and of them only the keys, that it uses.',
    },
  },
  draw(scene) {
    for (const { vertex, container } of scene.units) {
      const { workload } = container;
      for (const { name, path, keys } of secretsInside(container)) {
        const isToken = scene.tables.Secret.get(workload.namespace, name)?.body.type === 'kubernetes.io/service-account-token';
        // The certificate beside the token opens nothing.
        if (isToken && keys?.includes('token') === false) continue;
        scene.step(
          { edge: 'POD_MOUNTED_SECRET', where: { object: workload.object, path } },
          vertex,
          scene.secret(workload.namespace, name),
        );
      }
    }
  },
  examples: () => [
    {
      edge: 'POD_MOUNTED_SECRET',
      objects: [DB, pod('a/p', {}, { envFrom: [{ secretRef: { name: 'db' } }] })],
      from: 'Container/a/p/c',
      to: 'Secret/a/db',
    },
    {
      edge: 'POD_MOUNTED_SECRET',
      objects: [
        DB,
        pod(
          'a/p',
          { volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 'db' } }] } }] },
          { volumeMounts: [{ name: 'v', mountPath: '/v' }] },
        ),
      ],
      from: 'Container/a/p/c',
      to: 'Secret/a/db',
    },
    {
      edge: 'POD_MOUNTED_SECRET',
      objects: [DB, pod('a/p', { volumes: [{ name: 'v', secret: { secretName: 'db' } }] })],
      from: 'Container/a/p/c',
      to: 'Secret/a/db',
      because: 'the container does not mount the volume',
    },
    ...withKey('token').map((part) => ({ edge: 'POD_MOUNTED_SECRET', objects: [...TOKEN, part], ...TO_TOKEN })),
    ...withKey('ca.crt').map((part) => ({
      edge: 'POD_MOUNTED_SECRET',
      objects: [...TOKEN, part],
      ...TO_TOKEN,
      because: 'of a token only the certificate beside it is there',
    })),
    {
      edge: 'POD_MOUNTED_SECRET',
      objects: [DB, pod('a/p', { imagePullSecrets: [{ name: 'db' }] })],
      from: 'Container/a/p/c',
      to: 'Secret/a/db',
      because: 'only the kubelet sees the Secrets that images are pulled with',
    },
  ],
});

interface Inside {
  readonly name: string;
  /** The field that gives it. */
  readonly path: string;
  /** Those that are there; left out for all. */
  readonly keys?: readonly string[];
}

/** Each Secret of whose content a container can read something. */
function secretsInside({ spec, path, workload }: Container): Inside[] {
  const found: Inside[] = [];
  for (const [index, { valueFrom }] of (spec.env ?? []).entries()) {
    const { name, key } = valueFrom?.secretKeyRef ?? {};
    if (name !== undefined)
      found.push({ name, path: `${path}.env[${index}].valueFrom.secretKeyRef`, ...(key !== undefined && { keys: [key] }) });
  }
  for (const [index, { secretRef }] of (spec.envFrom ?? []).entries()) {
    if (secretRef?.name !== undefined) found.push({ name: secretRef.name, path: `${path}.envFrom[${index}].secretRef` });
  }
  for (const [index, volume] of (workload.pod.volumes ?? []).entries()) {
    const mounts = (spec.volumeMounts ?? []).filter(({ name }) => name !== undefined && name === volume.name);
    const at = `${workload.podPath}.volumes[${index}]`;
    const sources = [
      { name: volume.secret?.secretName, items: volume.secret?.items, path: `${at}.secret` },
      ...(volume.projected?.sources ?? []).map(({ secret: asked }, source) => ({
        name: asked?.name,
        items: asked?.items,
        path: `${at}.projected.sources[${source}].secret`,
      })),
    ];
    for (const { subPath = '' } of mounts) {
      for (const { name, items, path: where } of sources) {
        if (name === undefined) continue;
        const keys = keysUnder(subPath, items);
        if (keys?.length !== 0) found.push({ name, path: where, ...(keys !== undefined && { keys }) });
      }
    }
  }
  return found;
}

type Items = readonly { readonly key?: string | undefined; readonly path?: string | undefined }[];

/** The keys that lie in a part of a volume; undefined where all do. */
function keysUnder(subPath: string, items: Items | undefined): string[] | undefined {
  const part = subPath.replace(/^(?:\.?\/)+|\/+$/g, '');
  if (items === undefined || items.length === 0) return part === '' ? undefined : [part];
  return items.flatMap(({ key, path }) => (key !== undefined && (part === '' || isAtOrBelow(path ?? key, part)) ? [key] : []));
}

/** Each ConfigMap whose content a container can read, with the field that gives it. */
export function configMapsInside({ spec, path, workload }: Container): { name: string; path: string }[] {
  const found: { name: string; path: string }[] = [];
  const add = (name: string | undefined, at: string): void => {
    if (name !== undefined && name !== '') found.push({ name, path: at });
  };
  for (const [index, { valueFrom }] of (spec.env ?? []).entries())
    add(valueFrom?.configMapKeyRef?.name, `${path}.env[${index}].valueFrom.configMapKeyRef`);
  for (const [index, { configMapRef }] of (spec.envFrom ?? []).entries()) add(configMapRef?.name, `${path}.envFrom[${index}].configMapRef`);
  const mounted = new Set((spec.volumeMounts ?? []).map(({ name = '' }) => name));
  for (const [index, volume] of (workload.pod.volumes ?? []).entries()) {
    if (!mounted.has(volume.name ?? '')) continue;
    const at = `${workload.podPath}.volumes[${index}]`;
    add(volume.configMap?.name, `${at}.configMap`);
    for (const [source, { configMap: asked }] of (volume.projected?.sources ?? []).entries())
      add(asked?.name, `${at}.projected.sources[${source}].configMap`);
  }
  return found;
}
