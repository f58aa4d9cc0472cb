export { PLATFORMS, type Platform, SETUPS, type Setup } from './platforms.ts';
export { RECORDING_POLICY } from './policy.ts';
export { setupText, policyYaml } from './setup-text.ts';
