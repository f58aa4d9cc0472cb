/** `castellan paths`: every way from a foothold to what matters, and the fewest changes that close all of them. */
import { CastellanError } from '../lib/errors.ts';
import { pathsDocument, pathsDot, pathsMermaid, pathsTable } from '../report/paths/index.ts';
import { writeTo } from './net-input.ts';
import { type GraphFlags, classesOf, readGraph } from './paths-input.ts';

export interface PathsFlags extends GraphFlags {
  from?: string;
  to?: string;
  cut?: boolean;
  all?: boolean;
  output?: string;
}

const FORMATS = ['table', 'json', 'dot', 'mermaid', 'html'] as const;
/** Single changes that are told beside the cut. */
const TOP = 5;

export async function runPaths(paths: readonly string[], flags: PathsFlags): Promise<number> {
  const format = FORMATS.find((one) => one === (flags.format ?? 'table'));
  if (format === undefined)
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `paths has no format "${flags.format}"`, {
      remedy: `The formats are: ${FORMATS.join(', ')}.`,
    });
  await writeTo(flags.output, async (sink) => {
    const graph = await readGraph(paths, flags);
    const classes = classesOf(flags);
    const document = pathsDocument(graph, { from: flags.from, to: flags.to ?? 'ClusterAdmin', classes, top: TOP });
    if (format === 'json') sink.write(`${JSON.stringify(document)}\n`);
    else if (format === 'dot') sink.write(pathsDot(document));
    else if (format === 'mermaid') sink.write(pathsMermaid(document));
    else if (format === 'table') sink.write(pathsTable(document, { all: flags.all === true, cut: flags.cut === true }));
    else {
      const { writePathsPage } = await import('../report/paths-page/index.ts');
      writePathsPage(sink, graph, { document, title: paths.join(' ') || (flags.context ?? 'cluster'), from: flags.from, classes });
    }
  });
  return 0;
}
