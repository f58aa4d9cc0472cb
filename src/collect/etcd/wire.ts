/** Protocol buffers as they are written: fields in bytes, read strictly. */

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

/** One field: `start` to `end` is its content; `value` the number of a varint, inexact from 2^53 on. Changed by the next one. */
export interface Field {
  number: number;
  type: number;
  start: number;
  end: number;
  value: number;
}

/**
 * Goes through the fields of a message that stands at `start` to `end`. False where the bytes are no message: cut short,
 * of a type that is none, or with a number that is longer than it has to be; or where `visit` says so.
 */
export function eachField(bytes: Buffer, [start, end]: readonly [number, number], visit: (field: Field) => boolean): boolean {
  const field: Field = { number: 0, type: 0, start: 0, end: start, value: 0 };
  while (field.end < end) {
    if (!varint(bytes, field, end) || field.value < 8 || field.value > 0xffff_ffff) return false;
    field.number = Math.floor(field.value / 8);
    field.type = field.value % 8;
    if (!content(bytes, field, end) || !visit(field)) return false;
  }
  return true;
}

function content(bytes: Buffer, field: Field, end: number): boolean {
  if (field.type === FIXED32 || field.type === FIXED64) {
    field.start = field.end;
    field.end += field.type === FIXED32 ? 4 : 8;
    return field.end <= end;
  }
  if (field.type !== VARINT && field.type !== BYTES) return false;
  const start = field.end;
  if (!varint(bytes, field, end)) return false;
  field.start = field.type === VARINT ? start : field.end;
  if (field.type === BYTES) field.end += field.value;
  return field.end <= end;
}

/** Reads on at the end of the field. Shortest form only, as every writer makes it, and 64 bits at most. */
function varint(bytes: Buffer, field: Field, end: number): boolean {
  const start = field.end;
  let value = 0;
  let scale = 1;
  for (let at = start; at < end && at < start + 10; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      field.value = value;
      field.end = at + 1;
      return at === start || (byte > 0 && (at < start + 9 || byte === 1));
    }
    scale *= 128;
  }
  return false;
}

/** The exact number of a varint that was read. */
export function exactVarint(bytes: Buffer, { start, end }: Field): bigint {
  let value = 0n;
  for (let at = end - 1; at >= start; at -= 1) value = value * 128n + BigInt((bytes[at] ?? 0) & 0x7f);
  return value;
}
