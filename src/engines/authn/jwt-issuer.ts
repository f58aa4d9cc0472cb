/** Issuers of JSON Web Tokens: by --oidc- flags, or the jwt list of an AuthenticationConfiguration. */
import { isRecord } from '../../lib/record.ts';
import type { Started } from '../component-config/index.ts';
import type { JwtIssuer, Mapping } from './authenticators.ts';

/** All that a file allows (apiserver/plugin/pkg/authenticator/token/oidc, AllValidSigningAlgorithms). */
const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'];

/** What flags leave out is as in kubeapiserver/options (OIDCAuthenticationOptions). */
export function issuerOfFlags({ flag, list }: Started): JwtIssuer | undefined {
  const [url, client] = [flag('--oidc-issuer-url')?.value, flag('--oidc-client-id')?.value];
  if (url === undefined || client === undefined) return undefined;
  const claim = flag('--oidc-username-claim')?.value ?? 'sub';
  const groups = flag('--oidc-groups-claim')?.value;
  return {
    url,
    audiences: [client],
    algorithms: list('--oidc-signing-algs')?.value ?? ['RS256'],
    username: { claim, prefix: prefixOf(flag('--oidc-username-prefix')?.value, claim, url) },
    ...(groups !== undefined && { groups: { claim: groups, prefix: flag('--oidc-groups-prefix')?.value ?? '' } }),
    extra: [],
    required: (list('--oidc-required-claim')?.value ?? []).flatMap((pair) => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [] : [{ claim: pair.slice(0, equals), value: pair.slice(equals + 1) }];
    }),
    conditions: [],
  };
}

/** Names of several issuers must not meet, but addresses are the same with each. */
function prefixOf(given: string | undefined, claim: string, url: string): string {
  if (given === '-') return '';
  if (given !== undefined && given !== '') return given;
  return claim === 'email' ? '' : `${url}#`;
}

/** Entries that the API server would refuse, and with them the whole file, are left out. */
export function issuersOf(jwt: unknown): { issuer: JwtIssuer; index: number }[] {
  if (!Array.isArray(jwt)) return [];
  return (jwt as unknown[]).flatMap((entry, index) => {
    const issuer = isRecord(entry) ? issuerOf(entry) : undefined;
    return issuer === undefined ? [] : [{ issuer, index }];
  });
}

function issuerOf(entry: Record<string, unknown>): JwtIssuer | undefined {
  const { issuer, claimMappings } = entry;
  if (!isRecord(issuer) || !isRecord(claimMappings)) return undefined;
  const username = mappingOf(claimMappings.username);
  const url = textOf(issuer.url);
  if (url === undefined || username === undefined) return undefined;
  const [groups, uid] = [mappingOf(claimMappings.groups), mappingOf(claimMappings.uid)];
  const rules = recordsIn(entry.claimValidationRules);
  return {
    url,
    audiences: Array.isArray(issuer.audiences) ? (issuer.audiences as unknown[]).filter((each) => typeof each === 'string') : [],
    algorithms: ALGORITHMS,
    username,
    ...(groups !== undefined && { groups }),
    ...(uid !== undefined && { uid }),
    extra: recordsIn(claimMappings.extra).flatMap((each) => {
      const [key, expression] = [textOf(each.key), textOf(each.valueExpression)];
      return key === undefined || expression === undefined ? [] : [{ key, expression }];
    }),
    required: rules.flatMap((rule) => {
      const claim = textOf(rule.claim);
      return claim === undefined ? [] : [{ claim, value: typeof rule.requiredValue === 'string' ? rule.requiredValue : '' }];
    }),
    conditions: [...rules, ...recordsIn(entry.userValidationRules)].flatMap((rule) => textOf(rule.expression) ?? []),
  };
}

function mappingOf(value: unknown): Mapping | undefined {
  if (!isRecord(value)) return undefined;
  const [claim, expression] = [textOf(value.claim), textOf(value.expression)];
  if (claim !== undefined) return { claim, prefix: typeof value.prefix === 'string' ? value.prefix : '' };
  return expression === undefined ? undefined : { expression };
}

function recordsIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? (value as unknown[]).filter((each) => isRecord(each)) : [];
}

/** Nothing and the empty text are the same there. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
