/** Frameworks and benchmarks by the names that people give. */
import { CastellanError } from '../lib/errors.ts';
import { BENCHMARKS, FRAMEWORKS, type Framework, type Rule } from '../rules/index.ts';

export function frameworkNamed(id: string): Framework {
  const known = FRAMEWORKS.find((each) => each.id === id);
  if (known !== undefined) return known;
  throw new CastellanError('CAS_USAGE', `there is no framework "${id}"`, { remedy: `The frameworks are: ${namesOf(FRAMEWORKS)}.` });
}

export function benchmarkNamed(id: string): Framework {
  const known = BENCHMARKS.find((each) => each.id === id);
  if (known !== undefined) return known;
  throw new CastellanError('CAS_USAGE', `there is no benchmark "${id}"`, { remedy: `The benchmarks are: ${namesOf(BENCHMARKS)}.` });
}

export function inFramework(rules: readonly Rule[], { id, sameAs }: Framework): readonly Rule[] {
  return rules.filter((rule) => rule.controls.some((control) => control.framework === (sameAs ?? id)));
}

function namesOf(frameworks: readonly Framework[]): string {
  return frameworks.map(({ id }) => id).join(', ');
}
