/**
 * Takes out of an object what must not leave the cluster: credentials wherever people write them. What the detector
 * says of each, and its length, stays; what only might be one is hidden, and nothing is said of it.
 */
import { isRecord } from '../../lib/record.ts';
import { type Mark, redactionOf } from '../../lib/redaction.ts';
import { redactAnnotationsOfSecret } from './redact-annotations.ts';
import { LOUD, TooDeepError } from './redact-walk.ts';

export { TooDeepError };

type Fields = Record<string, unknown>;

const BINARY: Mark = { kind: 'binary data', by: 'placeholder' };

/** Changes the object, which nobody else holds yet. Throws a TooDeepError where it nests too deep to be looked at. */
export function redact(object: Fields): void {
  const { kind, apiVersion } = object;
  const isCore = apiVersion === undefined || apiVersion === 'v1';
  if (kind === 'Secret' && isCore) redactSecret(object);
  else if (kind === 'ConfigMap' && isCore) redactConfigMap(object);
  else LOUD.object(object);
}

function redactSecret(object: Fields): void {
  delete object.data;
  delete object.stringData;
  const { metadata } = object;
  if (!isRecord(metadata)) return;
  const { annotations, ...others } = metadata;
  if (isRecord(annotations)) redactAnnotationsOfSecret(annotations, LOUD.annotation);
  LOUD.object({ metadata: others, kind: 'Secret' });
}

function redactConfigMap(object: Fields): void {
  const { data, binaryData, ...others } = object;
  LOUD.object(others);
  if (isRecord(data)) {
    for (const key of Object.keys(data)) {
      const value = data[key];
      if (typeof value === 'string') data[key] = LOUD.key(key, value);
      else LOUD.object({ [key]: value });
    }
  }
  if (isRecord(binaryData)) {
    for (const key of Object.keys(binaryData)) binaryData[key] = redactionOf(BINARY, String(binaryData[key]));
  }
}
