export { type EtcdReport, etcdDocument } from './document.ts';
export { etcdReachDocument, etcdReachTable } from './reach.ts';
export { etcdTable } from './table.ts';
export { ownBackupsOn } from './own-backups.ts';
