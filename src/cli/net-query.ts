/** `castellan net query`: whether some ends may talk to others, and on which ports. */
import {
  ANYBODY,
  type ConnectionRow,
  Relation,
  type World,
  anywhere,
  connsText,
  query,
  reasonsOf,
  reasonsText,
} from '../engines/network/index.ts';
import { stdout } from '../lib/sink.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';
import { netQuestion } from './net-ends.ts';
import { gapsField, strictExit } from './net-gaps.ts';
import { type NetFlags, bothEnds, netFormat, portOf, readNet, writeDocument, writeTable } from './net-input.ts';

export interface NetQueryFlags extends NetFlags {
  from?: string;
  to?: string;
  port?: string;
  strict?: boolean;
}

/** Rows that the screen shows; the document has all. */
const SHOWN = 40;

export async function runNetQuery(paths: readonly string[], flags: NetQueryFlags): Promise<number> {
  const format = netFormat('query', flags, ['table', 'json']);
  const { from, to } = bothEnds('query', flags);
  if (flags.port !== undefined) portOf(flags.port);
  const world = await readNet(paths, flags, 'proof');
  const relation = new Relation(anywhere(world), [ANYBODY]);
  const { ends, only } = netQuestion(relation, { from, to, port: flags.port });
  const found = query(relation, ends, only);
  const lowered = gapsField(world);
  const exit = found.perhaps !== undefined && flags.strict === true ? 4 : strictExit(flags, lowered);
  if (format === 'json') {
    writeDocument('net-query', { from, to, ...(flags.port !== undefined && { port: flags.port }), ...found, ...lowered });
    return exit;
  }
  const { answer, pairs, allowed, connections, perhaps = [] } = found;
  const first = connections[0];
  const what = answer === 'yes' || answer === 'some' ? `${answer}: ${connsText(allowed)}` : answer;
  stdout.write(`${what}${pairs.asked === 1 ? '' : ` (${pairs.open} of ${plural(pairs.asked, 'pair')})`}\n`);
  if (perhaps.length > 0) stdout.write(perhapsText(world, perhaps));
  if (pairs.asked > 1 && first !== undefined) {
    stdout.write('\n');
    const rows = connections.slice(0, SHOWN).map(({ src, dst, conns }) => [src, dst, connsText(conns)]);
    const more = connections.length > SHOWN ? [[`and ${connections.length - SHOWN} more (-f json)`, '', '']] : [];
    writeTable(['SOURCE', 'DESTINATION', 'PORTS'], [...rows, ...more]);
  } else stdout.end();
  return exit;
}

/** What may be open besides, and what it depends on. */
function perhapsText(world: World, perhaps: readonly ConnectionRow[]): string {
  const [{ src, dst, conns } = { src: '', dst: '', conns: {} }, ...more] = perhaps;
  return [
    `perhaps: ${connsText(conns)}, ${src} > ${dst}${more.length === 0 ? '' : ` and ${plural(more.length, 'more pair')}`}`,
    `  it depends on what the input does not tell: ${reasonsText(reasonsOf(world))}`,
  ]
    .map((line) => `${lineStart(printable(line))}\n`)
    .join('');
}
