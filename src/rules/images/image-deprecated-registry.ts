import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { defineRule } from '../rule.ts';
import { imageOf } from './image-of.ts';

const CURRENT = 'registry.k8s.io';

/** The registry that the project froze in 2023, and the bucket behind it under its regional names. */
const HOST = 'k8s.gcr.io';
const MIRRORS: ReadonlySet<string> = new Set(['us.gcr.io', 'eu.gcr.io', 'asia.gcr.io']);
const MIRROR_FOLDER = 'k8s-artifacts-prod/';

export const rule = defineRule({
  id: 'image-deprecated-registry',
  title: 'Image from the frozen registry k8s.gcr.io',
  severity: 'low',
  area: 'images',
  rationale:
    'The registry k8s.gcr.io gets no new images, so security releases never arrive there, and what it still serves may end at any time: then pods that move to a new node do not start.',
  remedy:
    'Replace the host by registry.k8s.io; names and tags are the same. Firewalls and mirrors that allow the old host by name must allow the new one and the hosts that it redirects to.',
  controls: [],
  aliases: { kubescape: ['C-0253'], 'kyverno-policies': ['restrict-deprecated-registry'] },
  scope: 'container',
  check(container) {
    const reference = imageOf(container);
    if (reference === undefined) return undefined;
    const { domain, path } = reference;
    const { image = '' } = container.spec;
    const frozen =
      domain === HOST ? `${HOST}/` : MIRRORS.has(domain) && path.startsWith(MIRROR_FOLDER) ? `${domain}/${MIRROR_FOLDER}` : undefined;
    if (frozen === undefined) return undefined;
    return {
      message: `image ${image} of container "${container.name}" comes from a registry that gets no updates`,
      path: 'image',
      fix: [{ set: 'image', value: `${CURRENT}/${image.slice(frozen.length)}` }],
    };
  },
  examples: () => ({
    good: [
      image('registry.k8s.io/pause:3.10'),
      image('registry.example.com/k8s.gcr.io/pause:3.10'),
      image('k8s.gcr.io.example.com/pause:3.10'),
      image('gcr.io/shop/web:1'),
    ],
    bad: [
      { yaml: image('k8s.gcr.io/pause:3.6'), path: `${CONTAINER}.image` },
      { yaml: image('eu.gcr.io/k8s-artifacts-prod/ingress-nginx/controller:v1.1.0'), path: `${CONTAINER}.image` },
      { yaml: withPod('initContainers: [{name: setup, image: "k8s.gcr.io/busybox"}]'), path: `${POD}.initContainers[0].image` },
    ],
  }),
});

function image(reference: string): string {
  return withContainer('').replace(/image: .*/, () => `image: '${reference}'`);
}
