/**
 * What one issuer's authenticator says of a token (apiserver/plugin/pkg/authenticator/token/oidc, AuthenticateToken).
 * What depends on an expression that cannot be judged is not known.
 */
import { isRecord } from '../../lib/record.ts';
import type { JwtIssuer, Mapping, UserInfo } from './authenticators.ts';
import { type Mapped, holds, textBy, textsBy } from './expressions.ts';
import { type Keys, algorithmOf, isSignedBy } from './signature.ts';
import { type Token, secondsOf, textsOf } from './token.ts';

export type Verdict =
  | { accepted: 'yes'; as: UserInfo; assumes: readonly string[] }
  /** `mine`: the token says that it is one of these; other authenticators have nothing to say of it. */
  | { accepted: 'no'; because: string; mine: boolean }
  | { accepted: 'unknown'; because: string; as?: Partial<UserInfo> };

export interface Asked {
  /** Seconds since 1970. */
  now: number;
  keys: Keys;
}

/** Seconds by which clocks may differ at the beginning, and not at the end (go-oidc 2). */
const LEEWAY = 60;

export function acceptJwt(issuer: JwtIssuer, token: Token, { now, keys }: Asked): Verdict {
  const { claims } = token;
  if (claims === undefined) return refused('it is no JSON Web Token', false);
  const from = claims.iss === 'accounts.google.com' ? 'https://accounts.google.com' : claims.iss;
  if (from !== issuer.url) return refused(`its issuer is ${wordOf(claims.iss)}`, false);
  const known = keys.get(issuer.url);
  const assumes: string[] = [];
  if (token.text === undefined || known === undefined) assumes.push(`it is signed by a key of ${issuer.url}`);
  const algorithm = algorithmOf(token);
  if (token.text !== undefined && !issuer.algorithms.includes(algorithm))
    return refused(`it is signed with ${wordOf(token.header.alg)}, and ${issuer.algorithms.join(', ')} is taken`);
  if (token.text !== undefined && known !== undefined && !isSignedBy(token, known))
    return refused('no key of the issuer made its signature');
  const fault = sourceFault(claims) ?? timeFault(claims, now) ?? audienceFault(issuer, claims) ?? requiredFault(issuer, claims);
  if (fault !== undefined) return refused(fault);
  return mapped(issuer, claims, assumes);
}

function timeFault(claims: Readonly<Record<string, unknown>>, now: number): string | undefined {
  for (const name of ['exp', 'nbf', 'iat'] as const)
    if (isSet(claims[name]) && secondsOf(claims[name]) === undefined) return `its ${name} is no number`;
  const [exp, nbf] = [secondsOf(claims.exp), secondsOf(claims.nbf)];
  if (exp === undefined) return 'it does not say when it ends';
  if (Math.trunc(exp) < now) return `it ended at ${timeText(exp)}`;
  return nbf !== undefined && now + LEEWAY < nbf ? `it is not valid before ${timeText(nbf)}` : undefined;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function audienceFault({ audiences }: JwtIssuer, { aud }: Readonly<Record<string, unknown>>): string | undefined {
  const named = aud === undefined ? [] : textsOf(aud);
  if (named === undefined) return 'its aud is neither a text nor a list of texts';
  return named.some((each) => audiences.includes(each))
    ? undefined
    : `it is for ${named.join(', ') || 'nobody'}, not for ${audiences.join(', ')}`;
}

function requiredFault({ required }: JwtIssuer, claims: Readonly<Record<string, unknown>>): string | undefined {
  for (const { claim, value } of required) {
    if (claims[claim] === undefined) return `it lacks the claim ${claim}`;
    // Null is read as the empty text.
    if ((claims[claim] ?? '') !== value) return `its claim ${claim} is not ${value === '' ? 'empty' : value}`;
  }
  return undefined;
}

function mapped(issuer: JwtIssuer, claims: Readonly<Record<string, unknown>>, assumes: readonly string[]): Verdict {
  const username = usernameOf(issuer.username, claims);
  if ('fault' in username) return refused(username.fault);
  if (issuer.groups !== undefined && 'claim' in issuer.groups && hasDistributed(issuer.groups.claim, claims))
    return { accepted: 'unknown', because: `its ${issuer.groups.claim} must be fetched from another place, which is not done here` };
  const groups = groupsOf(issuer.groups, claims);
  if ('fault' in groups) return refused(groups.fault);
  const uid = uidOf(issuer.uid, claims);
  if ('fault' in uid) return refused(uid.fault);
  const extra: Record<string, string[]> = {};
  const unknownExtra: string[] = [];
  for (const { key, expression } of issuer.extra) {
    const texts = textsBy(expression, claims);
    if ('fault' in texts) return refused(texts.fault);
    if ('unknown' in texts) unknownExtra.push(`extra ${key}`);
    else if (texts.value.length > 0) extra[key] = texts.value;
  }
  const open = [
    ...('unknown' in username ? ['username'] : []),
    ...('unknown' in groups ? ['groups'] : []),
    ...('unknown' in uid ? ['uid'] : []),
    ...unknownExtra,
  ];
  const as: Partial<UserInfo> = {
    ...('value' in username && { username: username.value }),
    ...('value' in groups && { groups: groups.value }),
    ...('value' in uid && { uid: uid.value }),
    ...(unknownExtra.length === 0 && issuer.extra.length > 0 && { extra }),
  };
  const conditions = issuer.conditions.map((condition) => ({ condition, met: holds(condition, claims, { extra, ...as }) }));
  const failed = conditions.find(({ met }) => met === false);
  if (failed !== undefined) return refused(`the condition ${failed.condition} does not hold`);
  if (open.length > 0) return { accepted: 'unknown', because: `expressions decide on ${open.join(', ')}`, as };
  const undecided = conditions.filter(({ met }) => met === undefined).map(({ condition }) => condition);
  if (undecided.length > 0) return { accepted: 'unknown', because: `conditions decide: ${undecided.join('; ')}`, as };
  return { accepted: 'yes', as: { username: '', uid: '', groups: [], extra: {}, ...as }, assumes };
}

function usernameOf(mapping: Mapping, claims: Readonly<Record<string, unknown>>): Mapped<string> {
  if ('expression' in mapping) {
    const text = textBy(mapping.expression, claims);
    // Older releases take an empty name, newer ones do not.
    return 'value' in text && text.value === '' ? { unknown: true } : text;
  }
  const { claim, prefix } = mapping;
  const value = claims[claim];
  if (value === undefined) return { fault: `it lacks the claim ${claim}, which is the name` };
  if (value !== null && typeof value !== 'string') return { fault: `its claim ${claim} is no text` };
  if (claim === 'email' && claims.email_verified !== undefined && claims.email_verified !== true)
    return { fault: 'its issuer has not verified the address (email_verified)' };
  return { value: `${prefix}${value ?? ''}` };
}

function groupsOf(mapping: Mapping | undefined, claims: Readonly<Record<string, unknown>>): Mapped<string[]> {
  if (mapping === undefined) return { value: [] };
  if ('expression' in mapping) return textsBy(mapping.expression, claims);
  const { claim, prefix } = mapping;
  if (claims[claim] === undefined) return { value: [] };
  const groups = textsOf(claims[claim]);
  return groups === undefined
    ? { fault: `its claim ${claim} is neither a text nor a list of texts` }
    : { value: groups.map((each) => prefix + each) };
}

function uidOf(mapping: Mapping | undefined, claims: Readonly<Record<string, unknown>>): Mapped<string> {
  if (mapping === undefined) return { value: '' };
  if ('expression' in mapping) return textBy(mapping.expression, claims);
  const value = claims[mapping.claim];
  if (value === undefined) return { fault: `it lacks the claim ${mapping.claim}, which is the uid` };
  return value === null || typeof value === 'string' ? { value: value ?? '' } : { fault: `its claim ${mapping.claim} is no text` };
}

/** Groups that the token only points to (OpenID Connect Core §5.6.2). */
function hasDistributed(claim: string, { _claim_names: names, ...claims }: Readonly<Record<string, unknown>>): boolean {
  return claims[claim] === undefined && isRecord(names) && Object.hasOwn(names, claim);
}

/** Every claim that stands elsewhere must have a place where it does, also one that nobody asks for. */
function sourceFault({ _claim_names: names, _claim_sources: sources }: Readonly<Record<string, unknown>>): string | undefined {
  if (!isRecord(names)) return isSet(names) ? 'its _claim_names are no mapping' : undefined;
  const lost = Object.values(names).find((source) => typeof source !== 'string' || !isRecord(sources) || !isRecord(sources[source]));
  return lost === undefined ? undefined : 'it names a claim that stands elsewhere, and not where';
}

function refused(because: string, mine = true): Verdict {
  return { accepted: 'no', because, mine };
}

function wordOf(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : 'not told';
}

export function timeText(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? String(seconds) : time.toISOString().replace(/\.\d+Z$/, 'Z');
}
