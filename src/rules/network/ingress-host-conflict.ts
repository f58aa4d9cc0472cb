import { type KindTable, refOf } from '../../model/index.ts';
import { documents } from '../examples.ts';
import { type Hit, defineRule, mitre } from '../rule.ts';
import { type Ingress, classOf, isAcmeSolver, isCanary } from './ingresses.ts';

const ingress = (spec: string, metadata = '{name: web, namespace: shop}'): string => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: ${metadata}
spec: ${spec}`;
const PATHS = 'http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}';
const HOST = `{rules: [{host: shop.example.com, ${PATHS}}]}`;
const OTHER = '{name: other, namespace: blog}';

export const rule = defineRule({
  id: 'ingress-host-conflict',
  title: 'Two Ingresses for one host and path',
  severity: 'medium',
  area: 'network',
  rationale:
    'Which of the two gets the requests is up to the controller, often the age of the objects: who may write an Ingress in another namespace can take over traffic, with the cookies and passwords in it.',
  remedy:
    'Leave the host and path to one Ingress, and let an admission policy say which hosts a namespace may use. For trial releases use the canary annotations of the controller.',
  controls: mitre('T1557'),
  aliases: {
    'kyverno-policies': ['unique-ingress-host-and-path', 'unique-ingress-paths'],
    'gatekeeper-library': ['uniqueingresshost'],
  },
  scope: 'object',
  kinds: ['Ingress'],
  reads: ['Ingress'],
  check(object, tables) {
    const claims = claimsOf(object);
    if (claims.length === 0) return undefined;
    const index = indexOf(tables.Ingress);
    const own = refOf(object);
    const hits: Hit[] = [];
    for (const { key, host, path, at } of claims) {
      // One of them stands for all: the finding is at the others, whatever the order of the input.
      const first = index.get(key);
      if (first === undefined || refOf(first) === own) continue;
      hits.push({
        key: `${host}${path}`,
        severity: first.namespace === object.namespace ? 'low' : 'medium',
        message: `claims ${host || 'any host'}${path}, which ${refOf(first)} claims too`,
        path: at,
        also: [{ object: first, path: 'spec.rules' }],
      });
    }
    return hits;
  },
  examples: () => ({
    good: [
      documents(ingress(HOST), ingress(HOST.replace('path: /,', 'path: /blog,'), OTHER)),
      documents(ingress(HOST), ingress(HOST.replace('shop.', 'blog.'), OTHER)),
      // One for each of two controllers, inside and outside.
      documents(ingress(HOST), ingress(HOST.replace('{rules', '{ingressClassName: internal, rules'), OTHER)),
      documents(ingress(HOST), ingress(HOST, '{name: canary, namespace: shop, annotations: {nginx.ingress.kubernetes.io/canary: "true"}}')),
      documents(ingress(HOST), ingress(HOST.replace('Prefix', 'Exact'), OTHER)),
      // Twice in one Ingress.
      ingress(`{rules: [{host: shop.example.com, ${PATHS}}, {host: shop.example.com, ${PATHS}}]}`),
    ],
    bad: [
      { yaml: documents(ingress(HOST), ingress(HOST, OTHER)), path: 'spec.rules[0].http.paths[0].path', severity: 'medium' },
      {
        yaml: documents(ingress(HOST), ingress(HOST.replace('path: /,', ''), '{name: copy, namespace: shop}')),
        path: 'spec.rules[0].http.paths[0].path',
        severity: 'low',
      },
    ],
  }),
});

interface Claim {
  key: string;
  host: string;
  path: string;
  /** Where it stands. */
  at: string;
}

function claimsOf(ingress: Ingress): Claim[] {
  const claims: Claim[] = [];
  if (isCanary(ingress) || isAcmeSolver(ingress)) return claims;
  const seen = new Set<string>();
  const ingressClass = classOf(ingress);
  for (const [index, { host = '', http }] of (ingress.body.spec?.rules ?? []).entries()) {
    for (const [at, { path: written, pathType }] of (http?.paths ?? []).entries()) {
      const path = written || '/';
      const exact = pathType === 'Exact';
      // For prefixes a slash at the end means nothing.
      const matched = exact || path === '/' ? path : path.replace(/\/$/, '');
      const key = `${ingressClass} ${host} ${exact ? '=' : ''}${matched}`;
      if (seen.has(key)) continue;
      seen.add(key);
      claims.push({ key, host, path, at: `spec.rules[${index}].http.paths[${at}].path` });
    }
  }
  return claims;
}

const INDEXES = new WeakMap<KindTable<'Ingress'>, Map<string, Ingress>>();

/** Of the Ingresses that share a claim the first by namespace and name. */
function indexOf(ingresses: KindTable<'Ingress'>): Map<string, Ingress> {
  let index = INDEXES.get(ingresses);
  if (index === undefined) {
    INDEXES.set(ingresses, (index = new Map()));
    for (const ingress of ingresses.all) {
      for (const { key } of claimsOf(ingress)) {
        const known = index.get(key);
        if (known === undefined || refOf(ingress) < refOf(known)) index.set(key, ingress);
      }
    }
  }
  return index;
}
