export type { Pod, PolicyLevel } from './control.ts';
export { type Evaluation, type Level, type Violation, evaluatePodSecurity, levelMet, policyMinor } from './evaluate.ts';
export { type Mode, type ModeLabel, type NamespaceOutlook, type Obstacle, podSecurityOutlook } from './outlook.ts';
