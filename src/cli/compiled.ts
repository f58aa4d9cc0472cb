/** The program as a script that the engine need not compile again: see launch.ts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import vm from 'node:vm';

/**
 * The programs that the build makes: two that hold one command and nothing of the others, as code that is not needed takes
 * time to load too, and one that holds all.
 */
export const PROGRAMS = ['scan', 'paths', 'program'] as const;
export type ProgramName = (typeof PROGRAMS)[number];

/** The program for the first word of a command line. */
export function programFor(asked: string | undefined): ProgramName {
  return asked === 'scan' || asked === 'paths' ? asked : 'program';
}

/** Runs the program once it is called. */
type Program = (require: NodeJS.Require) => void;

/**
 * What the build writes around a program: as a script it gives a function, as a module it runs. To put that around it when
 * it is loaded would copy two megabytes.
 */
export const AROUND = { before: '(this===globalThis?p=>p:p=>p(require))(function(require){', after: '})' } as const;

/**
 * Calls after which the engine optimises a function, for each of its compilers: five to seventy times its own figures.
 * And memory below which it does not look through what has lived long: set so late it does nothing any more, but
 * compiled code is taken only where this flag too is the same.
 */
const PATIENCE = [
  '--initial-old-space-size=96',
  '--invocation-count-for-maglev=2000',
  '--invocation-count-for-turbofan=200000',
  '--invocation-count-for-osr=10000',
] as const;

/**
 * What a graph is drawn with is mostly called a few thousand times, and goes through loops that the engine takes for hot
 * long before: without its slow compiler, and with more patience for the fast one, 3,000 subjects and 30,000 take a seventh
 * less.
 */
const PATIENCE_OF: Partial<Record<ProgramName, readonly string[]>> = { paths: ['--invocation-count-for-maglev=12000', '--no-turbofan'] };

/**
 * Scans are short and lead through many functions: to optimise most of them costs more than it gains, on a core of its
 * own even. What a large input calls a million times is optimised all the same.
 */
export function beFrugal(name: ProgramName): void {
  // bin/castellan names them when it starts the runtime: to set them later asks for a module that takes 3 ms to load.
  if (process.execArgv.includes(PATIENCE[0])) return;
  // Node 20 counts otherwise.
  if (Number.parseInt(process.versions.v8, 10) >= 12)
    for (const flag of [...PATIENCE, ...(PATIENCE_OF[name] ?? [])]) setFlagsFromString(flag);
}

/** The script of a bundle in CommonJS, with the code that an earlier run compiled. It can import nothing. */
export function scriptOf(file: string, cachedData?: Buffer): vm.Script {
  // The build sees to it that it is ASCII: read as such it takes half the time and space.
  return new vm.Script(readFileSync(file, 'latin1'), { filename: file, ...(cachedData && { cachedData }) });
}

export function runScript(script: vm.Script, file: string): void {
  (script.runInThisContext() as Program)(createRequire(file));
}
