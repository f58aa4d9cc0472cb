/** What expressions of an AuthenticationConfiguration make of claims (apiserver/plugin/pkg/authenticator/token/oidc). */
import { FAILURE, Listing, Mapping, Open, SOMETHING, type Value, evaluated, fromJson } from '../cel/index.ts';
import type { UserInfo } from './authenticators.ts';

type Claims = Readonly<Record<string, unknown>>;
export type Mapped<T> = { value: T } | { fault: string } | { unknown: true };

/** A text that must be there. */
export function textBy(expression: string, claims: Claims): Mapped<string> {
  const value = evaluated(expression, { claims: ofClaims(claims) });
  if (typeof value === 'string') return { value };
  return withoutValue(value, `the expression ${expression} gives no text`);
}

/** Texts; null and empty ones are none. */
export function textsBy(expression: string, claims: Claims): Mapped<string[]> {
  const value = evaluated(expression, { claims: ofClaims(claims) });
  const items = value instanceof Listing ? value.items : value === null ? [] : [value];
  const texts = items.filter((item) => typeof item === 'string');
  if (texts.length === items.length && !(value instanceof Listing && value.others.length > 0))
    return { value: texts.filter((text) => text !== '') };
  const open = items.find((item) => item instanceof Open);
  return withoutValue(open ?? value, `the expression ${expression} gives neither a text nor a list of texts`);
}

/** Whether a condition holds of claims, or of who comes of them; undefined where that is not known. */
export function holds(condition: string, claims: Claims, user: Partial<UserInfo>): boolean | undefined {
  const { username = SOMETHING, uid = SOMETHING, groups, extra } = user;
  const value = evaluated(condition, {
    claims: ofClaims(claims),
    user: new Mapping({
      there: {
        username,
        uid,
        groups: groups === undefined ? SOMETHING : new Listing(groups),
        // The server adds an id of the token.
        extra:
          extra === undefined
            ? SOMETHING
            : new Mapping({
                there: Object.fromEntries(Object.entries(extra).map(([key, texts]) => [key, new Listing(texts)])),
                open: true,
              }),
      },
    }),
  });
  if (value instanceof Open) return undefined;
  return value === true;
}

/** How the server reads numbers of a token is not followed. */
function ofClaims(claims: Claims): Value {
  return fromJson(claims, { numbers: 'open' });
}

function withoutValue(value: Value, fault: string): { fault: string } | { unknown: true } {
  if (value === FAILURE) return { fault: `${fault}, as it fails` };
  return value instanceof Open || value instanceof Listing ? { unknown: true } : { fault };
}
