/** `castellan baseline`: writes down what is known today, so that a gate looks only at what is new. */
import { stdout } from '../lib/sink.ts';
import { plural, printable } from '../lib/terminal.ts';
import { type Finding, baselineText } from '../rules/index.ts';
import { LOSSES } from '../snapshot/index.ts';
import { type JudgingFlags, eachFinding, judgingOf } from './judging.ts';

interface BaselineFlags extends JudgingFlags {
  output?: string;
}

export async function runBaseline(paths: readonly string[], flags: BaselineFlags): Promise<number> {
  const { settings, read } = await judgingOf(flags);
  const snapshot = await read(paths);
  const findings: Finding[] = [];
  const { gaps } = eachFinding(snapshot, { settings, all: false }, (finding) => void findings.push(finding));
  stdout.write(baselineText(findings));
  stdout.end();
  // What could not be judged is not in the baseline either, and will be new when it can.
  const unread = gaps.filter(({ code }) => LOSSES.has(code)).length;
  if (unread > 0)
    process.stderr.write(`castellan: ${plural(unread, 'gap')}: parts of the input were not judged (castellan scan --gaps lists them)\n`);
  const written = findings.filter((finding) => finding.status === 'fail').length;
  if (flags.output !== undefined) process.stderr.write(`${plural(written, 'finding')} written to ${printable(flags.output)}\n`);
  return 0;
}
