import { CONTAINER, withContainer } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';
import { imageOf } from './image-of.ts';

export const rule = defineRule({
  id: 'image-digest',
  title: 'Image not pinned by digest',
  severity: 'low',
  area: 'images',
  rationale:
    'A tag is a name that the registry can point elsewhere: who breaks into it, or into an account that may push, replaces what runs here without any change in the cluster. A digest is the content itself.',
  remedy:
    'Write the digest behind the tag (name:1.4.2@sha256:…), as printed by docker buildx imagetools inspect or crane digest, and let a bot raise both together.',
  controls: nsa('image-scanning'),
  aliases: {
    kubescape: ['C-0306'],
    checkov: ['CKV_K8S_43'],
    'kyverno-policies': ['require-image-checksum', 'resolve-image-to-digest'],
    'gatekeeper-library': ['imagedigests'],
  },
  // With a digest nothing is left that a pull could change.
  covers: ['image-pull-policy'],
  scope: 'container',
  check(container) {
    const reference = imageOf(container);
    if (reference === undefined || reference.digest !== undefined) return undefined;
    return {
      message: `image ${container.spec.image ?? ''} of container "${container.name}" is named by tag, not by digest`,
      path: 'image',
    };
  },
  examples: () => ({
    good: [
      image(`nginx@sha256:${'ab'.repeat(32)}`),
      image(`registry.example.com:5000/shop/web:1.4.2@sha256:${'0f'.repeat(32)}`),
      image(`web@sha512:${'ab'.repeat(64)}`),
      image('nginx@sha256:123456'),
    ],
    bad: [
      { yaml: withContainer(''), path: `${CONTAINER}.image` },
      { yaml: image('nginx'), path: `${CONTAINER}.image` },
      { yaml: image('registry.example.com:5000/sha256'), path: `${CONTAINER}.image` },
    ],
  }),
});

function image(reference: string): string {
  return withContainer('').replace(/image: .*/, () => `image: '${reference}'`);
}
