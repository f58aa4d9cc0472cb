/** Finds in the JSON of an object who set which field: a third of what a server says, that is seldom worth a parse. */
const MANAGED = Buffer.from('"managedFields":[');
const METADATA = '"metadata"';

/** Where `metadata.managedFields` stand with one comma beside them; 0 to 0 where they are not. */
export function managedFieldsIn(line: Buffer): { start: number; end: number } {
  const nowhere = { start: 0, end: 0 };
  const start = line.indexOf(MANAGED);
  if (start < 0) return nowhere;
  let found = false;
  let parent = 0;
  let depth = 0;
  for (let at = 0; at < line.length; at += 1) {
    const code = line[at];
    // What begins inside of a text is a part of that text.
    if (at > start && !found) return nowhere;
    if (code === 34) {
      if (depth === 1) parent = at;
      if (at === start) {
        // Below anything else they are somebody's data.
        if (depth !== 2 || line.toString('latin1', parent, parent + METADATA.length) !== METADATA) return nowhere;
        found = true;
      }
      at += 1;
      while (at < line.length && line[at] !== 34) at += line[at] === 92 ? 2 : 1;
    } else if (code === 123 || code === 91) depth += 1;
    else if (code === 125 || code === 93) {
      depth -= 1;
      // What closes a list that it does not open is no JSON: the parser shall say so.
      if (found && depth === 2 && code === 125) return nowhere;
      if (found && depth === 2) return withComma(line, start, at + 1);
    }
  }
  return nowhere;
}

function withComma(line: Buffer, start: number, end: number): { start: number; end: number } {
  if (line[end] === 44) return { start, end: end + 1 };
  return { start: line[start - 1] === 44 ? start - 1 : start, end };
}
