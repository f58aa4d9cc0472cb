/** Commands about a cluster as a whole: the rights to read it, what it is, and in which versions. */
import type { Command } from 'commander';
import { type Ending, clusterOptions, collect, connectionOptions } from './command-options.ts';

export function clusterCommands(root: Command, ending: Ending): void {
  connectionOptions(
    root
      .command('permissions')
      .description('Print the rights that a full scan of a cluster needs, or net verify; with --context which of them are missing'),
  )
    .option('--for <command>', 'scan, net-verify or configz')
    .option('-f, --format <format>', 'yaml or json')
    .action(async (flags) => {
      ending.exit = await (await import('./permissions.ts')).runPermissions(flags);
    });

  const snapshot = clusterOptions(
    root
      .command('snapshot')
      .description('Write what a cluster is now into one file, for other commands to read')
      .argument('[file]', 'a snapshot to write once more; the cluster of the current context where left out'),
  )
    .option('--anonymize', 'replace all names, so that the file can be shown to others')
    .option('-o, --output <file>', 'write the snapshot there')
    .option('-q, --quiet', 'nothing on standard error')
    .action(async (file: string | undefined, flags) => {
      ending.exit = await (await import('./snapshot.ts')).runSnapshot(file, flags);
    });
  snapshot
    .command('show')
    .description('Say what is in a snapshot')
    .argument('<file>', 'a snapshot')
    .option('-f, --format <format>', 'table or json')
    .option('--no-color', 'no colours')
    .action(async (file: string, flags) => {
      ending.exit = (await import('./snapshot-show.ts')).runSnapshotShow(file, flags);
    });

  const versions = clusterOptions(
    root
      .command('versions')
      .description('Show what runs in which version: support, skew, known holes that apply, and the way to a newer release')
      .argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out'),
  )
    .option('--to <release>', 'the release to plan for, such as 1.36; the newest with support where left out')
    .option('--record <file>', 'a record of use: which APIs that go were really asked for')
    .option('--audit <file>', 'an audit log, for this run', collect)
    .option('--node-facts <file...>', 'what node collect wrote: settings of nodes that decide whether a hole can be used')
    .option('--data <file>', 'tables in place of those of this build, as castellan versions data prints them')
    .option('--on <day>', 'judge for this day; today where left out')
    .option('--kubernetes-version <version>', 'the version of the API server, where the input does not tell it')
    .option('--all', 'also the holes that do not apply, with the reason, and every use of an API')
    .option('-f, --format <format>', 'table, json or markdown')
    .option('-q, --quiet', 'nothing on standard error')
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./versions.ts')).runVersions(paths, flags);
    });
  versions
    .command('data')
    .description('Print the tables that versions are judged by: support dates, holes, skew, removed APIs')
    .action(async () => {
      ending.exit = (await import('./versions.ts')).runVersionsData();
    });
}
