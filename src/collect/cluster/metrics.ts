/** What the API server tells in its metrics to those who may read them: its feature gates, and what it was ever asked for. */
import type { FeatureGates, RequestCounters } from '../../snapshot/index.ts';
import type { Client } from './client.ts';
import { RequestError } from './request-error.ts';

export interface Metrics {
  /** Undefined where a release older than 1.26 does not tell. */
  readonly features: FeatureGates | undefined;
  /** Of the one server that answered. */
  readonly counters: RequestCounters | undefined;
}

const GATE = /^kubernetes_feature_enabled\{name="([\w.-]+)",stage="(\w*)"\} ([01])$/;
const START = /^process_start_time_seconds ([\d.e+]+)$/;
const COUNT = /^apiserver_request_total\{(.*)\} ([\d.e+]+)$/;
const LABEL = /(\w+)="([^"\\]*)"/g;
/** Refused before it was looked at who may do what it asks, or by that. */
const REFUSED = new Set(['401', '403']);

/** Nothing where the metrics may not be read. */
export async function readMetrics(client: Client): Promise<Metrics> {
  const gates: FeatureGates = {};
  const asked = new Set<string>();
  let since: number | undefined;
  let rest = '';
  const take = (line: string): void => {
    const [, name, stage = '', enabled] = GATE.exec(line) ?? [];
    if (name !== undefined) gates[name] = { stage: stage === '' ? 'GA' : stage, enabled: enabled === '1' };
    const [, start] = START.exec(line) ?? [];
    if (start !== undefined) since = Math.floor(Number(start));
    const [, labels, count] = COUNT.exec(line) ?? [];
    if (labels !== undefined && Number(count) > 0) noteCount(asked, labels);
  };
  try {
    await client.stream('/metrics', 'text/plain', (bytes) => {
      // The metrics of a large cluster are many megabytes: only these lines are looked at.
      const lines = (rest + bytes.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
  } catch (error) {
    // Nothing depends on it wholly; whoever may not read it sees the rest.
    if (error instanceof RequestError) return { features: undefined, counters: undefined };
    throw error;
  }
  return {
    features: Object.keys(gates).length === 0 ? undefined : gates,
    counters: since === undefined || asked.size === 0 ? undefined : { since, asked: [...asked].toSorted() },
  };
}

function noteCount(asked: Set<string>, text: string): void {
  const labels = Object.fromEntries([...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value]));
  const { verb = '', group = '', resource = '', subresource = '', code = '' } = labels;
  if (resource === '' || REFUSED.has(code)) return;
  asked.add(`${verb} ${group === '' ? resource : `${resource}.${group}`}${subresource === '' ? '' : `/${subresource}`}`);
}
