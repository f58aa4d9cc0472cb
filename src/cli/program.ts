/** The command line: names, arguments, help. Each command's module is loaded when it runs, and with it only what it needs. */
import { Command, CommanderError } from 'commander';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { makeOnly } from './asked-command.ts';
import {
  type Ending,
  API_SERVER,
  CONFIG,
  DAY,
  NODES,
  SOURCE,
  clusterOptions,
  collect,
  connectionOptions,
  replayOptions,
  useOptions,
} from './command-options.ts';
import { fixCommands } from './fix-commands.ts';
import { nodeCommands } from './node-commands.ts';
import { recordCommands } from './record-commands.ts';
import { etcdCommands } from './etcd-commands.ts';
import { netCommands } from './net-commands.ts';
import { pathCommands } from './path-commands.ts';
import { rbacCommands } from './rbac-commands.ts';
import { ENGINE_NAMES } from './engines.ts';
import type { ScanFlags } from './scan.ts';
import { VERSION } from './version.ts';

export interface Program {
  run(argv: readonly string[]): Promise<number>;
  /** For the generated reference and the completions. */
  root: Command;
}

/** `asked` is the first word of the command line, where there is one: whatever it is, only that command is made. */
export function buildProgram(name = 'castellan', asked?: string): Program {
  const root = new Command(name)
    .description('Finds the ways into a Kubernetes cluster, and the few changes that close most of them.')
    .version(VERSION, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Show help')
    .helpCommand(false)
    .configureHelp({ sortSubcommands: false, subcommandTerm: (command) => command.name() })
    .addHelpText(
      'after',
      `
Examples:
  ${name} scan                                  judge the cluster of the current context
  ${name} scan deploy/                          judge every manifest below a folder
  ${name} scan deploy/ -f sarif=out.sarif       for code scanning, beside the screen
  ${name} scan --record use.record              also by what was really done
  ${name} scan deploy/ --fail-on high           exit 1 on findings that are high or worse
  kubectl get all -A -o yaml | ${name} scan -   judge what kubectl prints
  ${name} explain privileged                    why a rule is there, and what to do

Exit codes: 0 clean, 1 a gate failed, 2 usage, 3 nothing could be read, 4 incomplete under --strict`,
    );
  if (asked !== undefined) makeOnly(root, asked);
  const ending: Ending = { exit: 0 };

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

  fixCommands(root, ending);

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

  nodeCommands(root, ending);
  recordCommands(root, ending);
  etcdCommands(root, ending);
  netCommands(root, ending);
  pathCommands(root, ending);
  rbacCommands(root, ending);

  root
    .command('eval')
    .description(`Run an engine over JSON cases, one a line on standard input: ${ENGINE_NAMES.join(', ')}`)
    .argument('<engine>', ENGINE_NAMES.join(' or '))
    .action(async (engine: string) => {
      ending.exit = await (await import('./eval.ts')).runEval(engine);
    });

  root
    .command('schema')
    .description('Print the JSON Schema of a document; without a name, list them')
    .argument('[name]', 'scan, rules, baseline, …')
    .action(async (name: string | undefined) => {
      ending.exit = (await import('./schema.ts')).runSchema(name);
    });

  root
    .command('completion')
    .description('Print the completion script of a shell')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => {
      ending.exit = (await import('./completion.ts')).runCompletion(shell, buildProgram(name).root);
    });

  const all = withCommandsOf(root);
  for (const command of all) command.exitOverride().configureOutput({ outputError: () => undefined });
  const redirectable = new Set(all.filter(answers));
  for (const command of redirectable) command.option(...OUTPUT);
  root.hook('preAction', (_root, command) => {
    const { output } = command.optsWithGlobals<{ output?: string }>();
    if (output === undefined || !redirectable.has(command)) return;
    if (output === '') throw new CastellanError('CAS_USAGE', '--output names no file');
    stdout.redirect(output);
  });
  return {
    root,
    async run(argv) {
      try {
        if (argv.length === 0) {
          root.outputHelp();
          return 0;
        }
        // They took it over from the word before them, which tells of unknown commands itself.
        for (const { commands } of root.commands) for (const command of commands) command.allowExcessArguments(false);
        await root.parseAsync([...argv], { from: 'user' });
        stdout.place();
      } catch (error) {
        stdout.abandon();
        if (!(error instanceof CommanderError)) throw error;
        if (error.exitCode === 0) return 0;
        throw new CastellanError('CAS_USAGE', error.message.replace(/^error: /, ''));
      }
      return ending.exit;
    },
  };
}

/** What every command takes that answers on standard output. */
const OUTPUT = ['-o, --output <file>', 'write it there: whole, or nothing where something goes wrong'] as const;

/** Whether it says something itself, and has no file of its own kind to write. */
function answers(command: Command): boolean {
  const hasOwn = command.options.some(({ long }) => long === '--output');
  return !hasOwn && (command.commands.length === 0 || command.registeredArguments.length > 0);
}

function withCommandsOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap((one) => withCommandsOf(one))];
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
