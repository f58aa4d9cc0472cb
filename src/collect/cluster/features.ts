/** The feature gates of the API server, which it tells in its metrics to those who may read them. */
import type { FeatureGates } from '../../snapshot/index.ts';
import type { Client } from './client.ts';
import { RequestError } from './request-error.ts';

const GATE = /^kubernetes_feature_enabled\{name="([\w.-]+)",stage="(\w*)"\} ([01])$/;

/** Undefined where the metrics may not be read, or a release older than 1.26 does not tell. */
export async function readFeatures(client: Client): Promise<FeatureGates | undefined> {
  const gates: FeatureGates = {};
  let rest = '';
  try {
    await client.stream('/metrics', 'text/plain', (bytes) => {
      // The metrics of a large cluster are many megabytes: only these lines are looked at.
      const lines = (rest + bytes.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [, name, stage = '', enabled] = GATE.exec(line) ?? [];
        if (name !== undefined) gates[name] = { stage: stage === '' ? 'GA' : stage, enabled: enabled === '1' };
      }
    });
  } catch (error) {
    // Nothing depends on it wholly; whoever may not read it sees the rest.
    if (error instanceof RequestError) return undefined;
    throw error;
  }
  return Object.keys(gates).length === 0 ? undefined : gates;
}
