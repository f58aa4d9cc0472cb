/** kyverno's suite for its Pod Security policies, judged by the standard itself: per case, control and release. */
import { evalPodSecurity } from '../../src/cli/eval-pod-security.ts';
import { type Verdict, scannerCases } from './scanner-cases.ts';

export interface PodSecurityCase {
  check: string;
  case: string;
  control: string;
  /** What kyverno's policy answers, which has no releases. */
  theirs: Verdict;
  /** What the standard answers at the newest release. */
  ours: Verdict;
  /** Releases at which the engine and the computed answer differ. */
  wrong: string[];
  releases: number;
}

const NEWEST = 37;

export function podSecurityCases(): { judged: PodSecurityCase[]; leftOut: number } {
  const cases = scannerCases('kyverno-pod-security');
  const judged = cases.flatMap(
    ({ check, case: name, result, inputs, pssControl: control, pssFailVersions = [], pssAppliesFrom = '1.0' }) => {
      if (control === undefined) return [];
      // Controls of the baseline are part of the restricted level, unless a stricter one stands in for them there.
      const level = check.startsWith('baseline/') ? 'baseline' : 'restricted';
      const failing = new Set(pssFailVersions.flatMap(minorsOf));
      const minors = minorsOf(`${pssAppliesFrom}-1.${NEWEST}`);
      const failsAt = (minor: number): boolean =>
        (evalPodSecurity({ object: inputs[0], level, version: `1.${minor}` }).failing as string[]).includes(control);
      const wrong = minors.filter((minor) => failsAt(minor) !== failing.has(minor)).map((minor) => `1.${minor}`);
      return [
        {
          check,
          case: name,
          control,
          theirs: result,
          ours: failsAt(NEWEST) ? ('fail' as const) : ('pass' as const),
          wrong,
          releases: minors.length,
        },
      ];
    },
  );
  return { judged, leftOut: cases.length - judged.length };
}

/** Minor releases of `1.8-1.21` or `1.8`. */
function minorsOf(range: string): number[] {
  const [first = '', last = first] = range.split('-');
  const minor = (version: string): number => Number(version.split('.')[1]);
  return Array.from({ length: minor(last) - minor(first) + 1 }, (_, index) => minor(first) + index);
}
