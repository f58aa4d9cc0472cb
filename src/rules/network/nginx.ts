/** What rules ask of the controller of the Kubernetes project for nginx. */
import { inRanges, versionOfImage } from '../../engines/versions/index.ts';

export { isIngressNginx } from '../../engines/versions/index.ts';

const OPEN = [
  { introduced: '0', fixed: '1.11.5' },
  { introduced: '1.12.0', fixed: '1.12.1' },
] as const;

/** Whether the tag names a release in which CVE-2025-1974 and its four companions are open; undefined without a version. */
export function hasIngressNightmare(image: string): boolean | undefined {
  const version = versionOfImage(image);
  return version === undefined ? undefined : inRanges(version, OPEN) === 'yes';
}
