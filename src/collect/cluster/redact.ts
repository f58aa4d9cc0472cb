/**
 * Takes out of an object what must not leave the cluster: credentials in the places where people write them, and the
 * copy of itself that kubectl keeps in an annotation. What the detector says of each, and its length, stays.
 */
import { type Credential, credentialIn, credentialsInText } from '../../lib/credentials.ts';
import { credentialReplacer } from '../../lib/mask.ts';
import { isRecord } from '../../lib/record.ts';
import { redactionOf } from '../../lib/redaction.ts';

type Fields = Record<string, unknown>;

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const replace = credentialReplacer((value, credential) => redactionOf(credential, value));
/** Not a finding of its own where it stands: what it repeats is judged in the object itself. */
const COPY: Credential = { kind: 'copy of the object', by: 'placeholder' };
const SECRET_COPY: Credential = { kind: 'values of the Secret', by: 'form' };
const BINARY: Credential = { kind: 'binary data', by: 'placeholder' };

/** Changes the object, which nobody else holds yet. */
export function redact(object: Fields): void {
  const { kind, metadata } = object;
  if (kind === 'Secret') {
    if (isRecord(metadata)) redactAnnotations(metadata, true);
    delete object.data;
    delete object.stringData;
  } else if (kind === 'ConfigMap') redactConfigMap(object);
  else redactParts(object);
}

function redactAnnotations(metadata: Fields, isSecret: boolean): void {
  const { annotations } = metadata;
  if (!isRecord(annotations)) return;
  for (const name of Object.keys(annotations)) {
    const value = annotations[name];
    if (typeof value !== 'string') continue;
    // A Secret may be repeated under another tool's name as well: nothing long of it is kept.
    if (name === LAST_APPLIED || (isSecret && value.trimStart().startsWith('{'))) {
      annotations[name] = redactionOf(isSecret && holdsValues(value) ? SECRET_COPY : COPY, value);
    } else annotations[name] = redactSetting(name, value);
  }
}

/** Whether the copy of a Secret has anything of what is in it. It is taken out either way. */
function holdsValues(copy: string): boolean {
  try {
    const object = JSON.parse(copy) as unknown;
    return isRecord(object) && [object.data, object.stringData].some((values) => isRecord(values) && Object.keys(values).length > 0);
  } catch {
    return false;
  }
}

function redactConfigMap(object: Fields): void {
  const { metadata, data, binaryData } = object;
  if (isRecord(metadata)) redactAnnotations(metadata, false);
  if (isRecord(data)) for (const key of Object.keys(data)) data[key] = redactSetting(key, data[key]);
  if (isRecord(binaryData)) {
    for (const key of Object.keys(binaryData)) binaryData[key] = redactionOf(BINARY, String(binaryData[key]));
  }
}

/** Places below which every text is looked at, whatever kind of object they are in. */
const WHOLE = new Set(['parameters', 'volumeAttributes', 'httpHeaders', 'values', 'valuesObject', 'helm', 'secretEnv']);
const COMMANDS = new Set(['args', 'command']);

/**
 * Walks the whole object: pod templates stand in many kinds, and custom resources have them anywhere. Names, labels
 * and selectors are left as they are: they refer to other objects.
 */
function redactParts(value: unknown): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (typeof item === 'string') value[index] = redactForm(item);
      else redactParts(item);
    }
    return;
  }
  if (!isRecord(value)) return;
  for (const name of Object.keys(value)) {
    const part = value[name];
    if (KEPT.has(name)) continue;
    if (name === 'metadata') {
      if (isRecord(part)) redactAnnotations(part, false);
      continue;
    }
    if (name === 'env' && Array.isArray(part)) part.forEach(redactVariable);
    else if (COMMANDS.has(name) && Array.isArray(part)) value[name] = replace(part);
    else if (WHOLE.has(name) && typeof part === 'object') value[name] = replace(part);
    else if (typeof part === 'string') value[name] = redactForm(part);
    else redactParts(part);
  }
}
const KEPT = new Set(['labels', 'matchLabels', 'selector', 'managedFields', 'status', 'caBundle']);

function redactVariable(variable: unknown): void {
  if (!isRecord(variable) || typeof variable.value !== 'string') return;
  variable.value = redactSetting(typeof variable.name === 'string' ? variable.name : '', variable.value);
}

/** Whatever its name: the form of a credential gives it away. */
function redactForm(text: string): unknown {
  if (text.length < 12) return text;
  const credential = credentialIn('', text);
  return credential === undefined ? text : redactionOf(credential, text);
}

/** A setting with a name; a whole file may stand in one. */
function redactSetting(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (isFile(value)) return redactText(value);
  const credential = credentialIn(name, value);
  return credential === undefined ? replace(value) : credential.by === 'placeholder' ? value : redactionOf(credential, value);
}

function isFile(text: string): boolean {
  return text.trimEnd().includes('\n') || text.startsWith('{');
}

const KEY_BLOCK =
  /-{3,5}\s?BEGIN (?:[A-Z0-9]+ )*PRIVATE[ -]KEY[\s\S]*?(?:-{3,5}\s?END (?:[A-Z0-9]+ )*PRIVATE[ -]KEY(?: BLOCK)?\s?-{3,5}|$)/g;

/** A file keeps its lines, so that what is told of them stays true. */
function redactText(text: string): string {
  let left = text.replaceAll(
    KEY_BLOCK,
    (block) => redactionOf({ kind: 'private key', by: 'form' }, block) + '\n'.repeat(block.split('\n').length - 1),
  );
  // One value may be a part of another: a password of the address that it is in.
  const found = credentialsInText(left).sort((a, b) => b.value.length - a.value.length);
  for (const { kind, by, value, line } of found) {
    if (by === 'placeholder' || value.includes('redacted-by-castellan:')) continue;
    const mark = redactionOf({ kind, by }, value);
    if (value.length >= 8) left = left.replaceAll(value, mark);
    // A short value may be a part of other words.
    else left = replaceInLine(left, line, (written) => written.replace(value, mark));
  }
  // What the detector does not list any more, as in a file with a hundred passwords.
  return left
    .split('\n')
    .map((line) => replace(line))
    .join('\n');
}

function replaceInLine(text: string, line: number, change: (written: string) => string): string {
  const lines = text.split('\n');
  const written = lines[line - 1];
  if (written !== undefined) lines[line - 1] = change(written);
  return lines.join('\n');
}
