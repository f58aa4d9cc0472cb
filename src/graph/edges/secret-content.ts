/** Secrets whose content is an identity. */
import { account, secret } from '../example-objects.ts';
import { defineFamily } from '../family.ts';

const TOKEN = 'kubernetes.io/service-account-token';
const BOOTSTRAP = 'bootstrap.kubernetes.io/token';
const NAME = 'kubernetes.io/service-account.name';

export const family = defineFamily({
  edges: {
    SECRET_IS_SA_TOKEN: {
      says: 'use the token in it, which never expires',
      mitigation: 'Delete the token Secret; pods get tokens that expire by themselves, and kubectl create token makes one by hand.',
    },
    SECRET_IS_BOOTSTRAP_TOKEN: {
      says: 'use the bootstrap token in it to join as a node',
      mitigation: 'Delete bootstrap tokens when no node joins, or let them expire.',
    },
  },
  draw(scene) {
    for (const object of scene.tables.Secret.all) {
      const { namespace, name, annotations, body } = object;
      const from = scene.secret(namespace, name);
      const holder = annotations[NAME];
      // The controller clears tokens of accounts that do not exist.
      if (body.type === TOKEN && holder !== undefined && scene.accountsIn(namespace).has(holder)) {
        scene.step(
          { edge: 'SECRET_IS_SA_TOKEN', where: { object, path: `metadata.annotations["${NAME}"]` } },
          from,
          scene.account(namespace, holder),
        );
      }
      if (body.type === BOOTSTRAP && namespace === 'kube-system') {
        scene.step({ edge: 'SECRET_IS_BOOTSTRAP_TOKEN', where: { object, path: 'type' } }, from, scene.group('system:bootstrappers'));
        scene.link(scene.group('system:bootstrappers'), scene.group('system:bootstrappers:kubeadm:default-node-token'));
      }
    }
  },
  examples: () => [
    {
      edge: 'SECRET_IS_SA_TOKEN',
      objects: [account('a/s'), secret('a/t', { type: TOKEN, metadata: { namespace: 'a', name: 't', annotations: { [NAME]: 's' } } })],
      from: 'Secret/a/t',
      to: 'ServiceAccount/a/s',
    },
    {
      edge: 'SECRET_IS_SA_TOKEN',
      objects: [account('a/s'), secret('a/t', { metadata: { namespace: 'a', name: 't', annotations: { [NAME]: 's' } } })],
      from: 'Secret/a/t',
      to: 'ServiceAccount/a/s',
      because: 'only Secrets of the type for tokens are filled',
    },
    {
      edge: 'SECRET_IS_SA_TOKEN',
      objects: [account('a/other'), secret('a/t', { type: TOKEN, metadata: { namespace: 'a', name: 't', annotations: { [NAME]: 's' } } })],
      from: 'Secret/a/t',
      to: 'ServiceAccount/a/s',
      because: 'there is no such account',
    },
    {
      edge: 'SECRET_IS_BOOTSTRAP_TOKEN',
      objects: [secret('kube-system/bootstrap-token-abcdef', { type: BOOTSTRAP })],
      from: 'Secret/kube-system/bootstrap-token-abcdef',
      to: 'Group/system:bootstrappers',
    },
    {
      edge: 'SECRET_IS_BOOTSTRAP_TOKEN',
      objects: [secret('a/bootstrap-token-abcdef', { type: BOOTSTRAP })],
      from: 'Secret/a/bootstrap-token-abcdef',
      to: 'Group/system:bootstrappers',
      because: 'bootstrap tokens count in kube-system only',
    },
  ],
});
