/** The objects that a binding hands to its policy as `params`, as far as they are in the input. */
import { type ApiObject, type Tables, groupOf, isNamespaced, kindOf, selectorMatches } from '../../model/index.ts';
import { ANYTHING, Mapping, SOMETHING, type Value, fromJson } from '../cel/index.ts';

type Policy = NonNullable<ApiObject<'ValidatingAdmissionPolicy'>['body']['spec']>;
type Binding = NonNullable<ApiObject<'ValidatingAdmissionPolicyBinding'>['body']['spec']>;

export interface Asked {
  readonly kind: Policy['paramKind'];
  readonly ref: Binding['paramRef'];
  readonly namespace: string;
}

/** What is validated with, one after another: null without parameters. `unknown` where the input does not tell. */
export function parametersOf(tables: Tables, { kind, ref, namespace }: Asked): readonly Value[] | 'unknown' {
  if (kind === undefined || ref === undefined) return [null];
  const { apiVersion = '', kind: name = '' } = kind;
  const namespaced = isKindNamespaced(tables, apiVersion, name);
  if (namespaced === undefined) return 'unknown';
  const where = namespaced ? (ref.namespace ?? namespace) : '';
  const found = tables.objects.all.filter(
    (object) =>
      object.kind === name &&
      object.group === groupOf(apiVersion) &&
      object.namespace === where &&
      (ref.name === undefined || ref.name === '' ? selectorMatches(ref.selector, object.labels) : object.name === ref.name),
  );
  // One of another version would be converted.
  if (found.some((object) => object.apiVersion !== apiVersion)) return 'unknown';
  // Files may leave out what is in the cluster, and of custom resources not all are read.
  const seesAll = tables.completeness.complete && kindOf(apiVersion, name) === 'ConfigMap';
  const one = ref.name !== undefined && ref.name !== '';
  return seesAll || (one && found.length > 0) ? found.map((object) => parameter(object)) : 'unknown';
}

function isKindNamespaced(tables: Tables, apiVersion: string, kind: string): boolean | undefined {
  if (kindOf(apiVersion, kind) !== undefined) return isNamespaced(apiVersion, kind);
  const defined = tables.CustomResourceDefinition.all.find(
    ({ body }) => body.spec?.group === groupOf(apiVersion) && body.spec.names?.kind === kind,
  );
  return defined?.body.spec?.scope === undefined ? undefined : defined.body.spec.scope === 'Namespaced';
}

/** Of kinds that the model knows only fields that are judged are kept: only the data of a ConfigMap is taken as whole. */
function parameter(object: ApiObject): Value {
  const { labels, annotations, apiVersion, kind, name, namespace } = object;
  const meta = { name, ...(namespace !== '' && { namespace }), ...filled('labels', labels), ...filled('annotations', annotations) };
  const metadata = new Mapping({ there: { ...withValues(meta) }, open: true });
  const body = object.body as Readonly<Record<string, unknown>>;
  if (object.known === 'ConfigMap') {
    const data = body.data === undefined ? {} : { data: fromJson(body.data) };
    return new Mapping({ there: { apiVersion, kind, metadata, ...data }, maybe: { binaryData: SOMETHING, immutable: SOMETHING } });
  }
  if (object.known !== undefined) return ANYTHING;
  const { metadata: _, ...others } = body;
  // A status is not kept.
  return new Mapping({ there: { ...withValues(others), apiVersion, kind, metadata }, maybe: { status: SOMETHING } });
}

function filled(name: string, map: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.keys(map).length === 0 ? {} : { [name]: map };
}

function withValues(fields: Readonly<Record<string, unknown>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, fromJson(value)]])));
}
