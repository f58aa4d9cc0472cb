/**
 * Run by the build, with the flags of bin/castellan: runs commands one after the other, and keeps what the engine
 * compiled for them. CASTELLAN_RUNS holds their arguments as JSON, CASTELLAN_COMPILED names the file to write,
 * CASTELLAN_PROGRAM the bundle.
 */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type ProgramName, beFrugal, runScript, scriptOf } from '../src/cli/compiled.ts';

const { CASTELLAN_COMPILED: target = '', CASTELLAN_PROGRAM: program = '', CASTELLAN_RUNS: runs = '[]' } = process.env;
const commands = JSON.parse(runs) as string[][];
const [node = '', self = ''] = process.argv;
beFrugal(basename(program, '.cjs') as ProgramName);
const script = scriptOf(program);

/** The program begins as soon as it is loaded; the next one when nothing of it is left to do. */
function runNext(): void {
  const command = commands.shift();
  // 1 is an answer too; what failed has compiled only half.
  if (command === undefined || Number(process.exitCode ?? 0) > 1) return;
  process.argv = [node, self, ...command];
  // Without anything in its queue the process would end before the next one.
  setImmediate(() => runScript(script, program));
}

process.on('beforeExit', runNext);
process.on('exit', (code) => {
  if (code <= 1 && commands.length === 0) writeFileSync(target, script.createCachedData());
  else process.exitCode = 3;
});
runNext();
