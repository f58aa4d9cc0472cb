import { CONTAINER, POD, withContainer, withPod } from '../examples.ts';
import { cis, defineRule, mitre, nsa } from '../rule.ts';
import { entryMatches } from './allow-list.ts';
import { imageOf } from './image-of.ts';

/**
 * Entries are a registry (`ghcr.io`), a part of one (`ghcr.io/shop`) or all below a domain (`*.example.com`).
 * Which registries one trusts nobody else can know: without entries the rule says nothing.
 */
interface Options {
  allowed: readonly string[];
  denied: readonly string[];
}
const OPTIONS: Options = { allowed: [], denied: [] };

export const rule = defineRule({
  id: 'image-registry',
  title: 'Image from a registry that is not allowed',
  severity: 'medium',
  area: 'images',
  rationale:
    'Images from anywhere run code that nobody here built, scanned or signed, and a registry that somebody else controls can change them at any time.',
  remedy:
    'Copy the image into an allowed registry and name it there, or add its registry to the option after looking at who publishes it. Admission should enforce the same list.',
  controls: [...cis('5.5.1'), ...nsa('image-scanning'), ...mitre('T1525')],
  aliases: {
    kubescape: ['C-0078', 'C-0001'],
    trivy: ['KSV-0125', 'KSV-0032', 'KSV-0033', 'KSV-0034', 'KSV-0035'],
    popeye: ['113'],
    'kyverno-policies': ['restrict-image-registries', 'advanced-restrict-image-registries', 'allowed-image-repos'],
    'gatekeeper-library': ['allowedrepos', 'allowedreposv2', 'disallowedrepos'],
  },
  needs: ['options'],
  effort: 'medium',
  options: OPTIONS,
  scope: 'container',
  applies: (_container, _tables, { allowed, denied }) => allowed.length > 0 || denied.length > 0,
  check(container, _tables, { allowed, denied }) {
    const reference = imageOf(container);
    if (reference === undefined) return undefined;
    const image = `image ${container.spec.image ?? ''} of container "${container.name}"`;
    const refused = denied.find((entry) => entryMatches(entry, reference));
    if (refused !== undefined) return { message: `${image} comes from ${refused}, which is denied`, path: 'image' };
    if (allowed.length === 0 || allowed.some((entry) => entryMatches(entry, reference))) return undefined;
    return { message: `${image} comes from ${reference.domain}/${reference.path}, which no allowed registry holds`, path: 'image' };
  },
  examples: () => ({
    good: [withContainer(''), image('ghcr.io/shop/web:1'), image('eu.pkg.example.net/web:1')],
    bad: [
      { yaml: image('nginx:1.27'), path: `${CONTAINER}.image` },
      { yaml: image('ghcr.io/shopping/web:1'), path: `${CONTAINER}.image` },
      { yaml: image('registry.example.com.evil.example/web:1'), path: `${CONTAINER}.image` },
      { yaml: image('registry.example.com/attic/web:1'), path: `${CONTAINER}.image` },
      { yaml: withPod('initContainers: [{name: setup, image: "quay.io/setup:1"}]'), path: `${POD}.initContainers[0].image` },
    ],
    options: { allowed: ['registry.example.com', 'ghcr.io/shop', '*.pkg.example.net'], denied: ['registry.example.com/attic'] },
  }),
});

function image(reference: string): string {
  return withContainer('').replace(/image: .*/, () => `image: '${reference}'`);
}
