export type { Source } from './provenance.ts';
export { type NodeComponent, type NodeView, viewsOfNodes } from './node-view.ts';
export type { EffectiveKubelet } from './kubelet.ts';
export { type StaticPod, staticPodsOf } from './static-pods.ts';
export { NODE_FILES, type NodeFilesFound, type NodeFilesName } from './node-files.ts';
export { type OwnSnapshots, ownSnapshotsOf } from './own-snapshots.ts';
export { type ProxySettings, proxySettingsIn } from './proxy-settings.ts';
export { type Setting, type Started, startedIn } from './started.ts';
