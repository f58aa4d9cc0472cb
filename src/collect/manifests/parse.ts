/** Text of a document → the Kubernetes objects in it, or a gap that says why there are none. */
import { messageOf } from '../../lib/errors.ts';
import type { PathSegment } from '../../lib/field-path.ts';
import { type YamlError, type YamlResult, parseYaml } from '../../lib/yaml.ts';
import type { Gap, Origin, SourceObject } from '../../snapshot/index.ts';
import type { DocumentText } from './text.ts';

export interface Parsed {
  /** Whether the document holds anything but comments. */
  empty: boolean;
  objects: SourceObject[];
  gaps: Gap[];
}

/** More values than this in one document only come about by aliases that multiply. */
const MOST_VALUES = 5_000_000;
const DEEPEST_JSON = 200;
const DEEPEST_ALIASES = 400;
/** Items of a List that are no objects and are told one by one. */
const MOST_STRANGE = 10;

/** `line` is counted from the first one of the document. */
type TellGap = (code: Gap['code'], reason: string, line?: number) => void;

/** `tolerant` reads what the strict parser refuses; undefined where that cannot be read either. */
export type TolerantParser = (text: string) => Promise<{ value: unknown } | undefined>;

/** Reads a document. The tolerant parser is asked only for text that looks like a Kubernetes object. */
export async function parseDocument(file: string, document: DocumentText, tolerant: TolerantParser): Promise<Parsed> {
  const { text } = document;
  const origin: Origin = { source: file, text, line: document.line, format: looksLikeJson(text) ? 'json' : 'yaml', prefix: [] };
  const gaps: Gap[] = [];
  const gap: TellGap = (code, reason, line) => {
    const effect = code === 'duplicate-key' ? 'the last one was judged, as kubectl applies it' : 'it was not judged';
    gaps.push({ scope: `${file}:${document.line + (line ?? 1) - 1}`, code, reason, effect });
  };
  const json = origin.format === 'json' ? parseJson(text) : undefined;
  let result = json === undefined || isMaybeYaml(json, text) ? parseYaml(text) : json;
  if (result !== json) origin.format = 'yaml';
  if ('error' in result && result.error.kind === 'duplicate-key') {
    gap('duplicate-key', result.error.reason, result.error.line);
    result = parseYaml(text, true);
  }
  if ('error' in result && result.error.kind !== 'too-deep' && !looksLikeKubernetes(text)) return { empty: false, objects: [], gaps: [] };
  if ('error' in result && result.error.kind === 'syntax' && !isTemplate(text)) result = (await tolerant(text)) ?? result;
  if ('error' in result) {
    // A broken JSON text is no better understood as broken YAML.
    const isJson = json !== undefined && 'error' in json && looksLikeStrictJson(text);
    const { error } = isJson ? json : result;
    const { code, reason } = describe(error, text, isJson ? 'json' : 'yaml');
    gap(code, reason, error.line);
    return { empty: false, objects: [], gaps };
  }
  const { value } = result;
  if (value === undefined || value === null) return { empty: true, objects: [], gaps };
  if (text.includes('&') && multiplies(value)) {
    gap('alias-bomb', 'its aliases multiply to millions of values, nest without end, or contain themselves');
    return { empty: false, objects: [], gaps };
  }
  return { empty: false, objects: unpack(value, origin, gap), gaps };
}

/** The objects of a document: itself, the items of a List, the elements of a plain sequence. */
function unpack(value: unknown, origin: Origin, gap: TellGap): SourceObject[] {
  const objects: SourceObject[] = [];
  let strange = 0;
  const add = (item: unknown, prefix: readonly PathSegment[], depth: number): void => {
    if (!isMapping(item)) {
      if (depth === 0 || item === null) return;
      strange += 1;
      if (strange <= MOST_STRANGE) gap('incomplete-object', `item ${prefix.join('.')} is no object`);
      return;
    }
    const { kind, items } = item;
    if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) && depth < 3) {
      items.forEach((element: unknown, index) => {
        add(isMapping(element) ? typedAs(element, item) : element, [...prefix, 'items', index], depth + 1);
      });
    } else if (isKubernetes(item)) {
      objects.push({ object: item, origin: prefix.length === 0 ? origin : { ...origin, prefix } });
    } else if (isMapping(item.metadata) && item.apiVersion !== undefined) {
      gap('incomplete-object', 'the object has no kind');
    }
  };
  if (Array.isArray(value)) value.forEach((element: unknown, index) => isMapping(element) && add(element, [index], 0));
  else add(value, [], 0);
  if (strange > MOST_STRANGE) gap('incomplete-object', `${strange - MOST_STRANGE} more items are no objects`);
  return objects;
}

/** The items of a PodList need not say that they are Pods. */
function typedAs(item: Record<string, unknown>, list: Record<string, unknown>): Record<string, unknown> {
  if (typeof item.kind === 'string' || list.kind === 'List') return item;
  const kind = String(list.kind).slice(0, -'List'.length);
  return { apiVersion: list.apiVersion, ...item, kind };
}

/** Compose files, values, workflows and the like have no kind, or one without an API version. */
function isKubernetes(value: Record<string, unknown>): boolean {
  if (typeof value.kind !== 'string' || value.kind === '') return false;
  if (typeof value.apiVersion === 'string') return !value.apiVersion.startsWith('kustomize.config.k8s.io/');
  return isMapping(value.metadata);
}

function looksLikeKubernetes(text: string): boolean {
  return /(?:^|[\s{,"'])(?:apiVersion|kind)["']?\s*:/.test(text);
}

function looksLikeJson(text: string): boolean {
  const first = /\S/.exec(text)?.[0];
  return first === '{' || first === '[';
}

/** YAML in flow style begins in the same way, yet its keys have no quotes as a rule. */
function looksLikeStrictJson(text: string): boolean {
  return /^\s*(?:\{\s*["}]|\[\s*[[\]{"])/.test(text);
}

/** `{{ … }}` of Go templates: Helm charts outside of their folder, generated manifests. */
function isTemplate(text: string): boolean {
  return /\{\{[-\s]*[^}]*\}\}/.test(text);
}

function parseJson(text: string): YamlResult {
  if (jsonDepth(text) > DEEPEST_JSON)
    return { error: { kind: 'too-deep', reason: `nested deeper than ${DEEPEST_JSON} levels`, line: undefined } };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const reason = messageOf(error);
    const offset = /position (\d+)/.exec(reason)?.[1];
    const line = offset === undefined ? undefined : text.slice(0, Number(offset)).split('\n').length;
    return { error: { kind: 'syntax', reason: reason.replace(/ \(line \d+ column \d+\)$/, ''), line } };
  }
}

/** A text that is no JSON may be YAML in flow style. Of a large one that is slow to find out and not worth it. */
function isMaybeYaml(json: YamlResult, text: string): boolean {
  return 'error' in json && json.error.kind === 'syntax' && text.length < 1_000_000;
}

function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at += 1;
      while (at < text.length && text.charCodeAt(at) !== 34) at += text.charCodeAt(at) === 92 ? 2 : 1;
    } else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return deepest;
}

function describe(error: YamlError, text: string, format: Origin['format']): { code: Gap['code']; reason: string } {
  if (error.kind === 'too-deep') return { code: 'too-deep', reason: error.reason };
  if (error.kind === 'too-many-merges') return { code: 'alias-bomb', reason: error.reason };
  if (isTemplate(text)) return { code: 'template', reason: 'a template, not YAML: render it first' };
  return { code: format === 'json' ? 'json-syntax' : 'yaml-syntax', reason: error.reason };
}

/** Whether a value, written out without sharing, is larger or deeper than any honest document, or endless. */
function multiplies(root: unknown): boolean {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const sizeOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    // Each of many aliases may lead one level deeper.
    if (open.has(value) || open.size > DEEPEST_ALIASES) return Number.POSITIVE_INFINITY;
    open.add(value);
    let size = 1;
    for (const part of Object.values(value)) size += sizeOf(part);
    open.delete(value);
    sizes.set(value, size);
    return size;
  };
  return sizeOf(root) > MOST_VALUES;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
