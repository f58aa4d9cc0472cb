/** `castellan blast`: everything that somebody comes to hold, and the shortest way to what matters most of it. */
import { blastOf, entryNamed, nameText, requireVertex } from '../graph/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { terminalWidth } from '../lib/terminal-width.ts';
import { hanging, lineStart, plural, printable } from '../lib/terminal.ts';
import { chainText, stepText } from '../report/paths/index.ts';
import { strictExit } from './net-gaps.ts';
import { type GraphFlags, classesOf, readGraph } from './paths-input.ts';

/** Names of a kind that are shown on the screen. */
const MOST_SHOWN = 8;

export async function runBlast(asked: string, paths: readonly string[], flags: GraphFlags): Promise<number> {
  const { format = 'table' } = flags;
  if (format !== 'table' && format !== 'json')
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `blast has no format "${format}"`, { remedy: 'The formats are: table, json.' });
  const { graph, gaps } = await readGraph(paths, flags);
  const subject = entryNamed(graph, asked);
  const from = requireVertex(graph, subject);
  const classes = classesOf(flags);
  const held = blastOf(graph, from, classes);
  const [worst] = held.get('ClusterAdmin') ?? held.get('AllSecrets') ?? held.get('Node') ?? held.get('NamespaceAdmin') ?? [];
  const [chain] = worst === undefined ? [] : graph.chains(from, graph.find(worst) ?? from, { count: 1, classes });
  if (format === 'json') {
    const reaches = [...held].map(([kind, names]) => ({ kind, names }));
    stdout.write(
      `${JSON.stringify({ schema: 'castellan/blast/v1', subject: asked, reaches, ...(worst !== undefined && { worst, chain: chainText(graph, chain ?? []) }), ...(gaps.length > 0 && { gaps }) })}\n`,
    );
  } else {
    const lines = held.size === 0 ? [`${nameText(subject)} leads to nothing else`] : [`${nameText(subject)} leads to`];
    for (const [kind, names] of held) lines.push(`    ${kind === names[0] ? nameText(kind) : `${names.length} ${kind}: ${shown(names)}`}`);
    if (worst !== undefined)
      lines.push('', `the shortest way to ${nameText(worst)}:`, ...chainText(graph, chain ?? []).map((hop) => `    ${stepText(hop)}`));
    const width = terminalWidth() ?? Infinity;
    stdout.write(`${lines.flatMap((line) => hanging(lineStart(printable(line)), width)).join('\n')}\n`);
  }
  stdout.end();
  return strictExit(flags, gaps.length > 0 ? { gaps } : {});
}

function shown(names: readonly string[]): string {
  const some = names.slice(0, MOST_SHOWN).map((name) => name.slice(name.indexOf('/') + 1));
  return names.length > some.length ? `${some.join(', ')} and ${plural(names.length - some.length, 'more', 'more')}` : some.join(', ');
}
