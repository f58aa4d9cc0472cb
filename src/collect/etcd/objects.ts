/** What an API server keeps in the database: its objects as they are now, by resource. */
import type { Forms } from './forms.ts';
import type { KeyTable } from './key-table.ts';
import type { Problems } from './problems.ts';
import { NO_LEASE, PAST_PLAIN, type Records, nameOf } from './records.ts';

/** Objects of one resource that are not deleted. */
export interface StoredResource {
  /** `secrets`, or with its group where the key has it: `certificates.cert-manager.io`. */
  name: string;
  total: number;
  plain: number;
  encrypted: number;
  /** Encrypted ones by provider and key, as they are stored: `aescbc/key1`. */
  by: Map<string, number>;
}

export interface StoredObjects {
  /** Under which the API server keeps everything: `/registry`. Undefined where there is no API server's data. */
  prefix: string | undefined;
  /** Keys that are not deleted, of an API server or not. */
  keys: number;
  /** By name. */
  resources: Map<string, StoredResource>;
  /** Names of plain objects: `secrets/shop/db`. */
  plainOf(resource: string): string[];
  /** Of objects, also deleted ones, of which an older plain record is still in the file. */
  pastPlainOf(resource: string): string[];
  /** The name of an object by its row. */
  nameOf(row: number): string;
}

/** Where keys have other names than the resources of the API. */
const STORED_AS: Readonly<Record<string, string>> = {
  'services/specs': 'services',
  'services/endpoints': 'endpoints',
  minions: 'nodes',
  controllers: 'replicationcontrollers',
  ingress: 'ingresses',
  podsecuritypolicy: 'podsecuritypolicies',
};

export function storedObjects({ table, forms }: Records, wanted?: string): StoredObjects {
  const prefix = wanted === undefined ? prefixOf(table, forms) : `/${wanted.replaceAll(/^\/+|\/+$/g, '')}`;
  const folders = table.folderNames().map((folder) => (prefix === undefined ? undefined : resourceOf(folder, prefix)));
  const resources = new Map<string, StoredResource>();
  let keys = 0;
  for (let row = 0; row < table.size; row += 1) {
    const form = forms.get(table.form[row] ?? 0);
    if (form === undefined) continue;
    keys += 1;
    const folder = folders[table.folder(row)];
    if (folder === undefined) continue;
    const resource = resourceIn(resources, folder.resource);
    resource.total += 1;
    if (form.encrypted) {
      resource.encrypted += 1;
      resource.by.set(nameOf(form), (resource.by.get(nameOf(form)) ?? 0) + 1);
    } else resource.plain += 1;
  }
  const rowName = (row: number): string => objectName(folders[table.folder(row)], table, row);
  const select = (resource: string, choose: (row: number) => boolean): string[] => {
    const names: string[] = [];
    for (let row = 0; row < table.size; row += 1)
      if (folders[table.folder(row)]?.resource === resource && choose(row)) names.push(rowName(row));
    return names.sort();
  };
  return {
    prefix,
    keys,
    resources: new Map([...resources].sort(([a], [b]) => (a < b ? -1 : 1))),
    plainOf: (resource) => select(resource, (row) => forms.get(table.form[row] ?? 0)?.encrypted === false),
    pastPlainOf: (resource) => select(resource, (row) => ((table.wasPlain[row] ?? 0) & PAST_PLAIN) !== 0),
    nameOf: rowName,
  };
}

interface Folder {
  resource: string;
  namespace: string;
}

/** Undefined for keys that are not under the prefix. A group of custom resources has a dot, and names of resources have none. */
function resourceOf(folder: string, prefix: string): Folder | undefined {
  if (!folder.startsWith(`${prefix}/`)) return undefined;
  const [first = '', second, ...rest] = folder
    .slice(prefix.length + 1)
    .split('/')
    .slice(0, -1);
  if (first === '') return undefined;
  if (first.includes('.') && second !== undefined) return { resource: `${second}.${first}`, namespace: rest.join('/') };
  const twofold = STORED_AS[`${first}/${second ?? ''}`];
  if (twofold !== undefined) return { resource: twofold, namespace: rest.join('/') };
  return { resource: STORED_AS[first] ?? first, namespace: [second, ...rest].filter((part) => part !== undefined).join('/') };
}

function resourceIn(resources: Map<string, StoredResource>, name: string): StoredResource {
  let resource = resources.get(name);
  if (resource === undefined) resources.set(name, (resource = { name, total: 0, plain: 0, encrypted: 0, by: new Map() }));
  return resource;
}

function objectName(folder: Folder | undefined, table: KeyTable, row: number): string {
  if (folder === undefined) return `${table.folderNames()[table.folder(row)] ?? ''}${table.name(row)}`;
  return [folder.resource, folder.namespace, table.name(row)].filter((part) => part !== '').join('/');
}

const USUAL = '/registry';
const NAMESPACES = '/namespaces/';

/** Every cluster has its namespaces: what stands before them, where it is not the usual; of several that with most of them. */
function prefixOf(table: KeyTable, forms: Forms): string | undefined {
  const counts = new Map<string, number>();
  for (let row = 0; row < table.size; row += 1) {
    if (forms.get(table.form[row] ?? 0) === undefined) continue;
    const folder = table.folderNames()[table.folder(row)] ?? '';
    if (folder.startsWith(`${USUAL}/`)) return USUAL;
    if (!folder.endsWith(NAMESPACES)) continue;
    const prefix = folder.slice(0, -NAMESPACES.length);
    counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0];
}

/** What can only be judged once all is read: values that no API server writes, and leases that are not there. */
export function checkObjects({ table, forms, doubts }: Records, { prefix, nameOf }: StoredObjects, problems: Problems): void {
  const folders = table.folderNames().map((folder) => prefix !== undefined && folder.startsWith(`${prefix}/`));
  for (let row = 0; row < table.size; row += 1) {
    const form = forms.get(table.form[row] ?? 0);
    if (form === undefined) continue;
    if (folders[table.folder(row)] === true) {
      if (form.encrypted || form.as !== 'unknown') doubts.right('form');
      else doubts.wrong('form', `the value of ${nameOf(row)} is in no form that an API server writes`);
    }
    if (table.lease[row] === NO_LEASE) problems.add('lease', `${nameOf(row)} refers to a lease that is not there`);
  }
}
