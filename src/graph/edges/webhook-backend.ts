/** Taking over what answers a webhook that exists already. */
import { type ApiObject, type Labels, mapMatches } from '../../model/index.ts';
import { looksAtPods } from '../admission.ts';
import { namespace, pod, service } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import type { Scene } from '../scene.ts';
import { podMaker } from './run-pods.ts';

type Webhook = NonNullable<ApiObject<'MutatingWebhookConfiguration'>['body']['webhooks']>[number];

export const family = defineFamily({
  edges: {
    WEBHOOK_BACKEND_TAKEOVER: {
      says: 'answer for the webhook that changes pods as they are created',
      mitigation: 'Treat namespaces of webhooks as part of the control plane, and let webhooks select no system namespace.',
    },
  },
  draw(scene) {
    for (const object of scene.tables.MutatingWebhookConfiguration.all) {
      for (const [index, webhook] of (object.body.webhooks ?? []).entries())
        drawWebhook(scene, webhook, { object, path: `webhooks[${index}].clientConfig.service` });
    }
  },
  examples: () => [
    { edge: 'WEBHOOK_BACKEND_TAKEOVER', objects: injector('pods'), from: 'Container/w/hook/c', to: 'ClusterAdmin' },
    {
      edge: 'WEBHOOK_BACKEND_TAKEOVER',
      objects: injector('certificates'),
      from: 'Container/w/hook/c',
      to: 'ClusterAdmin',
      because: 'the webhook is asked for custom resources only',
    },
    {
      edge: 'WEBHOOK_BACKEND_TAKEOVER',
      objects: injector('pods', 'other'),
      from: 'Container/w/hook/c',
      to: 'ClusterAdmin',
      because: 'the Service leads to other pods',
    },
  ],
});

/** Who changes every pod of a namespace runs as any of its accounts; of kube-system too, and the cluster is his. */
function drawWebhook(scene: Scene, webhook: Webhook, where: { object: ApiObject; path: string }): void {
  const { namespace: at = '', name = '' } = webhook.clientConfig?.service ?? {};
  const selector = scene.tables.Service.get(at, name)?.body.spec?.selector;
  if (selector === undefined || Object.keys(selector).length === 0) return;
  const changed = scene.namespaces.filter((each) => looksAtPods(webhook, scene.tables.namespaces.get(each)?.labels ?? {}));
  const system = looksAtPods(webhook, SYSTEM);
  if (changed.length === 0 && !system) return;
  const answers = scene.hub(`answer for webhook ${webhook.name ?? ''} of ${where.object.name}`, (hub) => {
    if (system) scene.link(hub, scene.builder.vertex('ClusterAdmin'));
    for (const each of changed) scene.link(hub, scene.allAccounts(each));
  });
  for (const { vertex, container } of scene.unitsIn(at)) {
    if (container.type !== 'init' && mapMatches(selector, container.workload.labels))
      scene.step({ edge: 'WEBHOOK_BACKEND_TAKEOVER', where }, vertex, answers);
  }
  // A new pod with the labels of the backend mounts its serving key as any other Secret.
  scene.step({ edge: 'WEBHOOK_BACKEND_TAKEOVER', where }, podMaker(scene, at), answers);
}

const SYSTEM: Labels = { 'kubernetes.io/metadata.name': 'kube-system' };

function injector(resource: string, app = 'hook'): Readonly<Record<string, unknown>>[] {
  return [
    namespace('w'),
    pod('w/hook'),
    service('w/hook', { selector: { app }, ports: [{ port: 443 }] }),
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'inject' },
      webhooks: [
        {
          name: 'inject.example.org',
          clientConfig: { service: { namespace: 'w', name: 'hook' } },
          rules: [{ operations: ['CREATE'], apiGroups: ['*'], apiVersions: ['*'], resources: [resource] }],
        },
      ],
    },
  ];
}
