/** Secrets that a container has in its environment or its volumes. */
import type { Container } from '../../model/index.ts';
import { pod, secret } from '../example-objects.ts';
import { defineFamily } from '../family.ts';

const DB = secret('a/db');

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
      for (const { name, path } of secretsInside(container)) {
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
    {
      edge: 'POD_MOUNTED_SECRET',
      objects: [DB, pod('a/p', { imagePullSecrets: [{ name: 'db' }] })],
      from: 'Container/a/p/c',
      to: 'Secret/a/db',
      because: 'only the kubelet sees the Secrets that images are pulled with',
    },
  ],
});

/** Each Secret whose content a container can read, with the field that gives it. */
export function secretsInside({ spec, path, workload }: Container): { name: string; path: string }[] {
  const found: { name: string; path: string }[] = [];
  for (const [index, { valueFrom }] of (spec.env ?? []).entries()) {
    const name = valueFrom?.secretKeyRef?.name;
    if (name !== undefined) found.push({ name, path: `${path}.env[${index}].valueFrom.secretKeyRef` });
  }
  for (const [index, { secretRef }] of (spec.envFrom ?? []).entries()) {
    if (secretRef?.name !== undefined) found.push({ name: secretRef.name, path: `${path}.envFrom[${index}].secretRef` });
  }
  const mounted = new Set((spec.volumeMounts ?? []).map(({ name = '' }) => name));
  for (const [index, volume] of (workload.pod.volumes ?? []).entries()) {
    if (!mounted.has(volume.name ?? '')) continue;
    const at = `${workload.podPath}.volumes[${index}]`;
    if (volume.secret?.secretName !== undefined) found.push({ name: volume.secret.secretName, path: `${at}.secret` });
    for (const [source, { secret: asked }] of (volume.projected?.sources ?? []).entries()) {
      if (asked?.name !== undefined) found.push({ name: asked.name, path: `${at}.projected.sources[${source}].secret` });
    }
  }
  return found;
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
