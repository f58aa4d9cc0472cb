/** The process: its arguments, and how it ends. */
import { calledAs } from './called-as.ts';
import { runCommand } from './run-command.ts';

/** A function, as a bundle in CommonJS cannot wait outside of one. */
async function run(): Promise<void> {
  process.exitCode = await runCommand(process.argv.slice(2), calledAs(process.argv[1]));
}

void run();
