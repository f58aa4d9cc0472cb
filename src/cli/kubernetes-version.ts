/** The release to judge for. */
import { CastellanError } from '../lib/errors.ts';
import { NEWEST_KNOWN, minorOf } from '../model/index.ts';

/** `--kubernetes-version`, without the v. */
export function versionOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (minorOf(text) === undefined)
    throw new CastellanError('CAS_USAGE', `--kubernetes-version takes a version like ${NEWEST_KNOWN}, not "${text}"`);
  return text.replace(/^v/, '');
}
