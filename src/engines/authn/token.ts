/** A token as it is given to be asked about: as a server would get it, or only what stands in it. */
import { isRecord } from '../../lib/record.ts';

export interface Token {
  /** What is sent, where it was given: its signature can then be checked. */
  text?: string;
  header: Readonly<Record<string, unknown>>;
  /** Undefined where it is no JSON Web Token. */
  claims: Readonly<Record<string, unknown>> | undefined;
}

/** A JWT, a mapping `{claims, header?}`, or any other text, which is an opaque token. */
export function tokenOf(text: string): Token {
  const parts = text.split('.');
  if (parts.length !== 3) return { text, header: {}, claims: undefined };
  const [header, claims] = parts.slice(0, 2).map(decoded);
  return { text, header: header ?? {}, claims };
}

/** Undefined where it is none. */
export function tokenOfClaims(value: unknown): Token | undefined {
  if (!isRecord(value) || !isRecord(value.claims)) return undefined;
  return { header: isRecord(value.header) ? value.header : {}, claims: value.claims };
}

function decoded(part: string): Record<string, unknown> | undefined {
  // Base64 for URLs without padding, as the API server takes it and nothing else.
  if (!/^[A-Za-z0-9_-]*$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The texts of a claim that may be one or several: `aud`, groups. Undefined where it is neither. Go reads null as nothing,
 * and inside of a list as the empty text.
 */
export function textsOf(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value];
  if (value === null) return [];
  if (!Array.isArray(value)) return undefined;
  const texts = (value as unknown[]).map((each) => each ?? '');
  return texts.every((each) => typeof each === 'string') ? texts : undefined;
}

/** Seconds of `exp` and its like: a number, also one in quotes, as Go reads it. Undefined where it is something else. */
export function secondsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(value) ? Number(value) : undefined;
}
