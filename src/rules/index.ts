export { CONTAINER, POD, documents, withContainer, withPod } from './examples.ts';
export * from './finding.ts';
export { FRAMEWORKS, type Framework, NSA_RECOMMENDATIONS } from './frameworks.ts';
export { type JudgeOptions, isShown, judge } from './judge.ts';
export { RULES } from './registry.generated.ts';
export * from './rule.ts';
