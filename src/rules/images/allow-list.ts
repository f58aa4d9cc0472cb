/** Lists of registries and repositories that people write into options. */
import type { ImageReference } from '../../engines/image-ref/index.ts';

/**
 * Whether an entry names the image: `ghcr.io` its registry, `ghcr.io/shop` a folder or repository of it, and
 * `*.example.com` every registry below a domain. Entries end at a boundary: `ghcr.io/shop` is not `ghcr.io/shopping`.
 */
export function entryMatches(entry: string, { domain, path }: ImageReference): boolean {
  const trimmed = entry.endsWith('/') ? entry.slice(0, -1) : entry;
  const slash = trimmed.indexOf('/');
  const host = slash < 0 ? trimmed : trimmed.slice(0, slash);
  const folder = slash < 0 ? '' : trimmed.slice(slash + 1);
  return hostMatches(host, domain) && folderMatches(folder, path);
}

function hostMatches(host: string, domain: string): boolean {
  return host.startsWith('*.') ? domain.endsWith(host.slice(1)) : host === domain;
}

function folderMatches(folder: string, path: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}
