export type { UntoldDoubt } from './doubts.ts';
export { type EtcdDatabase, readEtcdDatabase } from './read-database.ts';
export type { StoredObjects, StoredResource } from './objects.ts';
export type { Problem } from './problems.ts';
export { nameOf } from './records.ts';
export { restoreEtcd, type Restored } from './restore.ts';
