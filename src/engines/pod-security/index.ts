export { ADDABLE_CAPABILITIES } from './controls/capabilities-baseline.ts';
export { CONFINED_SELINUX_TYPES } from './controls/se-linux-options.ts';
export { SAFE_SYSCTLS } from './controls/sysctls.ts';
export type { Pod, PolicyLevel } from './control.ts';
export { type Evaluation, LEVELS, type Level, type Violation, evaluatePodSecurity, levelMet, policyMinor } from './evaluate.ts';
export { type Mode, type ModeLabel, type NamespaceOutlook, type Obstacle, podSecurityOutlook } from './outlook.ts';
