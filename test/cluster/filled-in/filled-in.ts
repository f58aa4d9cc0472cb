/** The fields that a server filled in, of those that the model knows. */
import { KINDS, isRecord } from '../../../src/model/index.ts';
import { objectMeta } from '../../../src/model/kinds/meta.ts';
import type { Fields } from './served.ts';

interface Shape {
  fields?: Readonly<Record<string, Shape | string>>;
  list?: Shape | string;
}
interface Entry {
  shape: Shape;
  pod?: { spec: string };
}
export type Filled = [field: string, value: unknown];

export function filledIn(written: Fields, served: Fields): Filled[] {
  const kind = String(written.kind);
  const { shape, pod } = (KINDS as unknown as Record<string, Entry>)[kind] ?? { shape: {} };
  return compare([written, served], shape).map(([path, value]) => {
    const inPod = pod !== undefined && path.startsWith(`.${pod.spec}.`);
    return [inPod ? `Pod ${path.slice(pod.spec.length + 2)}` : `${kind} ${path.slice(1)}`, value];
  });
}

function compare([before, after]: readonly [unknown, unknown], shape: Shape | string | undefined): Filled[] {
  if (shape === undefined || after === undefined) return [];
  if (
    typeof shape !== 'string' &&
    shape.fields !== undefined &&
    isRecord(after) &&
    (before !== undefined || Object.keys(after).length > 0)
  ) {
    const own = isRecord(before) ? before : {};
    return Object.entries(after).flatMap(([key, value]) => below(`.${key}`, compare([own[key], value], shape.fields?.[key])));
  }
  if (typeof shape !== 'string' && shape.list !== undefined && Array.isArray(before) && Array.isArray(after))
    return after.flatMap((value, index) => below('[]', compare([before[index], value], shape.list)));
  return before === undefined && !(shape === objectMeta && isEmpty(after)) ? [['', after]] : [];
}

/** Some releases write metadata that says nothing. */
function isEmpty(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}

function below(step: string, found: readonly Filled[]): Filled[] {
  return found.map(([path, value]) => [step + path, value]);
}
