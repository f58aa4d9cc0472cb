export { type Answer, Client, type Method } from './client.ts';
export { type CollectClusterOptions, collectCluster } from './collect.ts';
export { type Connection, type ConnectionFlags, connect } from './connection.ts';
export { type Served, listSome, servedKinds } from './list-some.ts';
export { type Permission, missingPermissions, neededPermissions } from './permissions.ts';
export { type TokenRights, rightsOfToken } from './token-rights.ts';
export { COLLECTED } from './resources.ts';
