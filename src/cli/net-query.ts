/** `castellan net query`: whether some ends may talk to others, and on which ports. */
import {
  ANYBODY,
  type Choices,
  type ConnectionRow,
  Relation,
  anywhere,
  connsText,
  query,
  reasonsFor,
  reasonsText,
} from '../engines/network/index.ts';
import { stdout } from '../lib/sink.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';
import { type NetQuestion, netQuestion } from './net-ends.ts';
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
  if (perhaps.length > 0) stdout.write(perhapsText(perhaps, reasonsFor(world, relation, kindsOf(ends, perhaps))));
  if (pairs.asked > 1 && first !== undefined) {
    stdout.write('\n');
    const rows = connections.slice(0, SHOWN).map(({ src, dst, conns }) => [src, dst, connsText(conns)]);
    const more = connections.length > SHOWN ? [[`and ${connections.length - SHOWN} more (-f json)`, '', '']] : [];
    writeTable(['SOURCE', 'DESTINATION', 'PORTS'], [...rows, ...more]);
  } else stdout.end();
  return exit;
}

/** Of so many pairs it is looked at what their answers depend on. */
const EXPLAINED = 20;

/** Of the ends of pairs what each of their pods may be. */
function* kindsOf({ from, to }: NetQuestion['ends'], rows: readonly ConnectionRow[]): Generator<{ from: Choices; to: Choices }> {
  for (const { src, dst } of rows.slice(0, EXPLAINED)) {
    for (const source of from.filter(({ name }) => name === src).flatMap(({ kinds }) => kinds))
      for (const destination of to.filter(({ name }) => name === dst).flatMap(({ kinds }) => kinds))
        yield { from: source, to: destination };
  }
}

/** What may be open besides, and what it depends on. */
function perhapsText(perhaps: readonly ConnectionRow[], reasons: readonly string[]): string {
  const [{ src, dst, conns } = { src: '', dst: '', conns: {} }, ...more] = perhaps;
  return [
    `perhaps: ${connsText(conns)}, ${src} > ${dst}${more.length === 0 ? '' : ` and ${plural(more.length, 'more pair')}`}`,
    `  it depends on what the input does not tell: ${reasonsText(reasons)}`,
  ]
    .map((line) => `${lineStart(printable(line))}\n`)
    .join('');
}
