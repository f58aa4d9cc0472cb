/** How long audit files last. */
import { type CommandLine, parseInteger, settingOf } from '../../engines/command-line/index.ts';
import { type Fault, missing, wrongValue } from './faults.ts';

/** At least so much of it; 0 is the default, which means what `zero` says. Standard output has no files to keep. */
export function rotation(flag: string, least: number, zero: string): (line: CommandLine) => Fault | undefined {
  return (line) => {
    if (settingOf(line, '--audit-log-path')?.value === '-') return undefined;
    const use = settingOf(line, flag);
    if (use === undefined) return missing(line, flag, { because: zero });
    const number = parseInteger(use.value);
    if (number !== undefined && number >= least) return undefined;
    return wrongValue(use, {}, number === 0 ? `: ${zero}` : `, below ${least}`);
  };
}
