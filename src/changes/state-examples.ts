/** States for tests, from plain objects as a cluster would give them. */
import type { Snapshot } from '../snapshot/index.ts';
import { State, type StateContext } from './state.ts';

export function toState(
  objects: readonly Record<string, unknown>[],
  kind: Snapshot['header']['kind'] = 'snapshot',
  context: StateContext = {},
): State {
  return new State(
    {
      header: { kind, complete: kind !== 'manifests', kubernetesVersion: '1.36' },
      objects: objects.map((object) => ({ object, origin: { source: 'test', line: 1, format: 'json' as const, prefix: [] } })),
      counts: { files: 1, documents: objects.length, judged: objects.length, skipped: 0, unjudged: 0 } as never,
      gaps: [],
    },
    context,
  );
}
