export { type EtcdReport, etcdDocument } from './document.ts';
export { etcdTable } from './table.ts';
