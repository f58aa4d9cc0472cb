/** A change on a node as lines for a root shell there. Everything that is no command is a comment. */
import { printable } from '../../lib/terminal.ts';
import type { Change, NodeChange } from '../../rules/index.ts';

/** One block for each node. */
export function nodeText({ patches }: Pick<Change, 'patches'>): string[] {
  return patches.flatMap(({ node }) => (node === undefined ? [] : [blockOf(node)]));
}

function blockOf({ node, diff, run, words, back, restart, keep }: NodeChange): string {
  const lines = [`# on ${printable(node)}, as root:`, ...run];
  // No copies of what it edits: the kubelet would start those as pods too.
  if (diff !== '') lines.push(`patch -p1 -d / --no-backup-if-mismatch -r - <<'END-OF-PATCH'`, diff.trimEnd(), 'END-OF-PATCH');
  lines.push(...words.map((word) => `# ${printable(word)}`));
  if (restart !== '') lines.push(`# takes hold: ${printable(restart)}`);
  lines.push(...keep.map((where) => `# to stay: ${printable(where)}`));
  if (diff !== '') lines.push('# back: the same patch with patch -R');
  lines.push(...back.map((command) => `# back: ${printable(command)}`));
  return lines.join('\n');
}
