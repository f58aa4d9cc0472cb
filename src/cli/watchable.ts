/** What following an audit log can see of a change. */
import { RBAC_KINDS } from '../changes/index.ts';
import { CastellanError } from '../lib/errors.ts';
import type { Change } from '../rules/index.ts';

/**
 * Objects that are changed and of which the log would tell nothing, whatever their change breaks: it shows who was refused
 * for want of a right. Errors: CAS_USAGE where that are all.
 */
export function unwatched({ patches }: Pick<Change, 'patches'>): readonly string[] {
  const targets = [...new Set(patches.map(({ target }) => target))];
  const unseen = targets.filter((target) => !RBAC_KINDS.has(target.slice(0, target.indexOf('/'))));
  if (unseen.length === targets.length)
    throw new CastellanError('CAS_USAGE', '--watch sees who loses rights, and this change takes none', {
      remedy: 'Leave out --watch, and look at the logs of what the change is about.',
    });
  return unseen;
}
