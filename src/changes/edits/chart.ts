/**
 * Changes of what a chart makes, as edits of its values. Where Helm is there, the chart is rendered with both: nothing
 * but the object may differ, and that only as the change says. Where it is not, only what the text of all templates
 * leaves no doubt of is written.
 */
import { PatchFailure, applyPatch, sameJson } from '../../lib/json-patch.ts';
import type { PatchOperation } from '../../lib/json-patch.ts';
import { isRecord, textOf } from '../../lib/record.ts';
import { parseYaml } from '../../lib/yaml.ts';
import { TextEditFailure, editYaml } from '../../lib/yaml-edit.ts';
import type { Patch } from '../../rules/index.ts';
import { type ValueChange, changesOfValues, textOfChanges } from './chart-values.ts';
import { type TemplateDocument, templateDocuments } from './template-fields.ts';

type Raw = Readonly<Record<string, unknown>>;

export interface Release {
  readonly name: string;
  /** '' where nobody knows it. */
  readonly namespace: string;
}

export interface ChartFiles {
  /** Undefined where there is none. Throws where it cannot be read. */
  read(path: string): string | undefined;
  /** Paths of all files below a folder, relative to it. */
  list?(folder: string): readonly string[];
  /** What the chart makes with these values in place of its own; undefined without Helm. Throws TextEditFailure where it makes nothing. */
  render?(folder: string, release: Release, values: string): readonly Raw[] | undefined;
}

export class Chart {
  readonly path: string;
  readonly before: string;
  after: string;
  readonly #folder: string;
  readonly #files: ChartFiles;

  /** `text` is that of its values.yaml. */
  constructor(folder: string, text: string, files: ChartFiles) {
    this.path = `${folder}/values.yaml`;
    this.before = text;
    this.after = text;
    this.#folder = folder;
    this.#files = files;
  }

  /**
   * Writes the change into the values. `template` is the file that makes the object, where that is known. Returns what was
   * written, as a sentence. Throws TextEditFailure where it is not sure that this does what the change does.
   */
  change(patch: Patch, object: Raw, { template, release }: { template: string | undefined; release: Release }): string {
    const document = this.#documentOf(object, template);
    const found = document === undefined ? undefined : changesOfValues(document, patch);
    if (found === undefined) throw new TextEditFailure('its templates do not say plainly which of its values decides');
    const values = valueOf(this.after);
    if (!isRecord(values)) throw new TextEditFailure('its values.yaml cannot be read');
    // Another value in the cluster is set elsewhere, in what the release was installed with.
    for (const change of found.changes)
      if (!isAsWritten(values, object, change))
        throw new TextEditFailure(`its values.yaml does not say what ${change.key.join('.')} is, so that it is set elsewhere`);
    let wanted: unknown = values;
    const operations: PatchOperation[] = [];
    for (const change of found.changes) {
      const operation = operationFor(wanted, change);
      operations.push(operation);
      wanted = applyPatch(wanted, [operation]);
    }
    const text = editYaml(this.after, { document: 0, patch: operations });
    if (!sameJson(valueOf(text), wanted)) throw new TextEditFailure('the edited values would not say what the change does');
    const was = this.#files.render?.(this.#folder, release, this.after);
    const is = was === undefined ? undefined : this.#files.render?.(this.#folder, release, text);
    if (was !== undefined && is !== undefined) checkRendered(was, is, { patch, object });
    else if (!found.isPlain || !found.changes.every((change) => this.#isTakenOnce(change)))
      throw new TextEditFailure('only Helm could tell what else its values decide, and it is not installed');
    this.after = text;
    return textOfChanges(found.changes);
  }

  /** The one that makes objects of the kind. */
  #documentOf({ kind }: Raw, template: string | undefined): TemplateDocument | undefined {
    const files = template === undefined ? this.#templates() : [template];
    const found = files
      .flatMap((file) => templateDocuments(this.#files.read(`${this.#folder}/${file}`) ?? ''))
      .filter(({ fields }) =>
        fields.some(({ path, value }) => path.length === 1 && path[0] === 'kind' && value.replaceAll(/["']/g, '') === kind),
      );
    return found.length === 1 ? found[0] : undefined;
  }

  #templates(): readonly string[] {
    const all = this.#files.list?.(this.#folder) ?? [];
    return all.filter((file) => /^templates\/(.*\/)?[^_/][^/]*\.(ya?ml|tpl)$/.test(file));
  }

  /** No other place of any template may take the value, or all values, and no chart inside of it nor a schema has a say. */
  #isTakenOnce({ key }: ValueChange): boolean {
    const files = this.#files.list?.(this.#folder) ?? [];
    if (files.length === 0 || files.some((file) => file === 'values.schema.json' || file.startsWith('charts/'))) return false;
    const about = valueOf(this.#files.read(`${this.#folder}/Chart.yaml`) ?? '');
    if (!isRecord(about) || about.dependencies !== undefined) return false;
    const texts = files.filter((file) => file.startsWith('templates/')).map((file) => this.#files.read(`${this.#folder}/${file}`) ?? '');
    const taken = texts.flatMap((text) => [...text.matchAll(/\.Values\b((?:\.\w+)*)/g)].map(([, path = '']) => path.split('.').slice(1)));
    const isAll = texts.some((text) => /\.Values(?![\w.])|\btpl\b|\.AsMap\b/.test(text));
    return !isAll && taken.filter((path) => path.every((part, at) => key[at] === undefined || key[at] === part)).length === 1;
  }
}

/** Whether the values say of the field what the object says of it: else they do not decide it alone. */
function isAsWritten(values: Raw, object: Raw, { key, field }: ValueChange): boolean {
  const [written, is] = [valueAt(values, key), valueAt(object, field)];
  // What neither of them has is left to the server, or is new.
  return (
    sameJson(written, is) ||
    ((written === undefined || written === null) && is === undefined) ||
    (isRecord(written) && Object.keys(written).length === 0 && is === undefined)
  );
}

/** With what is not there yet above it. */
function operationFor(values: unknown, { op, key, value }: ValueChange): PatchOperation {
  const pointer = (segments: readonly string[]): string =>
    segments.map((one) => `/${one.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  if (op === 'remove') return { op: 'remove', path: pointer(key) };
  let depth = 1;
  while (depth < key.length && isHolder(valueAt(values, key.slice(0, depth)))) depth += 1;
  const path = key.slice(0, depth);
  const whole = key.slice(depth).reduceRight<unknown>((inner, segment) => ({ [segment]: inner }), value);
  return { op: valueAt(values, path) === undefined ? 'add' : 'replace', path: pointer(path), value: whole };
}

function isHolder(value: unknown): boolean {
  return isRecord(value) || Array.isArray(value);
}

function checkRendered(was: readonly Raw[], is: readonly Raw[], { patch, object }: { patch: Patch; object: Raw }): void {
  const named = (one: Raw): string => [one.kind, metadataOf(one).name].map(textOf).join('/');
  const targets = was.filter((one) => named(one) === named(object));
  const [target] = targets;
  if (target === undefined || targets.length > 1)
    throw new TextEditFailure('Helm does not make the object from it, or more than one of that name');
  let wanted: unknown;
  try {
    wanted = applyPatch(target, patch.patch);
  } catch (error) {
    if (!(error instanceof PatchFailure)) throw error;
    throw new TextEditFailure(`what Helm makes is not what is there: ${error.message}`);
  }
  const isMade = was.length === is.length && was.every((one, index) => sameJson(one === target ? wanted : one, is[index]));
  if (!isMade) throw new TextEditFailure('rendered with the changed values something else would differ too');
}

function metadataOf({ metadata }: Raw): Raw {
  return isRecord(metadata) ? metadata : {};
}

function valueAt(value: unknown, segments: readonly string[]): unknown {
  return segments.reduce<unknown>((found, key) => {
    if (Array.isArray(found)) return (found as unknown[])[Number(key)];
    return isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }, value);
}

function valueOf(text: string): unknown {
  const parsed = parseYaml(text);
  return 'error' in parsed ? undefined : parsed.value;
}
