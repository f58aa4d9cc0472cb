/** Where the programs of etcd are: both of one release, as they are in one folder. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { CastellanError } from '../../lib/errors.ts';

export interface EtcdPrograms {
  etcd: string;
  /** etcdutl; before etcd 3.5 its place was taken by etcdctl. */
  restorer: string;
}

/** `given` is the program etcd, or its folder. Errors: CAS_NO_ETCD. */
export function findEtcd(given: string | undefined): EtcdPrograms {
  const folders = given === undefined ? (process.env.PATH ?? '').split(delimiter) : [folderOf(given)];
  const etcd = given !== undefined && isProgram(given) ? given : findIn(folders, 'etcd');
  const restorer = findIn(folders, 'etcdutl') ?? findIn(folders, 'etcdctl');
  if (etcd !== undefined && restorer !== undefined) return { etcd, restorer };
  throw new CastellanError(
    'CAS_NO_ETCD',
    `there is no ${etcd === undefined ? 'etcd' : 'etcdutl'} ${given === undefined ? 'in PATH' : `at ${given}`}`,
  );
}

function folderOf(given: string): string {
  return statSync(given, { throwIfNoEntry: false })?.isDirectory() === true ? given : dirname(given);
}

function findIn(folders: readonly string[], name: string): string | undefined {
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
