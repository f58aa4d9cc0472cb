import { describe, expect, it } from 'vitest';
import { buildCluster } from '../../model/index.ts';
import type { FeatureGates } from '../../snapshot/index.ts';
import { judge } from '../judge.ts';
import { rule } from './alpha-feature.ts';

function told(features: FeatureGates | undefined): string[] {
  const messages: string[] = [];
  const cluster = buildCluster({
    header: { kind: 'cluster', complete: true, ...(features !== undefined && { features }) },
    objects: [
      {
        object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } },
        origin: { source: 'cluster', line: 1, format: 'json', prefix: [] },
      },
    ],
    counts: { files: 0, documents: 1, judged: 1, foreign: 0 },
    gaps: [],
  });
  judge(cluster, { rules: [rule] }, ({ message }) => void messages.push(message));
  return messages;
}

describe('feature gates that the API server tells', () => {
  it('are a finding where they are alpha and on', () => {
    const gates = {
      B: { stage: 'ALPHA', enabled: true },
      A: { stage: 'ALPHA', enabled: true },
      C: { stage: 'BETA', enabled: true },
      D: { stage: 'ALPHA', enabled: false },
    };
    expect(told(gates)).toEqual(['the API server has 2 alpha features on: A, B']);
    expect(told({ A: { stage: 'ALPHA', enabled: true } })).toEqual(['the API server has an alpha feature on: A']);
  });
  it('are none where nothing is known', () => {
    expect(told(undefined)).toEqual([]);
    expect(told({})).toEqual([]);
  });
});
