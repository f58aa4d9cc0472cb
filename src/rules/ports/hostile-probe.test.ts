/** A document of a probe that somebody else wrote: an error with a code, or a judgement; never a crash. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { CastellanError } from '../../lib/errors.ts';
import { buildCluster } from '../../model/index.ts';
import { probeFactsOf } from '../../snapshot/index.ts';
import { RULES, type Rule, judgeAll } from '../index.ts';
import { probed } from './port-examples.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const GOOD = JSON.parse(
  probed({
    component: 'kubelet',
    versions: { 'TLS 1.1': ['TLS_RSA_WITH_RC4_128_SHA'] },
    answers: { 'https /pods': 200, 'https /x': 401 },
    configz: {
      authentication: { anonymous: { enabled: true }, x509: {} },
      readOnlyPort: 1,
      tlsCipherSuites: ['x'],
      featureGates: { X: true },
    },
  }),
) as Json;

/** Every place in a value. */
function placesIn(value: Json, path: (string | number)[] = []): (string | number)[][] {
  const inside = Array.isArray(value) ? [...value.entries()] : value !== null && typeof value === 'object' ? Object.entries(value) : [];
  return [path, ...inside.flatMap(([key, each]) => placesIn(each, [...path, key]))];
}

function withChanged(value: Json, path: readonly (string | number)[], changed: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return changed;
  if (Array.isArray(value)) return value.map((each, index) => (index === key ? withChanged(each, rest, changed) : each));
  const fields = value as { [key: string]: Json };
  return { ...fields, [key]: withChanged(fields[key] ?? null, rest, changed) };
}

function isAboutIt({ area, component }: Rule): boolean {
  return area === 'ports' || (area === 'control-plane' && component === 'kubelet');
}

function judged(value: unknown): number {
  const snapshot = {
    header: { kind: 'manifests', complete: false } as const,
    objects: [],
    counts: { files: 1, documents: 1, judged: 1, foreign: 0 },
    gaps: [],
    probe: probeFactsOf(value, 'probe.json'),
  };
  let count = 0;
  const { gaps } = judgeAll(buildCluster(snapshot), { rules: RULES.filter(isAboutIt), all: true }, (finding) => {
    count += finding.evidence.length + finding.fingerprint.length;
  });
  expect(gaps).toEqual([]);
  return count;
}

it('judges the good one', () => {
  expect(judged(GOOD)).toBeGreaterThan(100);
});

it('does not fall over a changed one', () => {
  const odd = fc.oneof(
    fc.constantFrom<Json>(
      '',
      null,
      -1,
      0,
      70_000,
      Infinity,
      [],
      {},
      '__proto__',
      'TLS 1.3',
      'kubelet',
      '2026-01-01T00:00:00Z',
      '::error::x',
      '\u001b[31m',
    ),
    fc.jsonValue().map((value) => value as Json),
  );
  fc.assert(
    fc.property(fc.constantFrom(...placesIn(GOOD)), odd, (path, value) => {
      try {
        judged(withChanged(GOOD, path, value));
      } catch (error) {
        if (!(error instanceof CastellanError) || error.code !== 'CAS_NOT_PROBE') throw error;
      }
    }),
    { numRuns: RUNS * 5 },
  );
});
