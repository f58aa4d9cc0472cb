export { PLATFORMS, SETUPS } from './platforms.ts';
export { setupText, policyYaml } from './setup-text.ts';
