/**
 * Whose the credentials are that lie in Secrets and ConfigMaps: kubeconfigs (staging/src/k8s.io/client-go/tools/clientcmd/api)
 * and tokens of service accounts (pkg/serviceaccount). Values are read to tell whose they are and go no further.
 */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { accountOf } from '../engines/rbac/index.ts';
import { parseConfigText } from '../lib/multiplies.ts';
import { isRecord } from '../lib/record.ts';

export type Identity =
  | { readonly kind: 'account'; readonly namespace: string; readonly name: string; readonly uid?: string }
  | { readonly kind: 'user'; readonly name: string; readonly groups: readonly string[] }
  /** A credential that does not say whose it is, or a program that gets one. */
  | { readonly kind: 'unknown' };

export interface FoundIdentity {
  readonly identity: Identity;
  /** The CA that its kubeconfig expects of the server, by fingerprint; left out where it names none. */
  readonly ca?: string;
}

/** Larger values are no credential: the API server takes no larger Secret. */
const LARGEST = 1 << 20;
const MOST = 20;
const JWT = /(?<![\w-])eyJ[\w-]{4,8192}\.eyJ[\w-]{4,8192}\.[\w-]{2,4096}/g;

/** Audiences under which API servers accept tokens where nothing else is set. */
export const AUDIENCES_OF_THE_API: ReadonlySet<string> = new Set([
  '',
  'api',
  'kubernetes',
  'https://kubernetes.default.svc',
  'https://kubernetes.default.svc.cluster.local',
]);

/** Who the tokens in a text are of that are no kubeconfig; what ended at `now` (milliseconds) is nobody's. */
export function tokensIn(text: string, now: number): FoundIdentity[] {
  if (text.length > LARGEST || !text.includes('eyJ')) return [];
  const found = [...(text.match(JWT) ?? [])].slice(0, MOST).flatMap((token) => identityOfToken(token, now) ?? []);
  // Of a token that says nothing of an account, nobody knows whether this API server is meant.
  return found.flatMap((identity) => (identity.kind === 'account' ? [{ identity }] : []));
}

/** Everybody whom a kubeconfig lets act; undefined where a text is none. One without users, as cluster-info, lets nobody. */
export function kubeconfigIn(text: string, now: number): FoundIdentity[] | undefined {
  if (text.length > LARGEST || !text.includes('clusters') || !text.includes('users')) return undefined;
  const parsed = parseConfigText(text)?.value;
  if (!isRecord(parsed) || !Array.isArray(parsed.clusters) || !Array.isArray(parsed.users)) return undefined;
  if (parsed.kind !== undefined && parsed.kind !== 'Config') return undefined;
  const authorities = authoritiesByUser(parsed);
  return entriesOf(parsed.users, 'user').flatMap(({ name, fields }) => {
    const identity = identityOfUser(fields, now);
    if (identity === undefined) return [];
    const ca = authorities.get(name);
    return [{ identity, ...(ca !== undefined && { ca }) }];
  });
}

/** A certificate with its key, and whom the API server takes who has both for. */
export interface FoundPair {
  readonly identity: Identity;
  /** The key was hidden, or cannot be read without a password. */
  readonly unsure: boolean;
}

/** For clients, and signed by one of the authorities; undefined for one that lets nobody in, or whose key is another one's. */
export function pairOf(certificate: string, key: string, { authorities, now }: Trust): FoundPair | undefined {
  const read = certificate.length > LARGEST ? undefined : certificateIn(certificate);
  if (read === undefined || !authorities.some((ca) => read.checkIssued(ca) && read.verify(ca.publicKey))) return undefined;
  const identity = identityOfCertificate(read, now);
  const fits = identity === undefined ? false : fitsKey(read, key);
  return identity === undefined || fits === false ? undefined : { identity, unsure: fits === undefined };
}

interface Trust {
  readonly authorities: readonly X509Certificate[];
  /** Milliseconds. */
  readonly now: number;
}

function fitsKey(certificate: X509Certificate, key: string): boolean | undefined {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return undefined;
  }
}

/** The first certificate of a PEM text, by which two texts of the same CA are equal; undefined where there is none. */
export function fingerprintOf(pem: string): string | undefined {
  return certificateIn(pem)?.fingerprint256;
}

/** Undefined where there is nothing that opens a door: no credential, one that ended, or files of another place. */
function identityOfUser(fields: Readonly<Record<string, unknown>>, now: number): Identity | undefined {
  const { token, exec, 'auth-provider': provider, 'client-certificate-data': certificate, 'client-key-data': key } = fields;
  // As the API server asks: a certificate counts before a token.
  if (typeof certificate === 'string' && typeof key === 'string' && certificate !== '' && key !== '') {
    const read = certificateIn(Buffer.from(certificate, 'base64').toString('latin1'));
    if (read !== undefined) return identityOfCertificate(read, now);
    // It is hidden, or shortened for an example.
    return { kind: 'unknown' };
  }
  if (typeof token === 'string' && token !== '') {
    const [jwt] = token.match(JWT) ?? [];
    return jwt === undefined ? { kind: 'unknown' } : identityOfToken(jwt, now);
  }
  return isRecord(exec) || isRecord(provider) ? { kind: 'unknown' } : undefined;
}

const CLIENT_AUTH: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.3.2', '2.5.29.37.0']);

/** By its subject: the common name is the user, the organizations are the groups. */
function identityOfCertificate(read: X509Certificate, now: number): Identity | undefined {
  if (Date.parse(read.validTo) < now) return undefined;
  const uses = read.keyUsage as string[] | undefined;
  if (uses !== undefined && !uses.some((use) => CLIENT_AUTH.has(use))) return undefined;
  const { CN: common, O: organizations } = read.toLegacyObject().subject as Partial<Record<string, string | string[]>>;
  const name = [common ?? []].flat().at(-1);
  if (name === undefined) return undefined;
  const account = accountOf(name);
  if (account !== undefined) return { kind: 'account', ...account };
  return { kind: 'user', name, groups: [organizations ?? []].flat() };
}

export function certificateIn(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** Undefined for a token that ended, or that is for other servers. */
function identityOfToken(token: string, now: number): Identity | undefined {
  const claims = claimsOf(token);
  if (claims === undefined) return { kind: 'unknown' };
  const { sub, exp, aud, iss, 'kubernetes.io': bound, 'kubernetes.io/serviceaccount/service-account.uid': legacyUid } = claims;
  if (typeof exp === 'number' && exp * 1000 < now) return undefined;
  const audiences = [aud ?? []].flat() as unknown[];
  const account = typeof sub === 'string' ? accountOf(sub) : undefined;
  if (account === undefined) return { kind: 'unknown' };
  const accepted = audiences.some((each) => each === iss || (typeof each === 'string' && AUDIENCES_OF_THE_API.has(each)));
  if (audiences.length > 0 && !accepted) return undefined;
  const holder = isRecord(bound) && isRecord(bound.serviceaccount) ? bound.serviceaccount.uid : legacyUid;
  return { kind: 'account', ...account, ...(typeof holder === 'string' && { uid: holder }) };
}

function claimsOf(token: string): Record<string, unknown> | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as unknown;
    return isRecord(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

/** The CA of the only cluster that the contexts use a user for. */
function authoritiesByUser({ clusters, contexts }: Readonly<Record<string, unknown>>): Map<string, string> {
  const byCluster = new Map(
    entriesOf(clusters, 'cluster').flatMap(({ name, fields }) => {
      const data = fields['certificate-authority-data'];
      const ca = typeof data === 'string' ? fingerprintOf(Buffer.from(data, 'base64').toString('latin1')) : undefined;
      return ca === undefined ? [] : [[name, ca] as const];
    }),
  );
  const used = new Map<string, Set<string | undefined>>();
  for (const { fields } of entriesOf(contexts, 'context')) {
    const user = String(fields.user);
    used.set(user, (used.get(user) ?? new Set()).add(byCluster.get(String(fields.cluster))));
  }
  return new Map([...used].flatMap(([user, [first, ...more]]) => (first === undefined || more.length > 0 ? [] : [[user, first]])));
}

function entriesOf(list: unknown, kind: 'cluster' | 'user' | 'context'): { name: string; fields: Record<string, unknown> }[] {
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).slice(0, MOST).flatMap((entry) => {
    const fields = isRecord(entry) ? entry[kind] : undefined;
    return isRecord(entry) && isRecord(fields) ? [{ name: String(entry.name), fields }] : [];
  });
}
