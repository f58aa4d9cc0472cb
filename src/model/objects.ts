/** API objects as the model holds them: identity parsed once, body conformed to the shape of its kind. */
import { type Gap, type Origin, type SourceObject, isOfCluster } from '../snapshot/index.ts';
import { type BodyOf, type Kind, KINDS, readKind } from './kinds/catalog.ts';
import { objectMeta } from './kinds/meta.ts';
import type { ObjectMeta } from './kinds/pod.ts';
import { Lean } from './lean.ts';
import { type Misfit, type Shape, conformTo, isRecord, object } from './schema.ts';

export interface ApiObject<K extends Kind = Kind> {
  /** Ascending in the order of the snapshot. */
  readonly id: number;
  readonly apiVersion: string;
  readonly group: string;
  /** As written; `known` is the entry of the catalog that it is read by. */
  readonly kind: string;
  readonly known: K | undefined;
  /** '' where the kind has no namespace. */
  readonly namespace: string;
  readonly name: string;
  readonly metadata: ObjectMeta;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly body: BodyOf<K>;
  /** Fields whose type the API server would refuse. */
  readonly misfits: readonly Misfit[];
  readonly origin: Origin;
  /** `metadata.managedFields` as JSON, of objects that a server gave and no controller made; see managers.ts. */
  readonly managedFields: string | undefined;
}

const NOTHING: Readonly<Record<string, string>> = Object.freeze({});

const SHAPES = new Map<string, Shape>(
  Object.entries(KINDS).map(([kind, entry]) => [kind, object({ ...entry.shape.fields, metadata: objectMeta })]),
);
const UNKNOWN_SHAPE = object({ metadata: objectMeta });

/** `Kind/namespace/name`, or `Kind/name` where there is no namespace. */
export function refOf(object: Pick<ApiObject, 'kind' | 'namespace' | 'name'>): string {
  return object.namespace === '' ? `${object.kind}/${object.name}` : `${object.kind}/${object.namespace}/${object.name}`;
}

/**
 * The object, or a gap where it has no kind. A missing name is kept as '': what the object would do is judged all
 * the same. A namespaced object without a namespace lands in `default`, as `kubectl apply` would put it.
 */
export function toApiObject(source: SourceObject, id: number, lean?: Lean): ApiObject | Gap {
  const raw = source.object;
  const kind = typeof raw.kind === 'string' ? raw.kind : '';
  const apiVersion = typeof raw.apiVersion === 'string' ? raw.apiVersion : '';
  if (kind === '') {
    return {
      scope: `${source.origin.source}:${source.origin.line}`,
      code: 'incomplete-object',
      reason: 'the object has no kind',
      effect: 'it was not judged',
    };
  }
  const { known, group, namespaced } = readKind(apiVersion, kind);
  const misfits: Misfit[] = [];
  const whole = isOfCluster(source.origin) ? leaned(raw, known, lean) : raw;
  if (whole === undefined) return { scope: nameIn(raw), code: 'too-deep', reason: 'it nests too deep', effect: 'it was not judged' };
  const body = conformTo(whole, (known === undefined ? undefined : SHAPES.get(known)) ?? UNKNOWN_SHAPE, misfits) as Record<string, unknown>;
  const metadata: ObjectMeta = isRecord(body.metadata) ? body.metadata : {};
  return {
    id,
    apiVersion,
    group,
    kind,
    known,
    namespace: namespaced ? metadata.namespace || 'default' : '',
    name: metadata.name ?? (metadata.generateName === undefined ? '' : `${metadata.generateName}*`),
    metadata,
    labels: metadata.labels ?? NOTHING,
    annotations: metadata.annotations ?? NOTHING,
    body: body as BodyOf<Kind>,
    misfits,
    origin: source.origin,
    managedFields: source.managedFields,
  };
}

function leaned(raw: SourceObject['object'], known: Kind | undefined, lean = new Lean()): Record<string, unknown> | undefined {
  try {
    return lean.of(raw, known);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function nameIn({ kind, metadata }: SourceObject['object']): string {
  const { namespace = '', name = '' } = isRecord(metadata) ? metadata : {};
  return refOf({ kind: String(kind), namespace: String(namespace), name: String(name) });
}
