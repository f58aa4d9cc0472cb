export { type EncryptionConfiguration, parseEncryptionConfiguration } from './configuration.ts';
export { type ConfigurationNote, isProtected, judgeConfiguration } from './judge.ts';
