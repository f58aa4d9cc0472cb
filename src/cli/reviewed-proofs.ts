/** Proofs that somebody looked at before, as `castellan fixes -f json` wrote them: a fix is made by one only while it holds. */
import { CastellanError } from '../lib/errors.ts';
import { isRecord, textOf } from '../lib/record.ts';
import { printable } from '../lib/terminal.ts';
import type { Fix } from '../changes/index.ts';
import { readText } from './read-text.ts';

interface Reviewed {
  readonly boundTo: readonly string[];
  readonly expiresAt: string;
}

/**
 * The fixes are those of now, proved anew. Errors: CAS_PROOF_EXPIRED; CAS_PROOF_VOID where a proof was worked out from
 * something else, or there is none; CAS_NOT_PROOF.
 */
export function checkReviewed(fixes: readonly Fix[], file: string, now: number): void {
  const reviewed = reviewedIn(file);
  for (const { id, title, proof } of fixes) {
    const known = reviewed.get(id);
    if (known === undefined) throw new CastellanError('CAS_PROOF_VOID', `${file} holds no proof of "${printable(title)}" (${id})`);
    if (known.expiresAt !== '' && Date.parse(known.expiresAt) < now)
      throw new CastellanError('CAS_PROOF_EXPIRED', `the proof of "${printable(title)}" held until ${printable(known.expiresAt)}`);
    const [differs] = differing(known.boundTo, proof.boundTo);
    if (differs !== undefined)
      throw new CastellanError(
        'CAS_PROOF_VOID',
        `the proof of "${printable(title)}" is void: ${printable(differs)} is not what it was worked out from`,
      );
  }
}

/** What is bound to another digest, or on one side only, without the digests. */
function differing(was: readonly string[], is: readonly string[]): string[] {
  const [old, now] = [new Set(was), new Set(is)];
  const changed = [...was.filter((one) => !now.has(one)), ...is.filter((one) => !old.has(one))];
  return [...new Set(changed.map((one) => one.slice(0, one.lastIndexOf(' '))))];
}

function reviewedIn(file: string): Map<string, Reviewed> {
  let document: unknown;
  try {
    document = JSON.parse(readText(file));
  } catch (error) {
    if (error instanceof CastellanError) throw error;
    throw new CastellanError('CAS_NOT_PROOF', `${file} is no JSON`, { cause: error });
  }
  if (!isRecord(document) || document.schema !== 'castellan/fixes/v1' || !Array.isArray(document.fixes))
    throw new CastellanError('CAS_NOT_PROOF', `${file} was not written by castellan fixes -f json`);
  const found = new Map<string, Reviewed>();
  for (const fix of document.fixes as unknown[]) {
    if (!isRecord(fix) || !isRecord(fix.proof) || !Array.isArray(fix.proof.boundTo))
      throw new CastellanError('CAS_NOT_PROOF', `${file} holds a fix without a proof`);
    const boundTo = (fix.proof.boundTo as unknown[]).map(textOf);
    found.set(textOf(fix.id), { boundTo, expiresAt: textOf(fix.proof.expiresAt) });
  }
  return found;
}
