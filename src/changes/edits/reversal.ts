/** Patches as a server takes them: with tests of what they edit, and with their way back. */
import { type PatchOperation, applyPatch, pointerSegments, sameJson } from '../../lib/json-patch.ts';
import { isRedacted } from '../../lib/redaction.ts';
import { isRecord } from '../../lib/record.ts';

type Body = Readonly<Record<string, unknown>>;

/** The same patch, each edit of something behind a test of what stands there, so that it fits nothing else. */
export function withTests(patch: readonly PatchOperation[], object: Body): PatchOperation[] {
  const result: PatchOperation[] = [];
  let now: unknown = object;
  for (const operation of patch) {
    const last = result.at(-1);
    const value = operation.op === 'test' ? undefined : found(now, operation.path, operation.op === 'add');
    const isTested = last?.op === 'test' && (operation.path === last.path || operation.path.startsWith(`${last.path}/`));
    // What was taken out of a snapshot is not what the server has.
    if (value !== undefined && !isTested && !isRedacted(JSON.stringify(value.value)))
      result.push({ op: 'test', path: operation.path, value: value.value });
    result.push(operation);
    now = applyPatch(now, [operation]);
  }
  return result;
}

/** What makes the object again that the patch was applied to. */
export function reversed(patch: readonly PatchOperation[], object: Body): PatchOperation[] {
  const back: PatchOperation[][] = [];
  let now: unknown = object;
  for (const operation of patch) {
    if (operation.op !== 'test') back.push(backOf(operation, now));
    now = applyPatch(now, [operation]);
  }
  const result = back.toReversed().flat();
  return isRecord(now) ? withTests(result, now) : result;
}

function backOf({ op, path, value }: PatchOperation, before: unknown): PatchOperation[] {
  const was = found(before, path, op === 'add');
  if (op === 'remove') return [{ op: 'add', path, value: was?.value }];
  if (op === 'replace' || was !== undefined) return sameJson(was?.value, value) ? [] : [{ op: 'replace', path, value: was?.value }];
  const segments = pointerSegments(path) ?? [];
  const list = segments.at(-1) === '-' ? found(before, path.slice(0, -2), false)?.value : undefined;
  return [{ op: 'remove', path: Array.isArray(list) ? `${path.slice(0, -1)}${list.length}` : path }];
}

/** What stands there; undefined where nothing does, and where `isAdded` puts something between items. */
function found(value: unknown, path: string, isAdded: boolean): { value: unknown } | undefined {
  const segments = pointerSegments(path) ?? [];
  let at = value;
  for (const [depth, segment] of segments.entries()) {
    if (Array.isArray(at)) {
      if (isAdded && depth === segments.length - 1) return undefined;
      if (!(segment in at)) return undefined;
      at = (at as unknown[])[Number(segment)];
    } else {
      if (!isRecord(at) || !Object.hasOwn(at, segment)) return undefined;
      at = at[segment];
    }
  }
  return { value: at };
}

const OF_THE_SERVER: ReadonlySet<string> = new Set([
  'resourceVersion',
  'uid',
  'creationTimestamp',
  'generation',
  'managedFields',
  'selfLink',
  'deletionTimestamp',
]);

/** kubectl keeps here what it applied, and does without where it is not there. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object as somebody would create it; undefined where something of it was taken out while it was read. */
export function creatable(object: Body): Body | undefined {
  const { metadata, status: _status, ...rest } = object;
  const kept = isRecord(metadata) ? Object.fromEntries(Object.entries(metadata).filter(([key]) => !OF_THE_SERVER.has(key))) : {};
  if (isRecord(kept.annotations) && isRedacted(String(kept.annotations[LAST_APPLIED])))
    kept.annotations = Object.fromEntries(Object.entries(kept.annotations).filter(([key]) => key !== LAST_APPLIED));
  const made = { ...rest, metadata: kept };
  return isRedacted(JSON.stringify(made)) || object.kind === 'Secret' ? undefined : made;
}
