/** The table of steps in docs/paths.md, between its two marks, from the registry of edges. */
import { EDGE_KINDS } from '../src/graph/index.ts';

const [BEGIN, END] = ['<!-- edges: begin -->', '<!-- edges: end -->'];

export function withEdges(text: string): string {
  const rows = [...EDGE_KINDS].map(
    ([id, { says, mitigation, versions }]) => `| \`${id}\` | ${says}${versions === undefined ? '' : ` (${versions})`} | ${mitigation} |`,
  );
  const table = ['| step | whoever takes it can | what ends it |', '| --- | --- | --- |', ...rows].join('\n');
  const [before = '', rest = ''] = text.split(BEGIN);
  return `${before}${BEGIN}\n${table}\n${END}${rest.split(END)[1] ?? ''}`;
}
