import type { Tables, Workload } from '../../model/index.ts';
import { POD, documents, withContainer, withPod } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';

const DOCKER_TYPES: ReadonlySet<string> = new Set(['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg']);

/** `required`: every workload must name a pull secret, by itself or by its service account. */
interface Options {
  required: boolean;
}
const OPTIONS: Options = { required: false };

export const rule = defineRule({
  id: 'image-pull-secret',
  title: 'Image pull secret missing or unusable',
  severity: 'low',
  area: 'images',
  rationale:
    'The kubelet passes over a pull secret that does not exist or is of another type, and pulls without credentials: the pod fails on the first node that does not have the image yet, or runs one that it got without the right to.',
  remedy:
    'Create a Secret of type kubernetes.io/dockerconfigjson in the namespace of the pod (kubectl create secret docker-registry), or correct the name in imagePullSecrets.',
  controls: [],
  aliases: { popeye: ['305'], 'kyverno-policies': ['require-imagepullsecrets'] },
  options: OPTIONS,
  scope: 'workload',
  reads: ['Secret', 'ServiceAccount', 'completeness'],
  applies: (workload, { ServiceAccount }, { required }) => required || pullSecrets(workload, ServiceAccount).length > 0,
  check(workload, tables) {
    const named = pullSecrets(workload, tables.ServiceAccount);
    if (named.length === 0)
      return {
        message: 'neither the pod nor its service account names an image pull secret',
        path: `${workload.podPath}.imagePullSecrets`,
      };
    return named.flatMap((reference) => hitOf(workload, reference, tables) ?? []);
  },
  examples: () => ({
    good: [
      withPod(''),
      documents(withPod('imagePullSecrets: [{name: registry}]'), secret('shop', 'kubernetes.io/dockerconfigjson')),
      documents(withPod('serviceAccountName: web'), account('registry'), secret('shop', 'kubernetes.io/dockercfg')),
    ],
    bad: [
      {
        yaml: documents(withPod('imagePullSecrets: [{name: registry}]'), secret('shop', 'Opaque')),
        path: `${POD}.imagePullSecrets[0].name`,
      },
      {
        yaml: documents(withContainer('', 'serviceAccountName: web'), account('registry'), secret('shop', 'Opaque')),
        path: `${POD}.serviceAccountName`,
      },
      {
        yaml: documents(withPod('imagePullSecrets: [{name: registry}]'), secret('other', 'kubernetes.io/dockerconfigjson')),
        path: `${POD}.imagePullSecrets[0].name`,
        status: 'unknown',
      },
    ],
  }),
});

interface Reference {
  name: string;
  path: string;
}

/** Those of the pod, or else those of its service account, which admission copies in only then. */
function pullSecrets({ pod, podPath, namespace, serviceAccount }: Workload, accounts: Tables['ServiceAccount']): readonly Reference[] {
  const own = pod.imagePullSecrets ?? [];
  if (own.length > 0) return own.map(({ name = '' }, index) => ({ name, path: `${podPath}.imagePullSecrets[${index}].name` }));
  const inherited = accounts.get(namespace, serviceAccount)?.body.imagePullSecrets;
  if (inherited === undefined) return [];
  return inherited.map(({ name = '' }) => ({ name, path: `${podPath}.serviceAccountName` }));
}

function hitOf(
  { namespace }: Workload,
  { name, path }: Reference,
  { Secret, completeness }: Pick<Tables, 'Secret' | 'completeness'>,
): Hit | undefined {
  const key = name;
  const secret = Secret.get(namespace, name);
  if (secret === undefined) {
    if (completeness.complete)
      return { message: `image pull secret "${name}" does not exist in namespace "${namespace}"`, path, value: name, key };
    return {
      message: `image pull secret "${name}" of namespace "${namespace}" is not in the input`,
      path,
      value: name,
      key,
      status: 'unknown',
    };
  }
  const { type = 'Opaque' } = secret.body;
  if (DOCKER_TYPES.has(type)) return undefined;
  return {
    message: `image pull secret "${name}" is of type ${type}, which the kubelet passes over`,
    path,
    value: name,
    key,
    also: [{ object: secret, path: 'type' }],
  };
}

function secret(namespace: string, type: string): string {
  return `apiVersion: v1\nkind: Secret\nmetadata: {name: registry, namespace: ${namespace}}\ntype: ${type}`;
}

function account(pullSecret: string): string {
  return `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop}\nimagePullSecrets: [{name: ${pullSecret}}]`;
}
