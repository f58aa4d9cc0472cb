import { describe, expect, it } from 'vitest';
import { buildCluster } from '../model/index.ts';
import { type EndpointFact, PROBE_SCHEMA, type ProbeFacts, type Snapshot } from '../snapshot/index.ts';
import { RULES, judgeAll } from './index.ts';

const CONFIG = { readOnlyPort: 0, authentication: { anonymous: { enabled: false } } };

function gapsOf(configz: EndpointFact['configz']): unknown[] {
  const fact: EndpointFact = {
    host: '10.0.0.1',
    port: 10_250,
    node: 'n1',
    component: 'kubelet',
    use: 'secure',
    from: '--target',
    state: 'open',
    http: false,
    answers: [],
    ...(configz !== undefined && { configz }),
  };
  const probe: ProbeFacts = { schema: PROBE_SCHEMA, probedAt: '2026-11-01T08:00:00Z', probedBy: '1.0.0', endpoints: [fact], gaps: [] };
  const nothing: Snapshot = {
    header: { kind: 'ports', complete: false },
    objects: [],
    counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
    gaps: [],
  };
  return [...judgeAll(buildCluster({ ...nothing, probe }), { rules: RULES, all: true }, () => {}).gaps];
}

describe('what a kubelet says of itself', () => {
  it('is told with the doubt where nobody vouches for who said it', () => {
    expect(gapsOf({ by: 'certificate', untrusted: 'its certificate is for another name or address', config: CONFIG })).toContainEqual(
      expect.objectContaining({
        scope: '10.0.0.1:10250/configz',
        code: 'kubelet-unvouched',
        reason: 'its certificate is for another name or address',
      }),
    );
  });

  it('is not doubted where the CA vouches for it, and nothing is where it said nothing', () => {
    expect(gapsOf({ by: 'certificate', config: CONFIG })).toEqual([]);
    expect(gapsOf(undefined)).toEqual([]);
  });
});
