/** Kubernetes versions as the judgements need them: the minor release. */

/** Newest release whose semantics this build knows; assumed where the input does not say. */
export const NEWEST_KNOWN = '1.36';

/** The minor of `1.34`, `v1.34.1` or `1.34.1+k3s1`; undefined when the text is no version of Kubernetes 1. */
export function minorOf(version: string | undefined): number | undefined {
  const match = /^v?1\.(\d{1,3})(?:[.+-].*)?$/.exec(version ?? '');
  return match === null ? undefined : Number(match[1]);
}
