export { type Config, type ConfigKind, configOf, hasConfig } from './configs.ts';
export { COMPONENTS, type CommandLine, type ComponentName, commandLineOf } from './components.ts';
export type { FlagUse } from './flags.ts';
export { type ListSetting, gateOf, listOf, settingOf } from './settings.ts';
export { isLoopback, parseBoolean, parseDuration, parseFeatureGates, parseInteger, parseList } from './values.ts';
export { type EtcdCaller, etcdListeners, etcdListensBeyond, etcdListensByDefault, isPlainUrl, isUrlOfNode } from './urls.ts';
export { type Process, processOf, processesNamed, processesOf } from './process.ts';
export { type Authorizers, authorizersOf } from './authorizers.ts';
