/** `castellan snapshot`: what a cluster is now as one file, and such a file once more without its names. */
import { CastellanError } from '../lib/errors.ts';
import { plural, printable } from '../lib/terminal.ts';
import { publicNames } from '../rules/index.ts';
import { type SnapshotParts, anonymized, readSnapshotFile, writeSnapshotFile } from '../snapshot/index.ts';
import { type ClusterFlags, readCluster, refuseClusterFlags } from './live.ts';

export interface SnapshotFlags extends ClusterFlags {
  anonymize?: boolean;
  output?: string;
}

export async function runSnapshot(file: string | undefined, flags: SnapshotFlags): Promise<number> {
  const { output } = flags;
  if (output === undefined) {
    const remedy = file === undefined ? 'Name it: castellan snapshot -o FILE.' : `To see what is in it: castellan snapshot show ${file}`;
    throw new CastellanError('CAS_USAGE', 'a snapshot needs a file to be written to', { remedy });
  }
  if (file !== undefined) {
    refuseClusterFlags(flags);
    if (flags.anonymize !== true)
      throw new CastellanError('CAS_USAGE', `${file} would only be copied`, {
        remedy: 'Give --anonymize, or leave out the file to read a cluster.',
      });
  }
  const whole = file === undefined ? await readCluster(flags) : readSnapshotFile(file);
  const parts = flags.anonymize === true ? anonymized(whole, { known: publicNames() }) : whole;
  writeSnapshotFile(output, parts);
  if (flags.quiet !== true) tell(parts, output);
  return 0;
}

/** On standard error, as of a baseline. */
function tell({ segments, gaps }: SnapshotParts, output: string): void {
  const objects = segments.reduce((sum, { count }) => sum + count, 0);
  const missing = gaps.length > 0 ? `, ${plural(gaps.length, 'gap')}` : '';
  process.stderr.write(
    `${plural(objects, 'object')}${missing} written to ${printable(output)} (castellan snapshot show ${printable(output)})\n`,
  );
}
