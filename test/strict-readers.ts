/** Readers that refuse what is not quite right, for what the writers write. */

/** The rows of RFC 4180: CRLF, quotes doubled inside of quotes, the same number of cells everywhere. */
export function readCsv(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const match = cell.exec(text);
    if (match === null) throw new Error(`no cell of a CSV file at ${at}: ${JSON.stringify(text.slice(at, at + 60))}`);
    const [, quoted, plain = '', end] = match;
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
  }
  if (rows.pop()?.length !== 0) throw new Error('the last row has no end');
  const [header = [], ...records] = rows;
  return records.map((cells) => {
    if (cells.length !== header.length) throw new Error(`${cells.length} cells under ${header.length} heads`);
    return Object.fromEntries(header.map((name, index) => [name, cells[index] ?? '']));
  });
}

export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

/** Characters of XML 1.0; all others may not even be written as references. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const MARKUP = /<\/([\w.-]+)>|<([\w.-]+)((?:\s+[\w.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;

/** A well-formed document without comments, DTD, CDATA and processing instructions. */
export function readXml(text: string): Element {
  const bad = NOT_XML.exec(text);
  if (bad !== null) throw new Error(`the character ${JSON.stringify(bad[0])} at ${bad.index} is not allowed`);
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!text.startsWith(declaration)) throw new Error('no XML declaration');
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  MARKUP.lastIndex = declaration.length;
  while (MARKUP.lastIndex < text.length) {
    const at = MARKUP.lastIndex;
    const match = MARKUP.exec(text);
    const parent = open.at(-1);
    if (match === null || parent === undefined) throw new Error(`no markup at ${at}: ${JSON.stringify(text.slice(at, at + 60))}`);
    const [, closed, opened, attributes = '', empty, characters] = match;
    if (characters !== undefined) parent.text += unescaped(characters);
    else if (closed !== undefined) {
      if (open.pop()?.name !== closed) throw new Error(`</${closed}> at ${at} closes something else`);
    } else {
      const element: Element = { name: opened ?? '', attributes: readAttributes(attributes), children: [], text: '' };
      parent.children.push(element);
      if (empty === '') open.push(element);
    }
  }
  const [document] = root.children;
  if (open.length !== 1 || root.children.length !== 1 || document === undefined || root.text.trim() !== '')
    throw new Error('not exactly one element');
  return document;
}

function readAttributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w.-]+)="([^"]*)"/g)].map(([, name = '', value = '']): [string, string] => [name, unescaped(value)]);
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error(`an attribute stands twice: ${text}`);
  return Object.fromEntries(pairs);
}

function unescaped(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(text) || text.includes(']]>'))
    throw new Error(`a bare & or ]]> in ${JSON.stringify(text.slice(0, 80))}`);
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}

export interface Annotation {
  command: string;
  properties: Record<string, string>;
  message: string;
}

/** The workflow commands of a log, as the runner of GitHub Actions finds and unescapes them. */
export function readAnnotations(text: string): Annotation[] {
  return text.split('\n').flatMap((line) => {
    const match = /^::(error|warning|notice)(?: (.*?))?::(.*)$/.exec(line.trimStart());
    if (match === null) {
      if (/^(?:::|##\[)/.test(line.trimStart())) throw new Error(`a command of another kind: ${line}`);
      return [];
    }
    const [, command = '', properties = '', message = ''] = match;
    const pairs = properties
      .split(',')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const equals = pair.indexOf('=');
        if (equals < 1) throw new Error(`no property: ${pair}`);
        return [
          pair.slice(0, equals),
          unescapedData(pair.slice(equals + 1))
            .replaceAll('%3A', ':')
            .replaceAll('%2C', ',')
            .replaceAll('%25', '%'),
        ];
      });
    return [
      { command, properties: Object.fromEntries(pairs) as Record<string, string>, message: unescapedData(message).replaceAll('%25', '%') },
    ];
  });
}

function unescapedData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}
