/** A description of a managed cluster as rules look at it: fields by their paths, of the type that is asked for or not there. */
import { segmentsOf, valueAt } from '../../lib/field-path.ts';
import { isRecord } from '../../lib/record.ts';
import type { CloudCluster, Provider } from '../../snapshot/index.ts';

export class CloudView {
  readonly cluster: CloudCluster;

  constructor(cluster: CloudCluster) {
    this.cluster = cluster;
  }

  get provider(): Provider {
    return this.cluster.provider;
  }

  value(path: string): unknown {
    return valueAt(this.cluster.body, segmentsOf(path));
  }

  /** Undefined where it is absent or null, as command lines write what is not set. */
  flag(path: string): boolean | undefined {
    const value = this.value(path);
    return typeof value === 'boolean' ? value : undefined;
  }

  text(path: string): string | undefined {
    const value = this.value(path);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** Empty where it is absent. */
  texts(path: string): string[] {
    return this.#list(path).filter((each) => typeof each === 'string');
  }

  has(path: string): boolean {
    return isRecord(this.value(path));
  }

  /** The entries of a list that are mappings, each with its path. */
  entries(path: string): CloudEntry[] {
    return this.#list(path).flatMap((each, index) => (isRecord(each) ? [{ path: `${path}[${index}]`, name: nameOf(each, index) }] : []));
  }

  #list(path: string): unknown[] {
    const value = this.value(path);
    return Array.isArray(value) ? (value as unknown[]) : [];
  }
}

/** One of several alike, such as a pool of nodes. */
export interface CloudEntry {
  readonly path: string;
  readonly name: string;
}

function nameOf(entry: Readonly<Record<string, unknown>>, index: number): string {
  return typeof entry.name === 'string' ? entry.name : String(index);
}
