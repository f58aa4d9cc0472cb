/** The program as a script that the engine need not compile again: see launch.ts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import vm from 'node:vm';

/** Runs the program once it is called. */
type Program = (require: NodeJS.Require) => void;

/** The script of a bundle in CommonJS, with the code that an earlier run compiled. It can import nothing. */
export function scriptOf(file: string, cachedData?: Buffer): vm.Script {
  const source = `(function (require) {${readFileSync(file, 'utf8')}\n})`;
  return new vm.Script(source, { filename: file, ...(cachedData && { cachedData }) });
}

export function runScript(script: vm.Script, file: string): void {
  (script.runInThisContext() as Program)(createRequire(file));
}
