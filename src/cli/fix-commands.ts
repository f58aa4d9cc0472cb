/** Commands that find changes, prove them and make them. */
import type { Command } from 'commander';
import { GATES } from './diff-gates.ts';
import {
  type Ending,
  API_SERVER,
  CONFIG,
  DAY,
  NODES,
  SOURCE,
  clusterOptions,
  collect,
  replayOptions,
  useOptions,
} from './command-options.ts';

export function fixCommands(root: Command, ending: Ending): void {
  proofOptions(
    root
      .command('fixes')
      .description('Find the few changes that close the most ways to cluster control, each with what it would have denied')
      .argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out'),
  )
    .option(...NODE_FACTS)
    .option(...DAY)
    .option('--top <number>', 'how many changes; 5 where left out')
    .option('--patch', 'print them as a patch for the files, or as kubectl commands for a cluster')
    .option(...SOURCE)
    .option('-f, --format <format>', 'table, json, markdown or html')
    .option('-q, --quiet', 'nothing on standard error')
    .option('--no-color', 'no colours')
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./fixes.ts')).runFixes(paths, flags);
    });

  proofOptions(
    root
      .command('whatif')
      .description('Prove a change of your own: what it closes, and what it would have denied')
      .argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out'),
  )
    .option('--change <file>', 'patches, or manifests as they should be')
    .option(...DAY)
    .option('--fail-on <verdict>', 'exit 1 where the change breaks something (breaks), or where that is not known either (unknown)')
    .option('-f, --format <format>', 'table or json')
    .option('-q, --quiet', 'nothing on standard error')
    .option('--no-color', 'no colours')
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./whatif.ts')).runWhatIf(paths, flags);
    });

  proofOptions(
    root
      .command('apply')
      .description('Make fixes: in the files that hold the objects, or on a cluster after the server has tried them and you have agreed')
      .argument('[fix-or-path...]', 'numbers or ids of castellan fixes, then with --to-files the paths that they were found in'),
  )
    .option(...NODE_FACTS)
    .option(...DAY)
    .option(...SOURCE)
    .option('--top <number>', 'of how many fixes the list was; 5 where left out')
    .option('--to-files', 'edit the files, all or none; what changed is printed as a patch')
    .option('--dry-run', 'only show what would be done; on a cluster the server tries it')
    .option('--yes', 'do not ask before writing to the cluster')
    .option('--journal <file>', 'where to keep what was done to the cluster')
    .option('--watch <duration>', 'afterwards follow the log of --audit for so long, and exit 1 where the change refuses something')
    .option(
      '--proof <file>',
      'make them only while proofs that castellan fixes -f json wrote hold: nothing they were made from changed, and not expired',
    )
    .option('--undo <file>', 'take back what such a file tells of')
    .option('-q, --quiet', 'nothing on standard error but errors')
    .action(async (words: string[], flags) => {
      // What writes to clusters is no part of what all other commands load.
      ending.exit = await (await import('./apply.ts')).runApply(words, flags);
    });

  evidenceOptions(
    root
      .command('diff')
      .description('Say what a change of files or of a cluster opens, closes and takes away; for pull requests')
      .argument('<before>', 'a file, folder or snapshot, or - for standard input')
      .argument('<after>', 'the same'),
  )
    .option('--on <snapshot>', 'judge both as applied to the cluster that this snapshot is of')
    .option('--fail-on <what>', `exit 1 on any of these: ${GATES.join(', ')}`, collect)
    .option('--strict', 'exit 4 when part of the input was not read')
    .option(...CONFIG)
    .option('--kubernetes-version <version>', 'judge for this release')
    .option('-q, --quiet', 'nothing on standard error')
    .option('--no-color', 'no colours')
    .option('-f, --format <format>', 'table, json or markdown')
    .action(async (before: string, after: string, flags) => {
      ending.exit = await (await import('./diff.ts')).runDiff(before, after, flags);
    });
}

/** Of commands that prove what changes do. */
function proofOptions(command: Command): Command {
  return evidenceOptions(clusterOptions(command))
    .option(...CONFIG)
    .option(...API_SERVER)
    .option(...NODES);
}

/** What changes of nodes are made from. */
const NODE_FACTS = ['--node-facts <file...>', 'also nodes, from what node collect wrote on them'] as const;

/** What tells of recorded use. */
function evidenceOptions(command: Command): Command {
  return replayOptions(useOptions(command));
}
