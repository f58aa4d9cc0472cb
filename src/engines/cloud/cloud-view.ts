/** A description of a managed cluster as rules look at it: fields by their paths, of the type that is asked for or not there. */
import { type PathSegment, segmentsOf, valueAt } from '../../lib/field-path.ts';
import { isRecord } from '../../lib/record.ts';
import type { CloudCluster, Provider } from '../../snapshot/index.ts';

export class CloudView {
  readonly cluster: CloudCluster;
  readonly #misshapen = new Set<string>();

  constructor(cluster: CloudCluster) {
    this.cluster = cluster;
  }

  get provider(): Provider {
    return this.cluster.provider;
  }

  /** What was asked for and is there in a form that no provider writes: nothing can be said by it. */
  get misshapen(): readonly string[] {
    return [...this.#misshapen];
  }

  /** Another look at the same description, in which nothing was asked for yet. */
  anew(): CloudView {
    return new CloudView(this.cluster);
  }

  value(path: string): unknown {
    return valueAt(this.cluster.body, segmentsOf(path));
  }

  /**
   * The section that the description leaves out although the provider always writes it, where `path` stands in it; the
   * whole of the settings where the description does no more than name the cluster.
   */
  leftOut(path: string): string | undefined {
    if (Object.keys(this.cluster.body).every((key) => NAMING.has(key))) return path;
    return ALWAYS_TOLD[this.provider].find((always) => `${path}.`.startsWith(`${always}.`) && this.value(always) === undefined);
  }

  /** Undefined where it is absent or null, as command lines write what is not set. */
  flag(path: string): boolean | undefined {
    const value = this.#told(path);
    return typeof value === 'boolean' ? value : this.#odd(path, value);
  }

  text(path: string): string | undefined {
    const value = this.#told(path);
    if (typeof value === 'string') return value === '' ? undefined : value;
    return this.#odd(path, value);
  }

  /** Empty where it is absent. */
  texts(path: string): string[] {
    const list = this.#list(path);
    const texts = list.filter((each) => typeof each === 'string');
    if (texts.length < list.length) this.#odd(path, list);
    return texts;
  }

  has(path: string): boolean {
    const value = this.#told(path);
    if (!isRecord(value)) this.#odd(path, value);
    return isRecord(value);
  }

  /** The entries of a list that are mappings, each with its path. */
  entries(path: string): CloudEntry[] {
    const list = this.#list(path);
    const entries = list.flatMap((each, index) => (isRecord(each) ? [{ path: `${path}[${index}]`, name: nameOf(each, index) }] : []));
    if (entries.length < list.length) this.#odd(path, list);
    return entries;
  }

  #list(path: string): unknown[] {
    const value = this.#told(path);
    if (!Array.isArray(value)) this.#odd(path, value);
    return Array.isArray(value) ? (value as unknown[]) : [];
  }

  /** The value, after a look whether what it stands in can hold it. */
  #told(path: string): unknown {
    let parent: unknown = this.cluster.body;
    const walked: PathSegment[] = [];
    for (const segment of segmentsOf(path)) {
      if (parent === undefined || parent === null) return undefined;
      if (!(typeof segment === 'number' ? Array.isArray(parent) : isRecord(parent))) return this.#odd(walked.join('.'), parent);
      walked.push(segment);
      parent = valueAt(parent, [segment]);
    }
    return parent;
  }

  #odd(path: string, value: unknown): undefined {
    if (value !== undefined && value !== null) this.#misshapen.add(path);
  }
}

/** What only says which cluster it is. */
const NAMING: ReadonlySet<string> = new Set([
  'arn',
  'createTime',
  'createdAt',
  'currentKubernetesVersion',
  'currentMasterVersion',
  'endpoint',
  'id',
  'kubernetesVersion',
  'location',
  'locations',
  'name',
  'resourceGroup',
  'selfLink',
  'status',
  'tags',
  'type',
  'version',
  'zone',
]);

/** AWS writes these of every cluster; Azure may leave out what is not set, and Google what is off. */
const ALWAYS_TOLD: Readonly<Record<Provider, readonly string[]>> = {
  aws: ['resourcesVpcConfig', 'resourcesVpcConfig.endpointPublicAccess', 'logging', 'accessConfig'],
  azure: [],
  google: [],
};

/** One of several alike, such as a pool of nodes. */
export interface CloudEntry {
  readonly path: string;
  readonly name: string;
}

function nameOf(entry: Readonly<Record<string, unknown>>, index: number): string {
  return typeof entry.name === 'string' ? entry.name : String(index);
}
