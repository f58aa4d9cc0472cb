/** The second parser, and what kubectl reads past that it does not. */
import { type Document, visit } from 'yaml';
import { parseWithErrors } from '../../lib/yaml-tolerant.ts';

const TAB_INDENT = /^ *\t[ \t]*/gm;
/** As wide as is sure to be inside of whatever the line is in. */
const WIDE = '        ';

/** Undefined where kubectl would refuse the text as well. */
export function parseAsKubectl(text: string): Document.Parsed | undefined {
  const document = parseWithErrors(text);
  if (document.errors.length === 0) return document;
  if (text.search(TAB_INDENT) < 0) return undefined;
  const blank = parseWithErrors(text.replaceAll(TAB_INDENT, (indent) => indent.replaceAll('\t', WIDE)));
  return blank.errors.length === 0 && hasTabsInBracketsOnly(text, blank) ? blank : undefined;
}

/** kubectl reads past tabs that indent a line between brackets, and only there. `blank` is the text with blanks for them. */
function hasTabsInBracketsOnly(text: string, blank: Document.Parsed): boolean {
  const brackets: [number, number][] = [];
  visit(blank, {
    Collection(_key, { flow, range }) {
      if (flow === true && range) brackets.push([range[0], range[1]]);
    },
  });
  let shift = 0;
  for (const { index, 0: indent } of text.matchAll(TAB_INDENT)) {
    const at = index + shift;
    if (!brackets.some(([start, end]) => start < at && at < end)) return false;
    shift += (indent.split('\t').length - 1) * (WIDE.length - 1);
  }
  return true;
}
