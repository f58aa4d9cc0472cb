export * from './finding.ts';
export { FRAMEWORKS, type Framework, NSA_RECOMMENDATIONS } from './frameworks.ts';
export { type Judgement, type JudgeOptions, isShown, judge } from './judge.ts';
export { RULES } from './registry.generated.ts';
export * from './rule.ts';
export { Tally } from './totals.ts';
export { Baseline, baselineText } from './baseline.ts';
export { type Config, EMPTY_CONFIG, parseConfig } from './config.ts';
export { type Exception, type ExceptionSubject, Exceptions } from './exceptions.ts';
