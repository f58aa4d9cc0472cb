/** ConfigMaps that hold credentials or code, and images that somebody else may replace. */
import { credentialIn } from '../../lib/credentials.ts';
import { type ApiObject, imagePullPolicy } from '../../model/index.ts';
import { account, allow, configMap, pod } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { right } from '../right.ts';
import type { Scene } from '../scene.ts';

const READ = right('get,list,watch configmaps');
/** They answer with the content as well, as they do of Secrets. */
const TOUCH = right('patch,delete configmaps');
const COLLECT = right('deletecollection configmaps');
const WRITE = right('update,patch configmaps');

const SCRIPT = { volumes: [{ name: 's', configMap: { name: 'scripts', defaultMode: 0o755 } }] };
const MOUNTED = { volumeMounts: [{ name: 's', mountPath: '/scripts' }] };

export const family = defineFamily({
  edges: {
    CONFIGMAP_CREDENTIALS: { says: 'read a credential in a ConfigMap', mitigation: 'Move the value into a Secret.' },
    CONFIGMAP_CODE_INJECT: {
      says: 'change a script that a pod runs',
      mitigation: 'Make the ConfigMap immutable, or name those that may be written.',
    },
    IMAGE_TAG_OVERWRITE: { says: 'push another image under the tag that a pod pulls', mitigation: 'Pin the image by its digest.' },
  },
  rights: [READ, TOUCH, COLLECT, WRITE],
  draw(scene) {
    for (const object of scene.tables.ConfigMap.all) {
      const [key] = Object.entries(object.body.data ?? {}).find(([word, value]) => credentialIn(word, value) !== undefined) ?? [];
      if (key === undefined) continue;
      heldByReaders(scene, object, `data["${key}"]`);
    }
    drawScripts(scene);
    drawTags(scene);
  },
  examples: () => [
    {
      edge: 'CONFIGMAP_CREDENTIALS',
      objects: [account('a/x'), configMap('a/c', { DB_PASSWORD: 'kX9vQ2mLp4' }), ...allow('a', 'get configmaps')],
      from: 'ServiceAccount/a/x',
      to: 'Credential/ConfigMap a/c',
    },
    {
      edge: 'CONFIGMAP_CREDENTIALS',
      objects: [account('a/x'), configMap('a/c', { DB_PASSWORD: 'kX9vQ2mLp4' }), ...allow('a', 'patch configmaps:c')],
      from: 'ServiceAccount/a/x',
      to: 'Credential/ConfigMap a/c',
    },
    {
      edge: 'CONFIGMAP_CREDENTIALS',
      objects: [account('a/x'), configMap('a/c', { LOG_LEVEL: 'info' }), ...allow('a', 'get configmaps')],
      from: 'ServiceAccount/a/x',
      to: 'Credential/ConfigMap a/c',
      because: 'a log level is no credential',
    },
    {
      edge: 'CONFIGMAP_CODE_INJECT',
      objects: [account('a/x'), pod('a/p', SCRIPT, MOUNTED), ...allow('a', 'patch configmaps')],
      from: 'ServiceAccount/a/x',
      to: 'Container/a/p/c',
    },
    {
      edge: 'CONFIGMAP_CODE_INJECT',
      objects: [
        account('a/x'),
        pod('a/p', { volumes: [{ name: 's', configMap: { name: 'scripts' } }] }, MOUNTED),
        ...allow('a', 'patch configmaps'),
      ],
      from: 'ServiceAccount/a/x',
      to: 'Container/a/p/c',
      because: 'the files are not made to be run',
    },
    {
      edge: 'IMAGE_TAG_OVERWRITE',
      objects: [pod('a/p', {}, { image: 'registry.example.org/app:latest' })],
      from: 'RegistryWriter/registry.example.org/app',
      to: 'Container/a/p/c',
    },
    {
      edge: 'IMAGE_TAG_OVERWRITE',
      objects: [pod('a/p', {}, { image: `registry.example.org/app@sha256:${'0'.repeat(64)}` })],
      from: 'RegistryWriter/registry.example.org/app',
      to: 'Container/a/p/c',
      because: 'the digest names one image',
    },
  ],
});

/** The credential that lies in a ConfigMap, which whoever may read it holds. */
export function heldByReaders(scene: Scene, object: ApiObject<'ConfigMap'>, path: string): number {
  const { namespace, name } = object;
  return scene.hub(`Credential/ConfigMap ${namespace}/${name}`, (credential) => {
    const readers = [READ, TOUCH].flatMap((asked) => [scene.rights.in(asked, namespace), scene.rights.in(asked, namespace, name)]);
    for (const vertex of [...readers, scene.rights.in(COLLECT, namespace)])
      if (vertex !== undefined) scene.step({ edge: 'CONFIGMAP_CREDENTIALS', where: { object, path } }, vertex, credential);
  });
}

/** Mounted so that it can be run, or named in the command. What a program makes of its settings nobody knows from outside. */
function drawScripts(scene: Scene): void {
  for (const { vertex, container } of scene.units) {
    const { workload, spec } = container;
    for (const [index, { name = '', configMap: source }] of (workload.pod.volumes ?? []).entries()) {
      const mount = spec.volumeMounts?.find((each) => each.name === name);
      if (source?.name === undefined || mount === undefined) continue;
      const words = [...(spec.command ?? []), ...(spec.args ?? [])];
      const runs =
        ((source.defaultMode ?? 0) & 0o111) !== 0 ||
        words.some((word) => mount.mountPath !== undefined && word.startsWith(`${mount.mountPath}/`) && /\.(?:sh|py|js|rb|pl)$/.test(word));
      if (!runs || scene.tables.ConfigMap.get(workload.namespace, source.name)?.body.immutable === true) continue;
      for (const asked of [scene.rights.in(WRITE, workload.namespace), scene.rights.in(WRITE, workload.namespace, source.name)]) {
        if (asked !== undefined)
          scene.step(
            {
              edge: 'CONFIGMAP_CODE_INJECT',
              where: {
                object: workload.object,
                path: `${workload.podPath}.volumes[${index}].configMap`,
              },
            },
            asked,
            vertex,
          );
      }
    }
  }
}

function drawTags(scene: Scene): void {
  for (const { vertex, container } of scene.units) {
    const image = container.spec.image ?? '';
    if (image === '' || image.includes('@') || imagePullPolicy(container.spec) !== 'Always') continue;
    const repository = image.slice(0, image.lastIndexOf(':') > image.lastIndexOf('/') ? image.lastIndexOf(':') : image.length);
    scene.step(
      {
        edge: 'IMAGE_TAG_OVERWRITE',
        where: {
          object: container.workload.object,
          path: `${container.path}.image`,
        },
      },
      scene.builder.vertex(`RegistryWriter/${repository}`),
      vertex,
    );
  }
}
