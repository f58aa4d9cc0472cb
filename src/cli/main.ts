#!/usr/bin/env node
/** The command: finds the subcommand, runs it, turns what it throws into a message and an exit code. */
import { CastellanError, messageOf } from '../lib/errors.ts';
import { buildProgram } from './program.ts';

async function main(argv: readonly string[]): Promise<number> {
  try {
    return await buildProgram().run(argv);
  } catch (error) {
    if (error instanceof CastellanError) {
      process.stderr.write(`castellan: ${error.message} (${error.code})\n${error.remedy}\n`);
      return error.exit;
    }
    process.stderr.write(`castellan: unexpected error: ${messageOf(error)}\n`);
    if (error instanceof Error && process.env.CASTELLAN_DEBUG) process.stderr.write(`${error.stack}\n`);
    return 3;
  }
}

process.exitCode = await main(process.argv.slice(2));
