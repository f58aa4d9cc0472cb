/**
 * A file with the tables of versions, as `castellan versions data` prints them: whoever is offline keeps them current
 * by hand or by a script. Everything is checked; what is wrong is named with its place.
 */
import { isRecord } from '../../lib/record.ts';
import type { ApiRemoval } from './api-removals.ts';
import { isCondition } from './conditions.ts';
import type { Cve, CveSeverity, Product, Release, SkewLimit, VersionData } from './data.ts';
import { type Range, parseVersion } from './version.ts';

export const DATA_SCHEMA = 'castellan/version-data/v1';

export type ReadData = { data: VersionData } | { problem: string };

type Fields = Readonly<Record<string, unknown>>;

/** The first thing that is wrong ends it: nothing is judged by half a table. */
export function readVersionData(value: unknown): ReadData {
  try {
    return { data: dataIn(value) };
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    throw error;
  }
}

/** The document that a file holds. */
export function versionDocument(data: VersionData): Record<string, unknown> {
  return { schema: DATA_SCHEMA, ...data };
}

class Problem extends Error {}

function dataIn(value: unknown): VersionData {
  const root = fieldsIn(value, 'the file');
  if (root.schema !== DATA_SCHEMA) throw new Problem(`schema is ${shown(root.schema)}, not "${DATA_SCHEMA}"`);
  const products = fieldsIn(root.products, 'products');
  return {
    asOf: dayIn(root.asOf, 'asOf'),
    products: Object.fromEntries(Object.entries(products).map(([id, product]) => [id, productIn(product, `products.${id}`)])),
    cves: listIn(root.cves, 'cves', cveIn),
    skew: listIn(root.skew, 'skew', skewIn),
    removals: listIn(root.removals, 'removals', removalIn),
  };
}

function productIn(value: unknown, path: string): Product {
  const { title, releases } = fieldsIn(value, path);
  return { title: textIn(title, `${path}.title`), releases: listIn(releases, `${path}.releases`, releaseIn) };
}

function releaseIn(value: unknown, path: string): Release {
  const fields = fieldsIn(value, path);
  const release: Record<string, unknown> = { cycle: textIn(fields.cycle, `${path}.cycle`) };
  for (const name of ['released', 'active', 'end', 'extended']) {
    const day = fields[name];
    if (day !== undefined) release[name] = typeof day === 'boolean' ? day : dayIn(day, `${path}.${name}`);
  }
  for (const name of ['kubernetes', 'latest']) if (fields[name] !== undefined) release[name] = textIn(fields[name], `${path}.${name}`);
  return release as unknown as Release;
}

const SEVERITIES: readonly CveSeverity[] = ['critical', 'high', 'medium', 'low'];

function cveIn(value: unknown, path: string): Cve {
  const fields = fieldsIn(value, path);
  const severity = SEVERITIES.find((each) => each === fields.severity);
  if (severity === undefined) throw new Problem(`${path}.severity is ${shown(fields.severity)}, not one of ${SEVERITIES.join(', ')}`);
  const { score, needs } = fields;
  if (score !== undefined && (typeof score !== 'number' || !(score >= 0 && score <= 10)))
    throw new Problem(`${path}.score is ${shown(score)}, not a number from 0 to 10`);
  if (needs !== undefined && (typeof needs !== 'string' || !isCondition(needs)))
    throw new Problem(`${path}.needs is ${shown(needs)}, which this version of Castellan cannot judge; "ask:WHAT DECIDES" leaves it open`);
  return {
    id: textIn(fields.id, `${path}.id`),
    published: dayIn(fields.published, `${path}.published`),
    severity,
    title: textIn(fields.title, `${path}.title`),
    affected: listIn(fields.affected, `${path}.affected`, (each, at) => {
      const { components, ranges } = fieldsIn(each, at);
      return { components: listIn(components, `${at}.components`, textIn), ranges: listIn(ranges, `${at}.ranges`, rangeIn) };
    }),
    ...(score !== undefined && { score }),
    ...(needs !== undefined && { needs }),
    ...optional(fields, path, ['told', 'advice', 'reference']),
  };
}

function rangeIn(value: unknown, path: string): Range {
  const fields = fieldsIn(value, path);
  const introduced = fields.introduced === '0' ? '0' : versionIn(fields.introduced, `${path}.introduced`);
  return { introduced, ...(fields.fixed !== undefined && { fixed: versionIn(fields.fixed, `${path}.fixed`) }) };
}

function versionIn(value: unknown, path: string): string {
  const text = textIn(value, path);
  if (parseVersion(text) === undefined) throw new Problem(`${path} is ${shown(value)}, no version`);
  return text;
}

function skewIn(value: unknown, path: string): SkewLimit {
  const { component, to, newer, older, olderBefore } = fieldsIn(value, path);
  if (to !== 'kube-apiserver' && to !== 'kubelet-of-node')
    throw new Problem(`${path}.to is ${shown(to)}, neither kube-apiserver nor kubelet-of-node`);
  const limit = {
    component: textIn(component, `${path}.component`),
    to,
    newer: countIn(newer, `${path}.newer`),
    older: countIn(older, `${path}.older`),
  } as const;
  if (olderBefore === undefined) return limit;
  const before = fieldsIn(olderBefore, `${path}.olderBefore`);
  return {
    ...limit,
    olderBefore: { minor: countIn(before.minor, `${path}.olderBefore.minor`), older: countIn(before.older, `${path}.olderBefore.older`) },
  };
}

function removalIn(value: unknown, path: string): ApiRemoval {
  const fields = fieldsIn(value, path);
  const { removed } = fields;
  return {
    api: textIn(fields.api, `${path}.api`),
    kinds: listIn(fields.kinds, `${path}.kinds`, textIn),
    deprecated: countIn(fields.deprecated, `${path}.deprecated`),
    ...(removed !== undefined && { removed: countIn(removed, `${path}.removed`) }),
    ...optional(fields, path, ['replacement']),
  };
}

function optional<N extends string>(fields: Fields, path: string, names: readonly N[]): Partial<Record<N, string>> {
  const found: Partial<Record<N, string>> = {};
  for (const name of names) if (fields[name] !== undefined) found[name] = textIn(fields[name], `${path}.${name}`);
  return found;
}

function fieldsIn(value: unknown, path: string): Fields {
  if (!isRecord(value)) throw new Problem(`${path} is no mapping`);
  return value;
}

function listIn<T>(value: unknown, path: string, read: (each: unknown, path: string) => T): T[] {
  if (!Array.isArray(value)) throw new Problem(`${path} is no list`);
  return (value as unknown[]).map((each, index) => read(each, `${path}[${index}]`));
}

function textIn(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw new Problem(`${path} is ${shown(value)}, no text`);
  return value;
}

function countIn(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new Problem(`${path} is ${shown(value)}, no whole number`);
  return value;
}

/** Days are compared as texts, so they must be written in full; they also must be days. */
function dayIn(value: unknown, path: string): string {
  const text = typeof value === 'string' ? value : '';
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text)
    throw new Problem(`${path} is ${shown(value)}, no day such as 2026-08-22`);
  return text;
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value) ?? 'nothing').slice(0, 60);
}
