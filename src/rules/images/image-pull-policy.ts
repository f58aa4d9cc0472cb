import { imagePullPolicy } from '../../model/index.ts';
import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { defineRule } from '../rule.ts';
import { FLOATING_TAGS, floatingTagOf, imageOf } from './image-of.ts';

export const rule = defineRule({
  id: 'image-pull-policy',
  title: 'Image tag not checked before each start',
  severity: 'low',
  area: 'images',
  rationale:
    'Without Always a node starts whatever it has under the tag: another build than its neighbours, an image without the security fix that was pushed since, or one that a tenant left there and that this pod could not pull itself.',
  remedy:
    'Set imagePullPolicy: Always; layers that are there are not loaded again, but the registry must be reachable when a pod starts. An image that is named by digest needs nothing.',
  controls: [],
  aliases: {
    kubescape: ['C-0075'],
    checkov: ['CKV_K8S_15'],
    'kube-score': ['container-image-pull-policy'],
    'kyverno-policies': ['always-pull-images', 'imagepullpolicy-always'],
  },
  scope: 'container',
  check(container) {
    const policy = imagePullPolicy(container.spec);
    if (policy === 'Always') return undefined;
    const reference = imageOf(container);
    // What a digest names cannot be another image.
    if (reference === undefined || reference.digest !== undefined) return undefined;
    const path = 'imagePullPolicy';
    const who = `container "${container.name}"`;
    const what = container.spec.imagePullPolicy ? `pull policy ${policy}` : `the default pull policy ${policy}`;
    const tag = floatingTagOf(reference, FLOATING_TAGS);
    if (tag !== undefined)
      return {
        message: `${who} has ${what}, so each node keeps its own ${tag} of ${container.spec.image ?? ''}`,
        path,
        severity: 'medium',
      };
    const hit = { message: `${who} has ${what}, so the registry is not asked for ${container.spec.image ?? ''} again`, path };
    // Never is for images that are put on the node by hand; a pull may have nowhere to go.
    return policy === 'Never' ? hit : { ...hit, fix: [{ set: path, value: 'Always' }] };
  },
  examples: () => ({
    good: [
      withContainer('imagePullPolicy: Always'),
      image('nginx', ''),
      image('nginx:latest', ''),
      image(`nginx:1.27@sha256:${'ab'.repeat(32)}`, 'imagePullPolicy: IfNotPresent'),
      image(`nginx@sha256:${'ab'.repeat(32)}`, ''),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.imagePullPolicy`, severity: 'low' },
      { yaml: withContainer('imagePullPolicy: Never'), path: `${CONTAINER}.imagePullPolicy`, severity: 'low' },
      { yaml: image('nginx:latest', 'imagePullPolicy: IfNotPresent'), path: `${CONTAINER}.imagePullPolicy`, severity: 'medium' },
      { yaml: withPod('initContainers: [{name: setup, image: "busybox:1.37"}]'), path: `${POD}.initContainers[0].imagePullPolicy` },
    ],
  }),
});

function image(reference: string, container: string): string {
  return withContainer(container).replace(/image: .*/, () => `image: '${reference}'`);
}
