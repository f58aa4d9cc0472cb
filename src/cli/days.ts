/** Days that people tell. */
import { CastellanError } from '../lib/errors.ts';

/** What `--on` told, or today. Errors: CAS_USAGE. */
export function dayOf(text: string | undefined): string {
  if (text === undefined) return new Date().toISOString().slice(0, 10);
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text) return text;
  throw new CastellanError('CAS_USAGE', `--on takes a day such as 2026-08-22, not "${text}"`);
}
