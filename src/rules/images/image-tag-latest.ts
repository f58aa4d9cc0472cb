import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';
import { FLOATING_TAGS, floatingTagOf, imageOf } from './image-of.ts';

/** `floating`: tags that mean another image from day to day. */
interface Options {
  floating: readonly string[];
}
const OPTIONS: Options = { floating: FLOATING_TAGS };

export const rule = defineRule({
  id: 'image-tag-latest',
  title: 'Image without a fixed version',
  severity: 'medium',
  area: 'images',
  rationale:
    'A floating tag is another image each time it is pulled: replicas run different code, nobody can say what ran yesterday, a rollback does not bring it back, and whoever can push to the tag is in the cluster at the next restart.',
  remedy: 'Name the version that was tested, best with its digest (name:1.4.2@sha256:…), and let a bot raise it.',
  controls: nsa('image-scanning'),
  aliases: {
    kubescape: ['C-0075'],
    trivy: ['KSV-0013'],
    checkov: ['CKV_K8S_14'],
    polaris: ['tagNotSpecified'],
    'kube-linter': ['latest-tag'],
    'kube-score': ['container-image-tag'],
    kubeaudit: ['image'],
    popeye: ['100', '101'],
    'kyverno-policies': ['disallow-latest-tag'],
    'gatekeeper-library': ['disallowedtags'],
  },
  covers: ['image-digest', 'image-pull-policy'],
  options: OPTIONS,
  scope: 'container',
  check(container, _tables, { floating }) {
    const { image = '' } = container.spec;
    if (image === '') return undefined;
    const reference = imageOf(container);
    if (reference === undefined) {
      return {
        message: `image "${image}" of container "${container.name}" is no valid image name, so nothing can be said about what would run`,
        path: 'image',
        status: 'unknown',
      };
    }
    const tag = floatingTagOf(reference, floating);
    if (tag === undefined) return undefined;
    if (reference.tag === undefined)
      return { message: `image ${image} of container "${container.name}" has no tag, which means latest`, path: 'image' };
    const message = `tag ${tag} of image ${image} in container "${container.name}" is moved from build to build`;
    return tag.includes('latest') ? { message, path: 'image' } : { message, path: 'image', severity: 'low' };
  },
  examples: () => ({
    good: [
      withContainer(''),
      image('nginx:1.27.3'),
      image('registry.example.com:5000/shop/web:2024-11-05'),
      image(`nginx@sha256:${'ab'.repeat(32)}`),
      image(`nginx:latest@sha256:${'ab'.repeat(32)}`),
      image('registry.example.com/shop/latest:1.0'),
      image('$(IMAGE)'),
    ],
    bad: [
      { yaml: image('nginx'), path: `${CONTAINER}.image`, severity: 'medium' },
      { yaml: image('registry.example.com:5000/shop/web'), path: `${CONTAINER}.image`, severity: 'medium' },
      { yaml: image('nginx:latest'), path: `${CONTAINER}.image` },
      { yaml: image('nginx:latest-alpine'), path: `${CONTAINER}.image` },
      { yaml: image('nginx:stable'), path: `${CONTAINER}.image`, severity: 'low' },
      { yaml: withPod('initContainers: [{name: setup, image: busybox}]'), path: `${POD}.initContainers[0].image` },
      { yaml: image('${REGISTRY}/web:1.0'), path: `${CONTAINER}.image`, status: 'unknown' },
    ],
  }),
});

function image(reference: string): string {
  return withContainer('').replace(/image: .*/, () => `image: '${reference}'`);
}
