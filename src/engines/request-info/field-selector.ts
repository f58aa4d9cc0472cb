/** Field selectors of list requests (`metadata.name=a,spec.nodeName!=b`), as k8s.io/apimachinery/pkg/fields reads them. */
export interface FieldTerm {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

/** The terms in the order in which the server looks at them, or undefined where it refuses the selector. */
export function parseFieldSelector(text: string): FieldTerm[] | undefined {
  const terms: FieldTerm[] = [];
  for (const part of splitTerms(text).toSorted(byBytes)) {
    if (part === '') continue;
    const match = /!=|==?/.exec(part);
    if (match === null) return undefined;
    const value = unescapeValue(part.slice(match.index + match[0].length));
    if (value === undefined) return undefined;
    terms.push({ field: part.slice(0, match.index), equal: match[0] !== '!=', value });
  }
  return terms;
}

/** Commas part terms unless a backslash stands before them. */
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === ',') {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function unescapeValue(text: string): string | undefined {
  let value = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === ',' || char === '=') return undefined;
    if (char === '\\') {
      at += 1;
      const escaped = text[at] ?? '';
      if (escaped === '' || !'\\,='.includes(escaped)) return undefined;
      value += escaped;
    } else value += char;
  }
  return value;
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
