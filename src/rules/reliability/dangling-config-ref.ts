import type { ApiObject, Tables } from '../../model/index.ts';
import { CONTAINER, POD, documents, withContainer, withPod } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';
import { GIVEN_CONFIG_MAPS } from '../system-namespaces.ts';
import { quotedNames } from '../secrets/mounted.ts';
import { type ConfigReference, configReferences } from './config-references.ts';

type Makers = Pick<Tables, 'Certificate' | 'ExternalSecret' | 'SealedSecret' | 'SecretProviderClass'>;

const MAP = '{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: {level: info}}';

export const rule = defineRule({
  id: 'dangling-config-ref',
  title: 'ConfigMap or Secret that is not there',
  severity: 'medium',
  area: 'reliability',
  rationale:
    'A pod whose ConfigMap, Secret or key is missing does not start, and at the next restart or drain neither do those that run today.',
  remedy:
    'Correct the name or the key, add the object to what is deployed, or mark the reference optional where the program copes without.',
  controls: [],
  aliases: { popeye: ['304', '407', '1300'] },
  scope: 'workload',
  reads: ['ConfigMap', 'Secret', 'completeness', 'Certificate', 'ExternalSecret', 'SealedSecret', 'SecretProviderClass'],
  check(workload, tables) {
    let hits: Hit[] | undefined;
    let told: Set<string> | undefined;
    let elsewhere: ConfigReference[] | undefined;
    for (const reference of configReferences(workload)) {
      if (reference.optional) continue;
      const { kind, name, path } = reference;
      const table = kind === 'ConfigMap' ? tables.ConfigMap : tables.Secret;
      const isThere = table.get(workload.namespace, name) !== undefined;
      if (!isThere && !tables.completeness.complete) {
        if (!isGiven(reference, workload.namespace, tables)) (elsewhere ??= []).push(reference);
        continue;
      }
      const problem = isThere
        ? lacking(reference, variantsOf(table, workload.namespace, name))
        : absent(reference, workload.namespace, tables);
      if (problem === undefined || told?.has(problem.key) === true) continue;
      (told ??= new Set()).add(problem.key);
      (hits ??= []).push({ ...problem, path, value: name });
    }
    return elsewhere === undefined ? hits : [...(hits ?? []), ...notInInput(elsewhere)];
  },
  examples: () => ({
    good: [
      documents(withContainer('envFrom: [{configMapRef: {name: settings}}]'), MAP),
      withContainer('env: [{name: A, valueFrom: {secretKeyRef: {name: maybe, key: a, optional: true}}}]'),
      withPod('volumes: [{name: ca, projected: {sources: [{configMap: {name: kube-root-ca.crt}}]}}]'),
      documents(
        withPod('volumes: [{name: tls, secret: {secretName: web-tls}}]'),
        '{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: web, namespace: shop}, spec: {secretName: web-tls}}',
      ),
    ],
    bad: [
      { yaml: withContainer('envFrom: [{secretRef: {name: api}}]'), path: `${CONTAINER}.envFrom[0].secretRef.name`, severity: 'low' },
      {
        yaml: documents(withContainer('env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: color}}}]'), MAP),
        path: `${CONTAINER}.env[0].valueFrom.configMapKeyRef.name`,
        severity: 'medium',
      },
      {
        yaml: withPod('volumes: [{name: a, configMap: {name: one}}, {name: b, configMap: {name: two}}]'),
        path: `${POD}.volumes[0].configMap.name`,
        severity: 'low',
      },
      {
        yaml: documents(withPod('volumes: [{name: a, configMap: {name: settings}}]'), MAP.replace('shop', 'other')),
        path: `${POD}.volumes[0].configMap.name`,
        severity: 'low',
      },
    ],
  }),
});

type Problem = Pick<Hit, 'message'> & { key: string };

function isGiven({ kind, name }: ConfigReference, namespace: string, tables: Makers): boolean {
  return (kind === 'ConfigMap' && GIVEN_CONFIG_MAPS.has(name)) || (kind === 'Secret' && madeSecrets(tables).has(`${namespace}/${name}`));
}

function absent(reference: ConfigReference, namespace: string, tables: Makers): Problem | undefined {
  const { kind, name } = reference;
  return isGiven(reference, namespace, tables) ? undefined : { message: `${kind} "${name}" does not exist`, key: `${kind}/${name}` };
}

/** Generators, operators and people with kubectl make them too, Secrets above all: one finding for all that a workload uses. */
function notInInput(references: readonly ConfigReference[]): Hit[] {
  const hits: Hit[] = [];
  for (const kind of ['ConfigMap', 'Secret'] as const) {
    const of = references.filter((reference) => reference.kind === kind);
    const [first, ...rest] = of;
    if (first === undefined) continue;
    const one = new Set(of.map(({ name }) => name)).size === 1;
    hits.push({
      message: `${kind}${one ? '' : 's'} ${quotedNames(of.map(({ name }) => name))} ${one ? 'is' : 'are'} not in the input`,
      path: first.path,
      value: first.name,
      key: kind,
      severity: 'low',
      also: rest.map(({ path }) => ({ path })),
    });
  }
  return hits;
}

type Holder = ApiObject<'ConfigMap'> | ApiObject<'Secret'>;

/** A key that no object of the name has: an input often holds one for each environment. */
function lacking({ kind, name, keys }: ConfigReference, variants: readonly Holder[]): Problem | undefined {
  const missing = keys.find((key) => variants.every((object) => lacksKey(object, key)));
  return missing === undefined ? undefined : { message: `${kind} "${name}" has no key "${missing}"`, key: `${kind}/${name}/${missing}` };
}

function lacksKey(object: Holder, key: string): boolean {
  const { data, binaryData, stringData } = object.body as ApiObject<'ConfigMap'>['body'] & ApiObject<'Secret'>['body'];
  // Without any data the object is filled by somebody else.
  if (data === undefined && binaryData === undefined && stringData === undefined) return false;
  return [data, binaryData, stringData].every((part) => part === undefined || !Object.hasOwn(part, key));
}

const VARIANTS = new WeakMap<object, Map<string, Holder[]>>();

function variantsOf(table: Tables['ConfigMap'] | Tables['Secret'], namespace: string, name: string): readonly Holder[] {
  let index = VARIANTS.get(table);
  if (index === undefined) {
    index = new Map();
    for (const object of table.all) {
      const key = `${object.namespace}/${object.name}`;
      const variants = index.get(key);
      if (variants === undefined) index.set(key, [object]);
      else variants.push(object);
    }
    VARIANTS.set(table, index);
  }
  return index.get(`${namespace}/${name}`) ?? [];
}

const MADE = new WeakMap<Tables['Certificate'], ReadonlySet<string>>();

/** `namespace/name` of the Secrets that objects of add-ons in the input will make. */
function madeSecrets({ Certificate, ExternalSecret, SealedSecret, SecretProviderClass }: Makers): ReadonlySet<string> {
  let made = MADE.get(Certificate);
  if (made === undefined) {
    made = new Set([
      ...Certificate.all.map(({ namespace, body }) => `${namespace}/${body.spec?.secretName}`),
      ...ExternalSecret.all.map(({ namespace, name, body }) => `${namespace}/${body.spec?.target?.name ?? name}`),
      ...SealedSecret.all.map(({ namespace, name, body }) => `${namespace}/${body.spec?.template?.metadata?.name ?? name}`),
      ...SecretProviderClass.all.flatMap(({ namespace, body }) =>
        (body.spec?.secretObjects ?? []).map(({ secretName }) => `${namespace}/${secretName}`),
      ),
    ]);
    MADE.set(Certificate, made);
  }
  return made;
}
