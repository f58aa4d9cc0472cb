/** The file of tokens to ask about: one a line. Nothing of a token is ever written out again. */
import { readFileSync } from 'node:fs';
import { type Token, tokenOf, tokenOfClaims } from '../engines/authn/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { isRecord } from '../lib/record.ts';
import { readText } from './read-text.ts';

export interface GivenToken {
  /** Its own, else `line 3`. */
  id: string;
  token: Token;
}

/** A token as it is sent, `{"id", "token"}`, or `{"id", "claims", "header"}` where only what stands in it is known. */
export function tokensIn(path: string): GivenToken[] {
  const text = path === '-' ? readFileSync(0, 'utf8') : readText(path);
  const found = text.split('\n').flatMap((line, index) => {
    const trimmed = line.trim();
    return trimmed === '' || trimmed.startsWith('#') ? [] : [givenToken(trimmed, index + 1)];
  });
  if (found.length > 0) return found;
  throw new CastellanError('CAS_USAGE', `${path} holds no token`, { remedy: 'One a line: as it is sent, or {"claims": {…}}.' });
}

function givenToken(line: string, number: number): GivenToken {
  const id = `line ${number}`;
  // No token has a blank: somebody named another file.
  if (!line.startsWith('{') && /\s/.test(line)) throw new CastellanError('CAS_USAGE', `${id} of the tokens is no token`);
  if (!line.startsWith('{')) return { id, token: tokenOf(line) };
  const value = parsed(line);
  const named = isRecord(value) && (typeof value.id === 'string' || typeof value.id === 'number') ? String(value.id) : id;
  if (isRecord(value) && typeof value.token === 'string') return { id: named, token: tokenOf(value.token) };
  const token = tokenOfClaims(value);
  if (token === undefined) throw new CastellanError('CAS_USAGE', `line ${number} of the tokens has neither "token" nor "claims"`);
  return { id: named, token };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
