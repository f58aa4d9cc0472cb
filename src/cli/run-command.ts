/** The command: finds the subcommand, runs it, turns what it throws into a message and an exit code. */
import { CastellanError, messageOf } from '../lib/errors.ts';
import { lineStart, printable } from '../lib/terminal.ts';
import { type Program, buildProgram } from './program.ts';

/** `name` is what the command is called in its help. Answers with the exit code. */
export async function runCommand(argv: readonly string[], name: string): Promise<number> {
  try {
    return await programFor(argv, name).run(argv);
  } catch (error) {
    if (error instanceof CastellanError) {
      process.stderr.write(`castellan: ${lines(error.message)} (${error.code})\n${lines(error.remedy)}\n`);
      return error.exit;
    }
    process.stderr.write(`castellan: unexpected error: ${printable(messageOf(error))}\n`);
    if (error instanceof Error && process.env.CASTELLAN_DEBUG) process.stderr.write(`${error.stack}\n`);
    return 3;
  }
}

/** With every command where the first word is none: help, and what is said of a word that is unknown, name them all. */
function programFor(argv: readonly string[], name: string): Program {
  const program = buildProgram(name, argv[0]);
  return program.root.commands.length > 0 ? program : buildProgram(name);
}

/** Names of files and of things in them may be hostile; line ends are ours. */
function lines(text: string): string {
  return text
    .split('\n')
    .map((line) => lineStart(printable(line)))
    .join('\n');
}
