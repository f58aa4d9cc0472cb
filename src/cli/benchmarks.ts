/** Frameworks and benchmarks by the names that people give. */
import { CastellanError } from '../lib/errors.ts';
import { BENCHMARKS, FRAMEWORKS, type Framework, type Rule, controlsIn } from '../rules/index.ts';

export function frameworkNamed(id: string): Framework {
  const known = FRAMEWORKS.find((each) => each.id === id);
  if (known !== undefined) return known;
  throw new CastellanError('CAS_USAGE', `there is no framework "${id}"`, { remedy: `The frameworks are: ${namesOf(FRAMEWORKS)}.` });
}

/** By its id, or by the distribution that it is for: `eks`. */
export function benchmarkNamed(id: string): Framework {
  const known = BENCHMARKS.find((each) => each.id === id) ?? BENCHMARKS.findLast(({ distribution }) => distribution === id);
  if (known !== undefined) return known;
  throw new CastellanError('CAS_USAGE', `there is no benchmark "${id}"`, { remedy: `The benchmarks are: ${namesOf(BENCHMARKS)}.` });
}

export function inFramework(rules: readonly Rule[], framework: Framework): readonly Rule[] {
  return rules.filter((rule) => controlsIn(rule, framework).length > 0);
}

function namesOf(frameworks: readonly Framework[]): string {
  return frameworks.map(({ id }) => id).join(', ');
}
