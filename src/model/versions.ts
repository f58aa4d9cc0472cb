/** Kubernetes versions as the judgements need them: the minor release. */

/**
 * Newest release that this build knows in full; assumed where the input does not say. Tables may hold what is decided
 * for a later one (the safe sysctls of 1.37): it counts only where the input or the question names that release.
 */
export const NEWEST_KNOWN = '1.36';

/** The minor of `1.34`, `v1.34.1` or `1.34.1+k3s1`; undefined when the text is no version of Kubernetes 1. */
export function minorOf(version: string | undefined): number | undefined {
  const match = /^v?1\.(\d{1,3})(?:[.+-].*)?$/.exec(version ?? '');
  return match === null ? undefined : Number(match[1]);
}
