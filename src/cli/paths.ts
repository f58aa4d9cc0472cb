/** `castellan paths`: every way from a foothold to what matters, and the fewest changes that close all of them. */
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { terminalWidth } from '../lib/terminal-width.ts';
import { pathsCsv, pathsDocument, pathsDot, pathsMermaid, pathsTable } from '../report/paths/index.ts';
import { strictExit } from './net-gaps.ts';
import { type GraphFlags, classesOf, readGraph } from './paths-input.ts';

export interface PathsFlags extends GraphFlags {
  from?: string;
  to?: string;
  cut?: boolean;
  all?: boolean;
}

function targetOf(text = 'ClusterAdmin'): string {
  return text === 'etcd' ? 'Etcd' : text;
}

const FORMATS = ['table', 'json', 'csv', 'html', 'dot', 'mermaid'] as const;
/** Single changes that are told beside the cut. */
const TOP = 5;

export async function runPaths(paths: readonly string[], flags: PathsFlags): Promise<number> {
  const format = FORMATS.find((one) => one === (flags.format ?? 'table'));
  if (format === undefined)
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `paths has no format "${flags.format}"`, {
      remedy: `The formats are: ${FORMATS.join(', ')}.`,
    });
  let exit = 0;
  const { graph, gaps } = await readGraph(paths, flags);
  exit = strictExit(flags, gaps.length > 0 ? { gaps } : {});
  const classes = classesOf(flags);
  const document = pathsDocument(graph, { from: flags.from, to: targetOf(flags.to), classes, top: TOP, gaps });
  if (format === 'json') stdout.write(`${JSON.stringify(document)}\n`);
  else if (format === 'csv') for (const row of pathsCsv(document)) stdout.write(row);
  else if (format === 'dot') stdout.write(pathsDot(document));
  else if (format === 'mermaid') stdout.write(pathsMermaid(document));
  else if (format === 'table')
    stdout.write(pathsTable(document, { all: flags.all === true, cut: flags.cut === true, width: terminalWidth() }));
  else {
    const { writePathsPage } = await import('../report/paths-page/index.ts');
    writePathsPage(stdout, graph, { document, title: paths.join(' ') || (flags.context ?? 'cluster'), from: flags.from, classes });
  }
  stdout.end();
  return exit;
}
