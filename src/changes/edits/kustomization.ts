/**
 * Changes of what a kustomization builds, as patches in the kustomization itself: kustomize applies them last of its
 * patches, to the objects as they come out where nothing else of it changes them afterwards.
 */
import { applyPatch } from '../../lib/json-patch.ts';
import { isRecord } from '../../lib/record.ts';
import { parseYaml } from '../../lib/yaml.ts';
import { TextEditFailure, editYaml } from '../../lib/yaml-edit.ts';
import type { Patch } from '../../rules/index.ts';
import { yamlOf } from './yaml-of.ts';

export const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** Fields that change nothing after patches were applied; all others may rename or relabel what comes out. */
const HARMLESS: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'resources',
  'bases',
  'components',
  'crds',
  'patches',
  'patchesStrategicMerge',
  'sortOptions',
  'buildMetadata',
]);
/** These make names that what refers to them learns in the end. */
const GENERATORS: ReadonlySet<string> = new Set(['configMapGenerator', 'secretGenerator', 'generatorOptions']);
const WITHOUT_REFERENCES = /^(?:(?:Cluster)?Role(?:Binding)?|ServiceAccount|Namespace|\w*NetworkPolicy)$/;

export class Kustomization {
  readonly path: string;
  readonly before: string;
  after: string;

  constructor(path: string, text: string) {
    this.path = path;
    this.before = text;
    this.after = text;
  }

  /** Throws TextEditFailure where what it builds may differ from what a patch in it meets. */
  change({ operation, patch }: Pick<Patch, 'operation' | 'patch'>, object: Readonly<Record<string, unknown>>): void {
    this.#check(String(object.kind));
    this.#append('patches', kustomizePatchOf({ operation, patch }, object));
  }

  addResource(file: string): void {
    this.#append('resources', file);
  }

  #check(kind: string): void {
    for (const field of Object.keys(this.#value())) {
      if (HARMLESS.has(field) || (GENERATORS.has(field) && WITHOUT_REFERENCES.test(kind))) continue;
      throw new TextEditFailure(`its field ${field} may change what comes out, so that the patch has to be made by hand`);
    }
  }

  #append(field: string, entry: unknown): void {
    const list = this.#value()[field];
    const operation = Array.isArray(list)
      ? ({ op: 'add', path: `/${field}/-`, value: entry } as const)
      : ({ op: 'add', path: `/${field}`, value: [entry] } as const);
    const expected = applyPatch(this.#value(), [operation]);
    const text = editYaml(this.after, { document: 0, patch: [operation] });
    if (JSON.stringify(valueOf(text)) !== JSON.stringify(expected))
      throw new TextEditFailure('the edited text would not say what the change does');
    this.after = text;
  }

  #value(): Readonly<Record<string, unknown>> {
    const value = valueOf(this.after);
    if (!isRecord(value)) throw new TextEditFailure('it cannot be read');
    return value;
  }
}

function valueOf(text: string): unknown {
  const parsed = parseYaml(text);
  return 'error' in parsed ? undefined : parsed.value;
}

/** A change of an object as an entry of `patches`. */
export function kustomizePatchOf(
  { operation, patch }: Pick<Patch, 'operation' | 'patch'>,
  { apiVersion, kind, metadata }: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { name, namespace }: Record<string, unknown> = isRecord(metadata) ? metadata : {};
  const place = { name, ...(typeof namespace === 'string' && { namespace }) };
  if (operation === 'delete') return { patch: yamlOf({ $patch: 'delete', apiVersion, kind, metadata: place }) };
  const [version = '', group] = String(apiVersion).split('/').toReversed();
  // The name is a regular expression there.
  const exact = { ...place, name: String(name).replaceAll('.', String.raw`\.`) };
  return { target: { ...(group !== undefined && { group }), version, kind, ...exact }, patch: yamlOf(patch) };
}
