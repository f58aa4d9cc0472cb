/** The command line: names, arguments, help. Each command's module is loaded when it runs. */
import { Command, CommanderError } from 'commander';
import { CastellanError } from '../lib/errors.ts';
import { ENGINE_NAMES } from './eval.ts';

export interface Program {
  run(argv: readonly string[]): Promise<number>;
}

export function buildProgram(): Program {
  const root = new Command('castellan').description('Finds the ways into a Kubernetes cluster, and the few changes that close most of them.');
  let exit = 0;
  const command = (usage: string): Command => root.command(usage);

  command('eval <engine>')
    .description(`Run an engine over JSON cases, one a line on standard input (${ENGINE_NAMES.join(', ')})`)
    .action(async (engine: string) => {
      exit = await (await import('./eval.ts')).runEval(engine);
    });

  root.exitOverride().configureOutput({ outputError: () => undefined });
  return {
    async run(argv) {
      try {
        await root.parseAsync([...argv], { from: 'user' });
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        if (error.exitCode === 0) return 0;
        throw new CastellanError('CAS_USAGE', error.message.replace(/^error: /, ''));
      }
      return exit;
    },
  };
}
