/** The command line: names, arguments, help. Each command's module is loaded when it runs, and with it only what it needs. */
import { Command, CommanderError } from 'commander';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { makeOnly } from './asked-command.ts';
import { clusterCommands } from './cluster-commands.ts';
import type { Ending } from './command-options.ts';
import { fixCommands } from './fix-commands.ts';
import { nodeCommands } from './node-commands.ts';
import { recordCommands } from './record-commands.ts';
import { etcdCommands } from './etcd-commands.ts';
import { netCommands } from './net-commands.ts';
import { pathCommands } from './path-commands.ts';
import { rbacCommands } from './rbac-commands.ts';
import { ENGINE_NAMES } from './engines.ts';
import { ruleCommands, scanCommand } from './judge-commands.ts';
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

  scanCommand(root, ending);
  fixCommands(root, ending);
  ruleCommands(root, ending);
  clusterCommands(root, ending);
  nodeCommands(root, ending);
  recordCommands(root, ending);
  etcdCommands(root, ending);
  netCommands(root, ending);
  pathCommands(root, ending);
  rbacCommands(root, ending);

  toolCommands(root, ending);
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

/** What other programs ask for. */
function toolCommands(root: Command, ending: Ending): void {
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
}
