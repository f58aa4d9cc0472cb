/**
 * Run by the build, with the flags of bin/castellan: scans, and keeps what the engine compiled for it. Arguments are
 * those of the command; CASTELLAN_COMPILED names the file to write, CASTELLAN_PROGRAM the bundle.
 */
import { writeFileSync } from 'node:fs';
import { beFrugal, runScript, scriptOf } from '../src/cli/compiled.ts';

const { CASTELLAN_COMPILED: target = '', CASTELLAN_PROGRAM: program = '' } = process.env;
beFrugal();
const script = scriptOf(program);
runScript(script, program);
process.on('exit', (code) => {
  if (code === 0) writeFileSync(target, script.createCachedData());
});
