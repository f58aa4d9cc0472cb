/** What the commands run. One module, loaded when any command runs: help and --version do without it. */
export { runBaseline } from './baseline.ts';
export { runCompletion } from './completion.ts';
export { runEval } from './eval.ts';
export { runExplain } from './explain.ts';
export { runNetDiff } from './net-diff.ts';
export { runNetExposure } from './net-exposure.ts';
export { runNetLint } from './net-lint.ts';
export { runNetList } from './net-list.ts';
export { runNetVerify } from './net-verify.ts';
export { runNetWhy } from './net-why.ts';
export { runPermissions } from './permissions.ts';
export { runRules } from './rules.ts';
export { runScan } from './scan.ts';
export { runSnapshot } from './snapshot.ts';
export { runSnapshotShow } from './snapshot-show.ts';
export { runSchema } from './schema.ts';
