/** Commands that judge, and what they judge by. */
import type { Command } from 'commander';
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
import type { ScanFlags } from './scan.ts';

export function scanCommand(root: Command, ending: Ending): void {
  scanOptions(
    root
      .command('scan')
      .description('Judge a cluster, or manifests: files, folders, snapshots, or - for standard input')
      .argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out'),
  )
    .option('--severity <severity>', 'show only findings of this severity or worse')
    .option('--fail-on <severity>', 'exit 1 when there are findings of this severity or worse')
    .option('--strict', 'exit 4 when part of the input could not be judged')
    .option('--all', 'also show what passed or is excepted')
    .option('--gaps', 'list what could not be read or judged')
    .option('-v, --verbose', 'list every finding with its source lines')
    .option('-q, --quiet', 'nothing on standard error')
    .option('--no-color', 'no colours')
    .option('--baseline <file>', 'gate only on findings that are not in this baseline')
    .option('-f, --format <format[=file]>', 'how to report; may be given several times', collect)
    .option('-o, --output <file>', 'write the report there')
    .action(async (paths: string[], flags: ScanFlags) => {
      ending.exit = await (await import('./scan.ts')).runScan(paths, flags);
    });
}

export function ruleCommands(root: Command, ending: Ending): void {
  root
    .command('rules')
    .description('List the rules and the controls that they answer')
    .option('-f, --format <format>', 'table or json')
    .option('--framework <id>', 'only those that answer a control of this framework')
    .option('--benchmark <id>', 'the same of a benchmark; list names the benchmarks and how many controls each has')
    .option('--rules <file>', 'also list the rules of this .mjs or .ts file', collect)
    .action(async (flags) => {
      ending.exit = await (await import('./rules.ts')).runRules(flags);
    });

  replayOptions(
    scanOptions(
      root
        .command('explain')
        .description('Say why a rule is there and what to do, or show one finding, or one fix')
        .argument('<rule|fingerprint|fix>', 'id of a rule (also that of another tool), fingerprint of a finding, number or id of a fix')
        .argument('[path...]', 'for a finding or a fix: the input that it was found in, with the options of that command'),
    ),
  )
    .option('--top <number>', 'of how many fixes the list was; 5 where left out')
    .option(...SOURCE)
    .option(...DAY)
    .option(...API_SERVER)
    .option(...NODES)
    .option('--no-color', 'no colours')
    .action(async (name: string, paths: string[], flags) => {
      ending.exit = await (await import('./explain.ts')).runExplain(name, paths, flags);
    });

  scanOptions(
    root
      .command('baseline')
      .description('Write down what is found today, to gate on what is new')
      .argument('[path...]', 'files, folders, or - for standard input'),
  ).action(async (paths: string[], flags) => {
    ending.exit = await (await import('./baseline.ts')).runBaseline(paths, flags);
  });
}

/** What every command that judges takes. */
function scanOptions(command: Command): Command {
  command
    .option('--only <rules>', 'run only these rules', collect)
    .option('--rules <file>', 'also run the rules of this .mjs or .ts file', collect)
    .option(...CONFIG)
    .option('--kubernetes-version <version>', 'judge for this release')
    .option(
      '--benchmark <id>',
      'judge against this benchmark alone, with a status for every control; castellan rules --benchmark list names them',
    )
    .option('--node-facts <file...>', 'also judge nodes, from what node collect wrote on them')
    .option('--cloud <file>', 'also judge what was chosen at the provider, from its description of an EKS, AKS or GKE cluster')
    .option('--probe <file>', 'also judge ports, from what probe -f json wrote');
  return clusterOptions(useOptions(command));
}
