/** The test suites of other scanners, as cases of objects and an expected verdict. Shapes: ../shared/corpora/posture/README.md. */
import { readLines } from './corpora.ts';

/** Suites whose checks stand in the aliases of our rules, by the tool's name in those. */
export const SUITES = {
  checkov: 'checkov',
  'gatekeeper-library': 'gatekeeper-library',
  'kube-linter': 'kube-linter',
  'kube-score': 'kube-score',
  kubeaudit: 'kubeaudit',
  polaris: 'polaris',
  trivy: 'trivy-checks',
} as const;
export type Tool = keyof typeof SUITES;
export const TOOLS = Object.keys(SUITES) as Tool[];

export type Verdict = 'pass' | 'fail';

export interface ScannerCase {
  check: string;
  case: string;
  result: Verdict;
  inputs: unknown[];
  /** kubeaudit: kinds of errors it reports, and of those that its own labels switch off. */
  errors?: string[];
  overridden?: string[];
  /** gatekeeper-library: how the policy is configured, and the objects that are in the cluster already. */
  parameters?: Record<string, unknown> | null;
  inventory?: unknown[];
  /** kyverno-pod-security: the control, the releases at which it fails, and the first one that has it. */
  pssControl?: string;
  pssFailVersions?: string[];
  pssAppliesFrom?: string;
}

export const FOLDER = 'corpora/posture/scanner-cases';

export function scannerCases(file: string): ScannerCase[] {
  return withUniqueNames(readLines<ScannerCase>(`${FOLDER}/${file}.ndjson`));
}

/** Some suites use a name twice: the second is `name#2`. */
function withUniqueNames(cases: readonly ScannerCase[]): ScannerCase[] {
  const seen = new Map<string, number>();
  return cases.map((item) => {
    const name = `${item.check}/${item.case}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? item : { ...item, case: `${item.case}#${count}` };
  });
}
