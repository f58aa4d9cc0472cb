/** Whether the input stands for a cluster, so that a question about it as a whole makes sense. */
import type { Tables } from '../../model/index.ts';
import { processesNamed } from '../../engines/command-line/index.ts';

/** Everything is known, or the API server itself is in the input: then it is not some application's manifests. */
export function isWholeCluster({ completeness, workloads }: Pick<Tables, 'completeness' | 'workloads'>): boolean {
  return completeness.complete || processesNamed(workloads, 'kube-apiserver').length > 0;
}
