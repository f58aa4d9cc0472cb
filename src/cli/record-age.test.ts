import { afterEach, expect, it, vi } from 'vitest';
import { runHere } from '../../test/run-here.ts';

const SHOP = ['examples/shop', '--record', 'examples/shop.record', '--audit-policy', 'examples/shop.audit-policy.yaml', '--servers', '2'];

interface Shown {
  readonly fixes: readonly {
    readonly proof: { readonly verdict: string; readonly unknownBecause: readonly string[]; readonly boundTo: readonly string[] };
  }[];
}

async function shop(...more: readonly string[]): Promise<Shown['fixes']> {
  const { status, stdout } = await runHere(['fixes', ...SHOP, '-f', 'json', ...more]);
  expect(status).toBe(0);
  return (JSON.parse(stdout) as Shown).fixes;
}

afterEach(() => void vi.useRealTimers());

it('what a record of files says is not safe once it ended longer ago than proofs hold', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-09T12:00:00Z') });
  expect((await shop()).map(({ proof }) => proof.verdict)).toContain('safe');
  vi.setSystemTime(Date.parse('2026-11-10T12:00:00Z'));
  const late = await shop();
  expect(late.map(({ proof }) => proof.verdict)).not.toContain('safe');
  expect(late.some(({ proof }) => proof.verdict === 'unknown' && proof.unknownBecause.includes('record-old'))).toBe(true);
  expect((await runHere(['fixes', ...SHOP])).stdout).toContain('record-old');
});

it('--on tells another day, which every screen says and every proof is bound to', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2027-11-10T12:00:00Z') });
  const then = await shop('--on', '2026-11-03');
  const index = then.findIndex(({ proof }) => proof.verdict === 'safe');
  expect(then[index]?.proof.boundTo).toContain('as on 2026-11-03');
  expect((await runHere(['fixes', ...SHOP, '--on', '2026-11-03'])).stdout).toContain('as on 2026-11-03');
  expect((await runHere(['explain', String(index + 1), ...SHOP, '--on', '2026-11-03'])).stdout).toMatch(/^as on +2026-11-03$/m);
  expect(await runHere(['fixes', ...SHOP, '--on', '2026-11-31'])).toMatchObject({ status: 2 });
  const made = await runHere(['apply', '1', '--to-files', ...SHOP, '--on', '2026-11-03', '--dry-run']);
  expect([made.status, made.stderr]).toEqual([0, expect.stringContaining('as on 2026-11-03')]);
  // A cluster is changed by what is proved for today.
  expect(await runHere(['apply', '1', '--on', '2026-11-03'])).toMatchObject({ status: 2 });
});
