/** No text, however hostile, may hold up a scan: every pattern of the credential detectors, at its worst. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuTimer } from '../../test/cpu-timer.ts';
import { RUNS } from '../../test/runs.ts';
import { credentialIn, credentialsInText } from './credentials.ts';
import { withoutCredentials } from './mask.ts';

const LONGEST = 200_000;

/**
 * Milliseconds of CPU. A quiet machine needs at most 170 for the longest text; what grows with the square needs half a
 * second for 30,000 characters and twenty for the longest.
 */
const mostMs = (length: number): number => (length < LONGEST ? 200 : 1000);

/** How the patterns begin, and what stands inside of them; written in parts, so that no scanner takes them for leaks. */
const PIECES = [
  'AKIA', 'eyJ', 'eyJaaaaaaaa.', 'ghp_', 'github_pat_', 'glpat-', 'glptt-', 'xoxb-', 'hooks.slack.com/services/T', 'hooks.slack.com/services/TAAAAAA/B',
  'AIza', 'GOCSPX-', 'sk_live_', 'SG.', 'SG.aaaaaaaaaaaaaaaa.', 'npm_', 'pypi-AgE', 'sk-', 'sk-proj-', 'sk-proj-a', 'T3BlbkFJ', 'sk-ant-', 'hvs.', 'dop_v1_', 'shpat_',
  'dapi', 'hf_', 'AccountKey=', 'AGE-SECRET-KEY-1', '---BEGIN ', '-----BEGIN A ', 'PRIVATE KEY', ';password=', '; ', ';pwd=', 'a://', '://', 'http://a:', 'http://a:b@',
  'bearer ', 'Bearer a', 'basic ', '/', 'a/', '/a', './', '~/', 'C:\\', 'file://', '$(', '${', '{{', '}}', '<%', '%a', '((', '__', '@a', 'vault:', 'ENC[', 'projects/', '/secrets/',
  'ref+a', '1', '1.', '1,', '1:', 'a.', 'a-', '-', '.svc', '.pem', '0', 'A', 'z', '=', '==', '+', '#', ' #', '"', "'", '\\', '\\"', '"a":"', '"a": "b",', '"#', '" ,', ',', ';',
  ' ', '\n', '\r', '\r\n', '\t', '\u2028', '{', '[', '(', '|', ':', 'key=', 'pwd=', 'password:', 'password=', 'PASSWORD=/', 'TOKEN=$(', '--password ', '--password=', '--token "', '-a "',
  '-a \'', 'x=', 'export ', '- ', 'sha256:', '@sha256:', 'your-', 'your ', '-here', 'replace-me', 'é', '\u0000',
] as const; // prettier-ignore

function timeOf(run: () => void, most: number): number {
  let best = Number.POSITIVE_INFINITY;
  // Others use the machine too: what is slow by itself is slow every time.
  for (let attempt = 0; attempt < 4 && best > most; attempt += 1) {
    const worked = cpuTimer();
    run();
    best = Math.min(best, worked());
  }
  return best;
}

function judge(text: string): void {
  credentialIn('DB_PASSWORD', text);
  credentialIn('APP_KEY', text);
  credentialsInText(text);
  withoutCredentials(text);
}

/** Short ones first: a pattern that doubles its time with each character must fail here and not hang. */
function expectFast(make: (length: number) => string, what: string): void {
  for (const length of [26, 30, 400, 4000, 30_000, LONGEST]) {
    const text = make(length);
    expect(
      timeOf(() => judge(text), mostMs(length)),
      `${what}, ${length} characters`,
    ).toBeLessThan(mostMs(length));
  }
}

const fill = (piece: string, length: number): string => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

describe('credential detectors take linear time', () => {
  it.each(PIECES)(
    'in repeats of %j',
    (piece) => {
      for (const [before, after] of [
        ['', '!'],
        ['/', ' !'],
        ['password=', ''],
        ['x: ', '\nT3BlbkFJ'],
        ['AKIAIOSFODNN7EXAMPLE ', ' x'],
      ] as const) {
        expectFast((length) => before + fill(piece, length) + after, `${before}…${after}`);
      }
    },
    60_000,
  );

  it('in runs after each beginning', () => {
    for (const piece of PIECES) {
      for (const run of ['a', '1', ' ', '\n', '-', '/', '"'])
        expectFast((length) => `${piece}${fill(run, length)}!`, `${piece} and ${JSON.stringify(run)}`);
    }
  }, 120_000);

  it('in whatever is put together', () => {
    const parts = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 4 });
    const property = fc.property(parts, parts, parts, (before, repeated, after) => {
      expectFast((length) => before.join('') + fill(repeated.join(''), length) + after.join(''), 'a mixture');
    });
    fc.assert(property, { numRuns: Math.min(RUNS, 60) });
  }, 120_000);
});
