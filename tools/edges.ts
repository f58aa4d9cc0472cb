/** The tables of steps in docs/paths.md, between their marks: from the registry of edges, and from the ways that are tried. */
import { EDGE_KINDS } from '../src/graph/index.ts';
import { RELEASES } from '../test/cluster/parts.ts';
import { TRIED } from '../test/cluster/ways/index.ts';

export function withEdges(text: string): string {
  return between(between(text, 'edges', kinds()), 'tried', tried());
}

function kinds(): string[] {
  const rows = [...EDGE_KINDS].map(
    ([id, { says, mitigation, versions }]) => `| \`${id}\` | ${says}${versions === undefined ? '' : ` (${versions})`} | ${mitigation} |`,
  );
  return ['| step | whoever takes it can | what ends it |', '| --- | --- | --- |', ...rows];
}

/** Each step with where it is taken and what refuses the nearest that the graph denies, or why it is not tried. */
function tried(): string[] {
  const rows = Object.entries(TRIED).flatMap(([family, { ways, untried = {} }]) => [
    ...ways.map(({ edge, releases = RELEASES, nodes, allowsAll, nearest: { because } }) => {
      const where = `${[...releases].toSorted().join(', ')}${nodes === true ? ', on a node' : ''}${allowsAll === true ? ', on a server that allows everything' : ''}`;
      return `| ${family} | \`${edge}\` | ${where} | ${because} |`;
    }),
    ...Object.entries(untried).map(([edge, reason]) => `| ${family} | \`${edge}\` | not executed: ${reason} | |`),
  ]);
  return ['| family | step | executed on | the nearest that fails |', '| --- | --- | --- | --- |', ...rows];
}

function between(text: string, mark: string, lines: readonly string[]): string {
  const [begin, end] = [`<!-- ${mark}: begin -->`, `<!-- ${mark}: end -->`];
  const [before = '', rest] = text.split(begin);
  if (rest === undefined) throw new Error(`the page has no mark ${begin}`);
  return `${before}${begin}\n${lines.join('\n')}\n${end}${rest.split(end)[1] ?? ''}`;
}
