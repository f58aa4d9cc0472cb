import { expect, it } from 'vitest';
import { snapshotOf } from '../../test/report-tester.ts';
import { type Config, EMPTY_CONFIG, RULES } from '../rules/index.ts';
import { scan } from './index.ts';

const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'web' }] } };

function controls(config: Config): Record<string, number> {
  const options = { rules: RULES, config, today: '2026-11-21', version: '', targets: [], all: false, clock: () => 0, started: 0 };
  return scan(snapshotOf([POD]), options, []).totals.byFramework['pss-baseline'] ?? {};
}

it('counts the controls of rules that are switched off, as unknown', () => {
  const all = controls(EMPTY_CONFIG);
  const less = controls({ ...EMPTY_CONFIG, disabled: [{ rule: 'privileged', reason: 'not ours' }] });
  expect(all).toMatchObject({ pass: expect.any(Number) as number, unknown: 0 });
  expect(less).toEqual({ ...all, pass: (all.pass ?? 0) - 1, unknown: 1 });
});
