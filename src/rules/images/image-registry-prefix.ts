import { type ApiObject, isRecord } from '../../model/index.ts';
import { type Hit, cis, defineRule, nsa } from '../rule.ts';

/** Everybody may publish there, so the registry alone says nothing. */
const PUBLIC: ReadonlySet<string> = new Set(['docker.io/', 'index.docker.io/']);

export const rule = defineRule({
  id: 'image-registry-prefix',
  title: 'Allowed registry that is an open prefix',
  severity: 'medium',
  area: 'images',
  rationale:
    'Such policies compare the beginning of the image name: "ghcr.io/shop" also allows ghcr.io/shop-of-somebody-else, and "registry.example" also allows registry.example.evil.net, which anybody can register.',
  remedy:
    'End the entry at a boundary: a slash behind the registry or owner (ghcr.io/shop/), or a colon behind a repository. For Docker Hub name the owner as well.',
  controls: [...cis('5.5.1'), ...nsa('image-scanning')],
  aliases: { trivy: ['KSV-0124'] },
  scope: 'object',
  kinds: ['K8sAllowedRepos', 'K8sAllowedReposv2', 'ClusterPolicy'],
  check(object) {
    switch (object.known) {
      case 'K8sAllowedRepos':
        return hitsOf((object as ApiObject<'K8sAllowedRepos'>).body.spec?.parameters?.repos, 'spec.parameters.repos', (entry) => entry);
      case 'K8sAllowedReposv2':
        return hitsOf(
          (object as ApiObject<'K8sAllowedReposv2'>).body.spec?.parameters?.allowedImages,
          'spec.parameters.allowedImages',
          prefixOfGlob,
        );
      default:
        return hitsOfKyverno(object as ApiObject<'ClusterPolicy'>);
    }
  },
  examples: () => ({
    good: [
      gatekeeper('K8sAllowedRepos', 'repos: [ghcr.io/shop/, quay.io/shop/web, "nginx:", docker.io/library/]'),
      gatekeeper('K8sAllowedReposv2', 'allowedImages: [ghcr.io/shop/*, "nginx:1.*", ghcr.io]'),
      kyverno('"registry.example.com/* | ghcr.io/shop/*"'),
      kyverno('"!*:latest"'),
    ],
    bad: [
      { yaml: gatekeeper('K8sAllowedRepos', 'repos: [ghcr.io/shop/, ghcr.io]'), path: 'spec.parameters.repos[1]' },
      { yaml: gatekeeper('K8sAllowedRepos', 'repos: [ghcr.io/shop]'), path: 'spec.parameters.repos[0]' },
      { yaml: gatekeeper('K8sAllowedRepos', 'repos: [docker.io/]'), path: 'spec.parameters.repos[0]' },
      { yaml: gatekeeper('K8sAllowedRepos', 'repos: [openpolicyagent]'), path: 'spec.parameters.repos[0]' },
      { yaml: gatekeeper('K8sAllowedReposv2', 'allowedImages: ["ghcr.io/shop*"]'), path: 'spec.parameters.allowedImages[0]' },
      { yaml: kyverno('"registry.example.com*"'), path: 'spec.rules[0].validate' },
    ],
  }),
});

function hitsOf(entries: readonly string[] | undefined, path: string, prefixOf: (entry: string) => string | undefined): Hit[] {
  const hits: Hit[] = [];
  for (const [index, entry] of (entries ?? []).entries()) {
    const prefix = prefixOf(entry);
    if (prefix !== undefined && isOpen(prefix)) hits.push({ message: messageOf(entry, prefix), path: `${path}[${index}]`, key: entry });
  }
  return hits;
}

function hitsOfKyverno(policy: ApiObject<'ClusterPolicy'>): Hit[] {
  const hits: Hit[] = [];
  for (const [index, { validate }] of (policy.body.spec?.rules ?? []).entries()) {
    for (const pattern of imagePatterns([validate?.pattern, validate?.anyPattern])) {
      const prefix = prefixOfGlob(pattern);
      if (prefix !== undefined && isOpen(prefix))
        hits.push({ message: messageOf(pattern, prefix), path: `spec.rules[${index}].validate`, value: pattern, key: pattern });
    }
  }
  return hits;
}

/** The texts for `image` in a pattern, whatever anchors stand around the key; alternatives are split. */
function imagePatterns(root: unknown): string[] {
  const found: string[] = [];
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value)) for (const child of value as unknown[]) open.push(child);
    else if (isRecord(value)) {
      for (const [key, child] of Object.entries(value)) {
        if (typeof child !== 'string') open.push(child);
        else if (/^(?:[=+<X]?\()?image\)?$/.test(key)) found.push(...child.split('|').map((part) => part.trim()));
      }
    }
  }
  return found;
}

/** What stands before a closing `*`; undefined where the pattern is an exact name or is about something else. */
function prefixOfGlob(pattern: string): string | undefined {
  if (!pattern.endsWith('*') || /^[!*?]/.test(pattern)) return undefined;
  let end = pattern.length;
  while (pattern.charCodeAt(end - 1) === 42 /* * */) end -= 1;
  return pattern.slice(0, end);
}

/** Whether the prefix ends inside the name of a registry or of an owner, so that a stranger's name may begin with it. */
function isOpen(prefix: string): boolean {
  if (prefix === '' || PUBLIC.has(prefix)) return true;
  if (prefix.endsWith('/') || prefix.includes(':') || prefix.includes('@')) return false;
  const parts = prefix.split('/');
  const hasHost = parts[0]?.includes('.') === true || parts[0] === 'localhost';
  return parts.length <= (hasHost ? 2 : 1);
}

function messageOf(entry: string, prefix: string): string {
  if (PUBLIC.has(prefix)) return `"${entry}" allows every image of Docker Hub`;
  return prefix === ''
    ? 'an empty entry allows every image'
    : `"${entry}" allows every image whose name begins with ${prefix}, also of other owners`;
}

function gatekeeper(kind: string, parameters: string): string {
  return `apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: ${kind}\nmetadata: {name: repos}\nspec: {match: {kinds: [{apiGroups: [""], kinds: [Pod]}]}, parameters: {${parameters}}}`;
}

function kyverno(image: string): string {
  return `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: registries}\nspec: {rules: [{name: registries, validate: {message: registry, pattern: {spec: {"=(initContainers)": [{image: ${image}}], containers: [{image: "registry.example.com/*"}]}}}}]}`;
}
