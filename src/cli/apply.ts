/** `castellan apply FIX…`: into the files that hold the objects, or to the cluster. */
import { CastellanError } from '../lib/errors.ts';
import { applyToCluster, undoOnCluster } from './apply-cluster.ts';
import { applyToFiles } from './apply-files.ts';
import { type FixFlags, chosenFixes, fixesAndPaths, isOfNodes } from './chosen-fixes.ts';
import { checkReviewed } from './reviewed-proofs.ts';
import { filesWith } from './source-files.ts';

export interface ApplyFlags extends FixFlags {
  toFiles?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  undo?: string;
  journal?: string;
  watch?: string;
  proof?: string;
  color?: boolean;
}

export async function runApply(words: readonly string[], flags: ApplyFlags): Promise<number> {
  const { fixes, paths } = fixesAndPaths(words);
  if (flags.undo !== undefined) {
    if (words.length > 0) throw new CastellanError('CAS_USAGE', '--undo takes back all that its file tells of; name nothing else');
    return undoOnCluster(flags.undo, flags);
  }
  if (fixes.length === 0)
    throw new CastellanError('CAS_USAGE', 'apply needs a fix', { remedy: 'Name it by its number or id: castellan apply 1.' });
  if (flags.toFiles === true && paths.length === 0 && flags.source === undefined)
    throw new CastellanError('CAS_USAGE', '--to-files needs the files', { remedy: 'Name them: castellan apply 1 --to-files deploy/.' });
  if (flags.toFiles !== true && flags.source !== undefined)
    throw new CastellanError('CAS_USAGE', '--source names files, which are only changed with --to-files');
  if (flags.toFiles !== true && flags.dryRun !== true && flags.on !== undefined)
    throw new CastellanError('CAS_USAGE', 'a cluster is changed by what is proved for today: --on is for --to-files and --dry-run');
  if (flags.toFiles !== true && paths.length > 0)
    throw new CastellanError('CAS_USAGE', 'a fix of files is written into them with --to-files; to change a cluster name no paths');
  if (flags.watch !== undefined && (flags.audit === undefined || flags.toFiles === true || flags.dryRun === true))
    throw new CastellanError('CAS_USAGE', '--watch follows an audit log of the cluster that is changed', {
      remedy: 'Name it with --audit, without --to-files and --dry-run.',
    });
  const files = await filesWith(flags.source);
  const chosen = await chosenFixes(fixes, paths, { ...flags, sources: files.sources });
  if (flags.proof !== undefined) checkReviewed(chosen.fixes, flags.proof, Date.now());
  const onNodes = chosen.fixes.filter(({ change }) => isOfNodes(change));
  if (onNodes.length > 0)
    throw new CastellanError('CAS_USAGE', `"${onNodes[0]?.title ?? ''}" is done on machines, which castellan does not write to`, {
      remedy: 'castellan fixes --patch, or castellan explain with its number, prints the commands for a root shell there.',
    });
  return flags.toFiles === true ? applyToFiles(chosen, files, flags) : applyToCluster(chosen, flags);
}
