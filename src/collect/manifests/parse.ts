/** Text of a document → the Kubernetes objects in it, or a gap that says why there are none. */
import { jsonFault } from '../../lib/json-fault.ts';
import { multiplies } from '../../lib/multiplies.ts';
import { isDeeper, isRecord } from '../../lib/record.ts';
import type { PackedEvents } from '../../lib/yaml-events.ts';
import { type YamlError, type YamlResult, parseYaml } from '../../lib/yaml.ts';
import { skipString } from '../../lib/positions-json.ts';
import type { Gap, Origin, SourceObject } from '../../snapshot/index.ts';
import type { DocumentText } from './text.ts';
import { unpack } from './unpack.ts';

export interface Parsed {
  /** Whether the document holds anything but comments. */
  empty: boolean;
  objects: SourceObject[];
  gaps: Gap[];
}

/** More values than this in one document only come about by aliases that multiply. */
const MOST_VALUES = 5_000_000;
const DEEPEST_JSON = 200;
const TOO_DEEP: YamlResult = { error: { kind: 'too-deep', reason: `nested deeper than ${DEEPEST_JSON} levels`, line: undefined } };
/** Items of a List that cannot be judged and are told one by one. */
const MOST_STRANGE = 10;

/** `line` is counted from the first one of the document. */
type TellGap = (code: Gap['code'], reason: string, line?: number) => void;

/** `tolerant` reads what the strict parser refuses; undefined where that cannot be read either. */
export type TolerantParser = (text: string) => Promise<{ value: unknown } | undefined>;

/** A document that is being read. */
interface Reading {
  readonly text: string;
  readonly origin: Origin;
  readonly gaps: Gap[];
  readonly gap: TellGap;
  /** What reading it as JSON gave, if it looked like that. */
  readonly json: YamlResult | undefined;
}

/**
 * Reads a document. The tolerant parser is asked only for text that looks like a Kubernetes object; without it there is
 * nothing to wait for, and to wait a thousand times takes a few milliseconds.
 */
export function parseDocument(file: string, document: DocumentText, tolerant: TolerantParser): Parsed | Promise<Parsed> {
  const { text, named = false } = document;
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
  const isForeign = !named && !looksLikeKubernetes(text);
  if ('error' in result && result.error.kind !== 'too-deep' && isForeign) return { empty: false, objects: [], gaps: [] };
  const reading: Reading = { text, origin, gaps, gap, json };
  if (!('error' in result) || result.error.kind !== 'syntax' || isTemplate(text)) return parsedAs(result, reading);
  const refused = result;
  return tolerant(text).then((read) => parsedAs(read ?? refused, reading));
}

function parsedAs(result: YamlResult, { text, origin, gaps, gap, json }: Reading): Parsed {
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
  if (result.events !== undefined) keep(result.events, origin);
  if (text.includes('&') && multiplies(value, MOST_VALUES)) {
    gap('alias-bomb', 'its aliases multiply to millions of values, nest without end, or contain themselves');
    return { empty: false, objects: [], gaps };
  }
  return { empty: false, objects: objectsIn(value, origin, gap), gaps };
}

/** Numbers that are kept of events at the most: 64 MB, the events of about 50 MB of manifests. */
const MOST_KEPT = 16_000_000;
let kept = 0;

/** Reports ask for the positions of nearly every document, and to read it twice costs a third more. */
function keep(events: PackedEvents, origin: Origin): void {
  if (kept >= MOST_KEPT) return;
  kept += events.length;
  origin.events = events;
}

/** The objects of a document; what a List holds besides is told, for kubectl would refuse it. */
function objectsIn(value: unknown, origin: Origin, gap: TellGap): SourceObject[] {
  const objects: SourceObject[] = [];
  let strange = 0;
  for (const { item, prefix, list } of unpack(value)) {
    if (isRecord(item) && isKubernetes(item)) {
      objects.push({ object: item, origin: prefix.length === 0 ? origin : { ...origin, prefix } });
      continue;
    }
    const fault = list === undefined ? faultOf(item) : faultOfItem(item, list);
    if (fault === undefined) continue;
    strange += 1;
    const name = list === undefined ? 'the object' : `item ${prefix.join('.')}`;
    if (strange <= MOST_STRANGE) gap('incomplete-object', `${name} ${fault}`);
  }
  if (strange > MOST_STRANGE) gap('incomplete-object', `${strange - MOST_STRANGE} more items are no whole objects`);
  return objects;
}

/** What stands by itself may be anything; only metadata and an API version show what it was meant to be. */
function faultOf(item: unknown): string | undefined {
  return isRecord(item) && isRecord(item.metadata) && item.apiVersion !== undefined && !isText(item.kind) ? 'has no kind' : undefined;
}

function faultOfItem(item: unknown, list: Record<string, unknown>): string | undefined {
  if (item === null) return undefined;
  if (!isRecord(item)) return 'is no object';
  // A List of something else than Kubernetes objects.
  if (list.kind !== 'List' && !isText(list.apiVersion)) return undefined;
  if (!isText(item.kind)) return isText(item.apiVersion) ? 'has no kind' : 'has no kind and no apiVersion';
  return item.apiVersion === undefined ? 'has no apiVersion' : undefined;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** Compose files, values, workflows and the like have no kind, or one without an API version. */
function isKubernetes(value: Record<string, unknown>): boolean {
  if (typeof value.kind !== 'string' || value.kind === '') return false;
  if (typeof value.apiVersion === 'string') return !value.apiVersion.startsWith('kustomize.config.k8s.io/');
  return isRecord(value.metadata);
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
  const start = text.indexOf('{{');
  return start >= 0 && text.includes('}}', start + 2);
}

function parseJson(text: string): YamlResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (textDepth(text) > DEEPEST_JSON) return TOO_DEEP;
    const { reason, line } = jsonFault(text);
    return { error: { kind: 'syntax', reason, line } };
  }
  return isDeeper(value, DEEPEST_JSON) ? TOO_DEEP : { value };
}

/** A text that is no JSON may be YAML in flow style. Of a large one that is slow to find out and not worth it. */
function isMaybeYaml(json: YamlResult, text: string): boolean {
  return 'error' in json && json.error.kind === 'syntax' && text.length < 1_000_000;
}

/** Of text that is no JSON: as YAML it would take long. */
function textDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) at = skipString(text, at) - 1;
    else if (code === 123 || code === 91) {
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
