/**
 * Values that an API server did not encrypt, decoded as far as every kind has it in common: the frame of k8s.io/apimachinery
 * (runtime.Unknown), JSON of custom resources, CBOR. Nothing of a value is kept but its kind and its times.
 */
import type { PlainForm } from './forms.ts';
import { BYTES, VARINT, eachField } from './wire.ts';

export interface PlainValue {
  as: PlainForm['as'];
  kind?: string;
  /** Of the object; some that the API server keeps for itself have none. */
  name?: string;
  /** Seconds since 1970. */
  created?: number;
  /** Of a Lease: when its holder last said that it lives. */
  renewed?: number;
}

const PROTOBUF = Buffer.from('k8s\0');
/** The tag by which CBOR describes itself. */
const CBOR = Buffer.from([0xd9, 0xd9, 0xf7]);
const UNKNOWN: PlainValue = { as: 'unknown' };

export function readPlain(value: Buffer): PlainValue {
  if (value[0] === 0x7b) return readJson(value);
  if (value.subarray(0, 4).equals(PROTOBUF)) return readProtobuf(value);
  return value.subarray(0, 3).equals(CBOR) ? { as: 'cbor' } : UNKNOWN;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function readJson(value: Buffer): PlainValue {
  let object: unknown;
  try {
    object = JSON.parse(UTF8.decode(value));
  } catch {
    return UNKNOWN;
  }
  const { kind, apiVersion, metadata } = object as {
    kind?: unknown;
    apiVersion?: unknown;
    metadata?: { name?: unknown; creationTimestamp?: unknown } | null;
  };
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') return UNKNOWN;
  const { name, creationTimestamp } = metadata ?? {};
  const created = typeof creationTimestamp === 'string' ? Date.parse(creationTimestamp) / 1000 : Number.NaN;
  return { as: 'json', kind, ...(typeof name === 'string' && { name }), ...(Number.isFinite(created) && { created }) };
}

/** A span of bytes, and nothing where a field has none. */
type Span = readonly [number, number];

function readProtobuf(value: Buffer): PlainValue {
  const frame = fieldsOf(value, [PROTOBUF.length, value.length]);
  const [type, raw] = [frame?.get(1), frame?.get(2)];
  if (frame === undefined || type === undefined || raw === undefined || [...frame.keys()].some((number) => number > 4)) return UNKNOWN;
  const names = fieldsOf(value, type);
  const [apiVersion, kind] = [textOf(value, names?.get(1)), textOf(value, names?.get(2))];
  const fields = fieldsOf(value, raw);
  if (fields === undefined || apiVersion === undefined || kind === undefined || kind === '') return UNKNOWN;
  const metadata = fields.get(1);
  const name = metadata === undefined ? undefined : textOf(value, fieldsOf(value, metadata)?.get(1));
  const created = secondsIn(value, fields, [1, 8]);
  const renewed = kind === 'Lease' && apiVersion.startsWith('coordination.k8s.io/') ? secondsIn(value, fields, [2, 4]) : undefined;
  return {
    as: 'protobuf',
    kind,
    ...(name !== undefined && { name }),
    ...(created !== undefined && { created }),
    ...(renewed !== undefined && { renewed }),
  };
}

/** The first content of each field that has one. */
function fieldsOf(bytes: Buffer, span: Span): Map<number, Span> | undefined {
  const fields = new Map<number, Span>();
  const whole = eachField(bytes, span, ({ number, type, start, end }) => {
    if (type === BYTES && !fields.has(number)) fields.set(number, [start, end]);
    return true;
  });
  return whole ? fields : undefined;
}

function textOf(bytes: Buffer, span: Span | undefined): string | undefined {
  return span === undefined ? undefined : bytes.toString('utf8', ...span);
}

/** Of a time inside of a message: its field 1. Times before 1970 are none. */
function secondsIn(bytes: Buffer, fields: Map<number, Span>, [outer, inner]: readonly [number, number]): number | undefined {
  const span = fields.get(outer);
  const time = span === undefined ? undefined : fieldsOf(bytes, span)?.get(inner);
  let seconds: number | undefined;
  if (time === undefined) return undefined;
  eachField(bytes, time, ({ number, type, value }) => {
    if (number === 1 && type === VARINT && value > 0 && value < 2 ** 40) seconds = value;
    return true;
  });
  return seconds;
}
