/**
 * Walks a whole object by names and by forms: pod templates stand in many kinds, custom resources have anything
 * anywhere. What refers to other objects stays as it is, or the model would be wrong.
 */
import { credentialIn } from '../../lib/credentials.ts';
import { UNTOLD, credentialReplacer } from '../../lib/mask.ts';
import { isRecord } from '../../lib/record.ts';
import { isRedacted, redactedIn, redactionOf } from '../../lib/redaction.ts';
import { isNameOfObject, isReference, mustHide, promised } from './must-hide.ts';
import { redactAnnotations } from './redact-annotations.ts';
import { redactCommand } from './redact-commands.ts';
import { type Write, isFile, isPacked, redactText } from './redact-text.ts';
import { hidden, redactLine } from './redact-words.ts';

type Fields = Record<string, unknown>;

/** It was not looked at to its end, so that nothing of it may be kept. */
export class TooDeepError extends Error {}
/** As deep as the model goes. */
const DEEPEST = 200;

/** Labels and what selects by them; encrypted values; keys that anybody may see; what only names fields. */
const LABELS = new Set(['labels', 'matchLabels', 'selector', 'nodeSelector', 'podSelector', 'commonLabels']);
const KEPT = new Set(['managedFields', 'encryptedData']);
const LABEL = /^(?:[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?)?$/;
/** Whatever is called so names something or is an expression: only the form of a credential counts. */
const NAMING = new Set(
  'name namespace image imageID containerID kind apiVersion apiGroup group version uid key host hostname path mountPath type operator expression messageExpression rego creationTimestamp resourceVersion'.split(
    ' ',
  ),
);
/** Below these everything is a setting, and nothing names an object. */
const SETTINGS = new Set(['parameters', 'values', 'valuesObject', 'helm', 'env', 'secretEnv', 'substitute', 'options', 'volumeAttributes']);
/** Such a key says nothing of its own: the name stands beside it, or above it. */
const VALUES = new Set(['value', 'default', 'plaintext', 'plainText', 'inline', 'literal', 'stringValue', 'example']);
const OF_METADATA = ['kind', 'spec', 'template', 'apiVersion'];

interface Place {
  depth: number;
  /** The key that leads here. */
  name: string;
  isSettings: boolean;
  /** Below the data of a Secret: every text is a value of it. */
  isSecret: boolean;
}
const ROOT: Place = { depth: 0, name: '', isSettings: false, isSecret: false };

class Walker {
  readonly #write: Write;
  readonly #replace: ReturnType<typeof credentialReplacer>;

  constructor(write: Write) {
    this.#write = write;
    this.#replace = credentialReplacer((value, credential) =>
      credential === UNTOLD ? hidden(credential.kind, value) : write(credential, value),
    );
  }

  /** Changes it. */
  object(object: Fields): void {
    this.#record(object, ROOT);
  }

  /** A variable, a field: a setting with a name; a whole file may stand in one, which then has names of its own. */
  readonly setting = (name: string, value: string): string => {
    if (value === '') return value;
    if (isPacked(value)) return hidden('packed data', value);
    const credential = credentialIn(name, value);
    const isText = isFile(value);
    if (credential?.by === 'placeholder') return value;
    if (credential !== undefined && (credential.by !== 'form' || !isText)) return this.#write(credential, value);
    const kind = mustHide(name, value);
    if (kind !== undefined) return hidden(kind, value);
    return isText ? this.#file(value) : redactLine(value);
  };

  /** Most keys of a ConfigMap are files, and even a single line is read as one. */
  readonly key = (name: string, value: string): string => {
    if (isPacked(value)) return hidden('packed data', value);
    const isLine = !value.trimEnd().includes('\n');
    const own = isLine ? credentialIn(name, value) : undefined;
    if (own !== undefined) return own.by === 'placeholder' ? value : this.#write(own, value);
    const after = this.#file(value);
    // What the detector has said of a part is not lost for what the name may mean.
    const isTold = (redactedIn(after)?.by ?? 'hidden') !== 'hidden' || (!isLine && name.includes('.'));
    const kind = isTold ? undefined : mustHide(name, value);
    return kind === undefined ? after : hidden(kind, value) + '\n'.repeat(value.split('\n').length - 1);
  };

  #file(text: string): string {
    return redactText(text, this.#write, silentWalk);
  }

  readonly annotation = (name: string, value: string): string => (isNameOfObject(name, value, {}) ? value : this.setting(name, value));

  #record(record: Fields, place: Place): void {
    if (place.depth > DEEPEST) throw new TooDeepError(`it nests deeper than ${DEEPEST} levels`);
    for (const name in record) {
      const part = record[name];
      if (typeof part === 'string') {
        if (part !== '') record[name] = this.#text(record, name, part, place);
      } else if (typeof part === 'object' && part !== null) this.#part(record, name, part, place);
      else if (typeof part === 'number' && part >= 1000 && promised(name) === 'password') record[name] = hidden('password', String(part));
    }
  }

  // oxlint-disable-next-line max-params -- called for every field: an object for its arguments would be garbage
  #part(record: Fields, name: string, part: object, place: Place): void {
    if (KEPT.has(name)) return;
    if (Array.isArray(part)) {
      if (isCommand(name, part)) this.#command(record, part as unknown[], name);
      else this.#list(record, part as unknown[], this.#below(record, name, place));
      return;
    }
    const fields = part as Fields;
    if (LABELS.has(name)) this.#labels(fields, place);
    else if (name === 'annotations') redactAnnotations(fields, this.annotation);
    else this.#record(fields, this.#below(record, name, place));
  }

  #below(record: Fields, name: string, { depth, isSettings, isSecret, name: above }: Place): Place {
    const isData =
      isSecret || name === 'stringData' || (name === 'data' && ((record.kind === 'Secret' && depth > 0) || above === 'template'));
    const isMeta = name === 'metadata' && OF_METADATA.some((each) => each in record);
    return { depth: depth + 1, name, isSettings: isSettings || (SETTINGS.has(name) && !isMeta), isSecret: isData && !isMeta };
  }

  #command(record: Fields, list: unknown[], name: string): void {
    redactCommand(list, {
      before: name === 'args' ? record.command : undefined,
      replace: this.#replace,
      file: (text) => this.setting('', text),
    });
  }

  #list(record: Fields, list: unknown[], place: Place): void {
    if (place.depth > DEEPEST) throw new TooDeepError(`it nests deeper than ${DEEPEST} levels`);
    // `key: X-Token, values: [...]`
    const name = place.name === 'values' && typeof record.key === 'string' && record.operator === undefined ? record.key : place.name;
    for (let index = 0; index < list.length; index += 1) {
      const item = list[index];
      if (typeof item === 'string') {
        if (item !== '') list[index] = this.#value(name, item, record, place);
      } else if (Array.isArray(item)) this.#list({}, item as unknown[], { ...place, depth: place.depth + 1 });
      else if (isRecord(item)) this.#record(item, { ...place, depth: place.depth + 1 });
    }
  }

  // oxlint-disable-next-line max-params -- called for every text
  #text(record: Fields, name: string, text: string, place: Place): string {
    if (NAMING.has(name)) return place.isSecret && place.name !== 'data' ? this.#value(name, text, record, place) : this.#form(text);
    return this.#value(VALUES.has(name) ? nameBeside(record, place.name) : name, text, record, place);
  }

  // oxlint-disable-next-line max-params -- called for every text
  #value(name: string, text: string, record: Fields, { isSettings, isSecret }: Place): string {
    if (isSecret) return isRedacted(text) || isReference(text) ? text : hidden('value of a Secret', text);
    if (!isSettings && isNameOfObject(name, text, record)) return text;
    return this.setting(name, text);
  }

  /** Whatever its name: the form of a credential gives it away. */
  #form(text: string): string {
    if (text.length < 12) return text;
    const credential = credentialIn('', text);
    return credential === undefined ? text : this.#write(credential, text);
  }

  /** What can be a label is one; of a custom resource anything may be called so. */
  #labels(labels: Fields, place: Place): void {
    for (const name in labels) {
      const value = labels[name];
      if (typeof value === 'string') {
        if (!LABEL.test(value)) labels[name] = this.setting(name, value);
      } else if (typeof value === 'object' && value !== null) this.#part(labels, name, value, { ...place, depth: place.depth + 1 });
    }
  }
}

function isCommand(name: string, list: readonly unknown[]): boolean {
  return (name === 'args' || name === 'command') && list.every((item) => typeof item === 'string');
}

/** `{name: Authorization, value: …}`; a taint and a toleration have their keys for other reasons. */
function nameBeside(record: Fields, above: string): string {
  if (typeof record.name === 'string') return record.name;
  if (typeof record.key === 'string') return 'operator' in record || 'effect' in record ? '' : record.key;
  return above;
}

export const LOUD = new Walker(redactionOf);
/** Inside a text the detector has had its say: what else is found there is hidden. */
const SILENT = new Walker(({ kind }, value) => hidden(kind, value));

function silentWalk(value: unknown): unknown {
  const root = { value };
  SILENT.object(root);
  return root.value;
}
