/**
 * Tokens of service accounts: bound ones, which name their objects and end (k8s.io/kubernetes/pkg/serviceaccount,
 * claims.go), and those of before, which a Secret holds for ever (legacy.go).
 */
import { isRecord } from '../../lib/record.ts';
import type { Cluster } from '../../model/index.ts';
import type { UserInfo } from './authenticators.ts';
import { type Asked, type Verdict, timeText } from './accept-jwt.ts';
import { algorithmOf, isSignedBy } from './signature.ts';
import { type Token, textsOf } from './token.ts';

const LEGACY_ISSUER = 'kubernetes/serviceaccount';
const PREFIX = 'kubernetes.io/serviceaccount/';
/** The API server takes no others of its own tokens. */
const ALGORITHMS = new Set(['RS256', 'ES256', 'ES384', 'ES512']);
/** Seconds by which clocks may differ, at both ends (go-jose, DefaultLeeway). */
const LEEWAY = 60;

export interface ServiceAccountSettings {
  issuers: readonly string[];
  audiences: readonly string[];
  lookup: boolean;
}

type Claims = Readonly<Record<string, unknown>>;
type Question = Asked & { cluster: Cluster };

export function acceptBound({ issuers, audiences, lookup }: ServiceAccountSettings, token: Token, asked: Question): Verdict {
  const { claims } = token;
  if (claims === undefined) return refused('it is no JSON Web Token', false);
  const { iss } = claims;
  if (typeof iss !== 'string' || !issuers.includes(iss)) return refused('its issuer is not that of service accounts', false);
  const assumes: string[] = [];
  const fault = signatureFault(token, { issuers: [iss, ...issuers], asked, assumes }) ?? timeFault(claims, asked.now);
  if (fault !== undefined) return refused(fault);
  const named = textsOf(claims.aud ?? null) ?? [];
  // A token for nobody is one for the API server itself.
  if (named.length > 0 && !named.some((each) => audiences.includes(each)))
    return refused(`it is for ${named.join(', ')}, not for ${audiences.join(', ')}`);
  const own = claims['kubernetes.io'];
  const bound = isRecord(own) ? own : {};
  const namespace = textOf(bound.namespace);
  const account = refOf(bound.serviceaccount);
  if (account === undefined) return refused('it names no service account');
  const objects = lookup ? boundObjects(namespace, bound) : [];
  for (const object of objects) {
    const state = found(object, asked.cluster);
    if (state === 'gone') return refused(`${object.kind} ${namespace}/${object.name} is not there, or is another one by now`);
    if (state === 'unknown') assumes.push(`${object.kind} ${namespace}/${object.name} with the uid ${object.uid} is there`);
  }
  return { accepted: 'yes', as: userOf({ namespace, name: account.name, uid: account.uid }, extraOf(claims, bound)), assumes };
}

export function acceptLegacy({ lookup }: { lookup: boolean }, token: Token, asked: Question): Verdict {
  const { claims } = token;
  if (claims?.iss !== LEGACY_ISSUER) return refused('it is no token of a Secret', false);
  const assumes: string[] = [];
  const fault = signatureFault(token, { issuers: [LEGACY_ISSUER], asked, assumes });
  if (fault !== undefined) return refused(fault);
  const of = (name: string): string => textOf(claims[`${PREFIX}${name}`]);
  const [namespace, secret, name, uid] = [of('namespace'), of('secret.name'), of('service-account.name'), of('service-account.uid')];
  if (namespace === '' || secret === '' || name === '' || uid === '')
    return refused('it does not name namespace, Secret and service account');
  if (claims.sub !== `system:serviceaccount:${namespace}:${name}`) return refused('its sub is not the service account that it names');
  for (const object of lookup
    ? [{ kind: 'Secret', namespace, name: secret, uid: '' } as const, { kind: 'ServiceAccount', namespace, name, uid } as const]
    : []) {
    const state = found(object, asked.cluster);
    if (state === 'gone') return refused(`${object.kind} ${namespace}/${object.name} is not there, or is another one by now`);
    if (state === 'unknown') assumes.push(`${object.kind} ${namespace}/${object.name} is there`);
  }
  if (lookup) assumes.push(`Secret ${namespace}/${secret} holds this very token`);
  return { accepted: 'yes', as: userOf({ namespace, name, uid }, {}), assumes };
}

function signatureFault(
  token: Token,
  { issuers, asked, assumes }: { issuers: readonly string[]; asked: Asked; assumes: string[] },
): string | undefined {
  if (token.text === undefined) {
    assumes.push('it is signed by the key of service accounts');
    return undefined;
  }
  const algorithm = algorithmOf(token);
  if (!ALGORITHMS.has(algorithm)) return `it is signed with ${algorithm === '' ? 'nothing that it tells' : algorithm}`;
  const keys = issuers.flatMap((issuer) => asked.keys.get(issuer) ?? []);
  if (keys.length === 0) assumes.push('it is signed by the key of service accounts');
  return keys.length === 0 || isSignedBy(token, keys) ? undefined : 'no key of service accounts made its signature';
}

function timeFault({ exp, nbf, iat }: Claims, now: number): string | undefined {
  for (const value of [exp, nbf, iat])
    if (value !== undefined && value !== null && typeof value !== 'number') return 'its times are no numbers';
  if (typeof nbf === 'number' && now + LEEWAY < nbf) return `it is not valid before ${timeText(nbf)}`;
  if (typeof exp === 'number' && now - LEEWAY > exp) return `it ended at ${timeText(exp)}`;
  if (typeof iat === 'number' && now + LEEWAY < iat) return `it was made at ${timeText(iat)}, which is still to come`;
  return undefined;
}

interface Bound {
  kind: 'ServiceAccount' | 'Pod' | 'Secret' | 'Node';
  namespace: string;
  name: string;
  /** '' where any will do. */
  uid: string;
}

function boundObjects(namespace: string, bound: Claims): Bound[] {
  const kinds = { serviceaccount: 'ServiceAccount', secret: 'Secret', pod: 'Pod', node: 'Node' } as const;
  return Object.entries(kinds).flatMap(([field, kind]) => {
    const ref = refOf(bound[field]);
    // Of a pod the node is told along, and not asked for.
    if (ref === undefined || (kind === 'Node' && bound.pod !== undefined)) return [];
    return [{ kind, namespace: kind === 'Node' ? '' : namespace, ...ref }];
  });
}

function found({ kind, namespace, name, uid }: Bound, { tables, missing }: Cluster): 'there' | 'gone' | 'unknown' {
  const object = tables[kind].get(namespace, name);
  if (object === undefined) return tables.completeness.complete && !missing.has(kind) ? 'gone' : 'unknown';
  const own = object.metadata.uid;
  if (uid === '' || own === uid) return 'there';
  return own === undefined ? 'unknown' : 'gone';
}

function userOf({ namespace, name, uid }: { namespace: string; name: string; uid: string }, extra: UserInfo['extra']): UserInfo {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return { username: `system:serviceaccount:${namespace}:${name}`, uid, groups, extra };
}

function extraOf({ jti }: Claims, bound: Claims): UserInfo['extra'] {
  const [pod, node] = [refOf(bound.pod), refOf(bound.node)];
  const pairs: [string, string][] = [
    ...(typeof jti === 'string' && jti !== '' ? [['credential-id', `JTI=${jti}`] as [string, string]] : []),
    ...(pod === undefined
      ? []
      : ([
          ['pod-name', pod.name],
          ['pod-uid', pod.uid],
        ] as [string, string][])),
    ...(node === undefined
      ? []
      : ([
          ['node-name', node.name],
          ['node-uid', node.uid],
        ] as [string, string][])),
  ];
  return Object.fromEntries(
    pairs.filter(([, value]) => value !== '').map(([key, value]) => [`authentication.kubernetes.io/${key}`, [value]]),
  );
}

function refOf(value: unknown): { name: string; uid: string } | undefined {
  return isRecord(value) ? { name: textOf(value.name), uid: textOf(value.uid) } : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function refused(because: string, mine = true): Verdict {
  return { accepted: 'no', because, mine };
}
