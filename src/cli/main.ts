/** The command: finds the subcommand, runs it, turns what it throws into a message and an exit code. */
import { CastellanError, messageOf } from '../lib/errors.ts';
import { lineStart, printable } from '../lib/terminal.ts';
import { calledAs } from './called-as.ts';
import { type Program, buildProgram } from './program.ts';

async function main(argv: readonly string[]): Promise<number> {
  try {
    return await programFor(argv).run(argv);
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
function programFor(argv: readonly string[]): Program {
  const name = calledAs(process.argv[1]);
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

/** A function, as a bundle in CommonJS cannot wait outside of one. */
async function run(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2));
}

void run();
