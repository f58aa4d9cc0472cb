/**
 * The first thing that runs. A build leaves beside the program what the engine compiled of it in a few runs, with which a
 * small scan takes a fifth less. That is only good for the very runtime and flags that made it; any other compiles the
 * program as usual, and keeps what Node can keep.
 */
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import type { Script } from 'node:vm';
import { VERSION } from './version.ts';
import { type ProgramName, beFrugal, programFor, runScript, scriptOf } from './compiled.ts';

/** Hashes of the texts of the programs, set by the build: the engine itself compares lengths only. */
declare const CASTELLAN_PROGRAMS: Readonly<Record<ProgramName, string>>;
/** The folder of the bundle. */
declare const CASTELLAN_FOLDER: string;

const NAME = programFor(process.argv[2]);
const PROGRAM = join(CASTELLAN_FOLDER, `${NAME}.cjs`);

function compiled(): Script | undefined {
  // To import them is for a module that Node has loaded itself.
  if (process.argv.some((argument) => argument.startsWith('--rules'))) return undefined;
  try {
    const file = `${NAME}-${CASTELLAN_PROGRAMS[NAME]}-${process.version}.cache`;
    const script = scriptOf(PROGRAM, readFileSync(join(CASTELLAN_FOLDER, file)));
    return script.cachedDataRejected === true ? undefined : script;
  } catch {
    return undefined;
  }
}

/** Asked for nothing else, it is told without a program, which takes two thirds of the time to load. */
function asksForVersion([, , asked, ...more]: readonly string[]): boolean {
  return (asked === '--version' || asked === '-V') && more.length === 0;
}

function runProgram(): void {
  beFrugal(NAME);
  const script = compiled();
  if (script !== undefined) {
    // When nothing is left to do, memory need not be given back piece by piece: that takes 5 % of a small scan.
    process.once('beforeExit', () => process.exit());
    runScript(script, PROGRAM);
    return;
  }
  // Where Node has it: 22.1 and newer.
  module.enableCompileCache?.();
  module.createRequire(PROGRAM)(PROGRAM);
}

if (asksForVersion(process.argv)) process.stdout.write(`${VERSION}\n`);
else runProgram();
