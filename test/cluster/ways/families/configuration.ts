/** ConfigMaps that hold credentials or code. */
import type { PlainObject } from '../../../../src/graph/family.ts';
import { allowTo, configMap } from '../../../../src/graph/example-objects.ts';
import type { Attack } from '../attack.ts';
import { boxPod } from '../objects.ts';
import { type TriedFamily, way } from '../way.ts';

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'CONFIGMAP_CREDENTIALS',
      to: ({ ns }) => `Credential/ConfigMap ${ns}/settings`,
      world: ({ ns, x }) => [settings(ns), ...allowTo(x, ns, 'get configmaps')],
      take: readSettings,
      nearest: {
        because: 'the grant is for another name',
        world: ({ ns, x }) => [settings(ns), ...allowTo(x, ns, 'get configmaps:other')],
        refusal: /403/,
      },
    }),
    way({
      edge: 'CONFIGMAP_CODE_INJECT',
      nodes: true,
      to: ({ ns }) => `Container/${ns}/p/c`,
      world: ({ ns, x }) => [...scripted(ns), ...allowTo(x, ns, 'patch configmaps:scripts')],
      take: inject,
      nearest: {
        because: 'the ConfigMap cannot be changed',
        world: ({ ns, x }) => [...scripted(ns, { immutable: true }), ...allowTo(x, ns, 'patch configmaps:scripts')],
        refusal: /422.*immutable/s,
      },
    }),
  ],
  untried: { IMAGE_TAG_OVERWRITE: 'the nodes pull from no registry' },
};

const PASSWORD = 'kX9vQ2mLp4';

function settings(ns: string): PlainObject {
  return configMap(`${ns}/settings`, { DB_PASSWORD: PASSWORD });
}

async function readSettings(attack: Attack): Promise<void> {
  attack.finds(await attack.get(`/api/v1/namespaces/${attack.ns}/configmaps/settings`), PASSWORD);
}

/** A pod that runs a script of a ConfigMap every second. */
function scripted(ns: string, more: PlainObject = {}): PlainObject[] {
  const volumes = [{ name: 's', configMap: { name: 'scripts', defaultMode: 0o755 } }];
  const command = ['sh', '-c', 'while :; do sh /scripts/work.sh; sleep 1; done'];
  return [
    { ...configMap(`${ns}/scripts`, { 'work.sh': 'true' }), ...more },
    boxPod(`${ns}/p`, { volumes }, { command, volumeMounts: [{ name: 's', mountPath: '/scripts' }] }),
  ];
}

/** The kubelet brings changes when it next looks at the pod, which an annotation hastens. */
async function inject(attack: Attack): Promise<void> {
  const script = `echo ${attack.ns} is mine`;
  await attack.patch(`/api/v1/namespaces/${attack.ns}/configmaps/scripts`, { data: { 'work.sh': script } });
  let count = 0;
  await attack.eventually(async () => {
    count += 1;
    await attack.asAdministrator('PATCH', `/api/v1/namespaces/${attack.ns}/pods/p`, { metadata: { annotations: { look: String(count) } } });
    attack.finds(await attack.asAdministrator('GET', `/api/v1/namespaces/${attack.ns}/pods/p/log`), `${attack.ns} is mine`);
  });
}
