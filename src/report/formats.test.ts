/** All formats over the same run: strict readers accept each, each tells the same findings, no name does harm. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Report, report, snapshotOf, snapshotOfShop } from '../../test/report-tester.ts';
import { readAnnotations, readCsv, readXml } from '../../test/strict-readers.ts';
import { parsePath, valueAt } from '../lib/field-path.ts';
import { FORMATS } from './formats.ts';

const ALL = Object.keys(FORMATS);
const PARSED = ['json', 'sarif', 'junit', 'html', 'csv', 'gitlab', 'github'] as const;

interface Sarif {
  runs: {
    results: { partialFingerprints: Record<string, string>; ruleId: string; ruleIndex: number }[];
    tool: { driver: { rules: { id: string }[] } };
  }[];
}

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../test/conformance/sarif-2.1.0.schema.json'), 'utf8')) as object;
const isSarif = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(schema);

/** The fingerprints that a format tells, read strictly. */
const READERS: Record<(typeof PARSED)[number], (text: string) => string[]> = {
  json: (text) => (JSON.parse(text) as { findings: { fingerprint: string }[] }).findings.map(({ fingerprint }) => fingerprint),
  sarif(text) {
    const log = JSON.parse(text) as Sarif;
    if (!isSarif(log)) throw new Error(JSON.stringify(isSarif.errors?.slice(0, 5)));
    const [run] = log.runs;
    return (run?.results ?? []).map(({ partialFingerprints }) => partialFingerprints['castellan/v1'] ?? '');
  },
  junit(text) {
    const suites = readXml(text);
    const cases = suites.children.flatMap(({ children }) => children);
    expect(Number(suites.attributes.tests)).toBe(cases.length);
    for (const suite of suites.children) expect(Number(suite.attributes.tests)).toBe(suite.children.length);
    return cases.map(({ attributes }) => attributes.name?.split(' ').at(-1) ?? '');
  },
  html: (text) => pageData(text).findings.map((row) => String(row[5])),
  csv: (text) => readCsv(text).map(({ fingerprint = '' }) => fingerprint),
  gitlab: (text) => (JSON.parse(text) as { fingerprint: string }[]).map(({ fingerprint }) => fingerprint),
  github: (text) => readAnnotations(text).map(({ message }) => /([0-9a-f]{16})\]$/.exec(message)?.[1] ?? message),
};

function pageData(html: string): { findings: unknown[][]; texts: string[] } {
  const text = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(html)?.[1] ?? '';
  return JSON.parse(text) as { findings: unknown[][]; texts: string[] };
}

/** Rows of the table: what is told, and how often. */
function markdownRows(text: string): { cells: string[]; count: number }[] {
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| |') && !line.startsWith('| ---'));
  return rows.map((row) => {
    const cells = row.split(/(?<!\\)\|/).slice(1, -1);
    return { cells, count: Number(cells[2]) };
  });
}

describe('a scan of the example in every format', () => {
  let first: Report;
  let expected: string[];
  beforeAll(async () => {
    first = await report(await snapshotOfShop(), ALL);
    expected = first.findings.map(({ fingerprint }) => fingerprint).sort();
  });

  it('finds something to tell', () => {
    expect(expected.length).toBeGreaterThan(300);
    expect(new Set(expected).size).toBe(expected.length);
  });

  it.each(PARSED)('%s is read by a strict reader and tells every finding once', (format) => {
    expect(READERS[format](first.texts[format] ?? '').sort()).toEqual(expected);
  });

  it('list names every finding, table and markdown count every finding', () => {
    const listed = [...(first.texts.list ?? '').matchAll(/ ([0-9a-f]{16})$/gm)].map(([, fingerprint = '']) => fingerprint);
    expect(listed.sort()).toEqual(expected);
    expect(first.texts.table).toContain(`\n${first.totals.byStatus.fail} findings`);
    const counted = markdownRows(first.texts.markdown ?? '').reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(expected.length);
  });

  it('tells the same with --all and with a least severity', async () => {
    for (const options of [{ all: true }, { leastSeverity: 'high' as const }]) {
      const made = await report(await snapshotOfShop(), PARSED, options);
      const all = made.findings.map(({ fingerprint }) => fingerprint).sort();
      const problems = made.findings
        .filter(({ status }) => status === 'fail' || status === 'unknown' || status === 'manual')
        .map(({ fingerprint }) => fingerprint)
        .sort();
      expect(all.length).not.toBe(expected.length);
      for (const format of PARSED) {
        const onlyProblems = format === 'gitlab' || format === 'github';
        expect([format, READERS[format](made.texts[format] ?? '').sort()]).toEqual([format, onlyProblems ? problems : all]);
      }
    }
  });

  it('writes the same bytes again, but for the seconds on the screen', async () => {
    const second = await report(await snapshotOfShop(), ALL, { started: -100_000 });
    for (const format of ALL) {
      const [a, b] = [first, second].map(({ texts }) => (texts[format] ?? '').replace(/^castellan scan .* s$/m, ''));
      expect(a === b, format).toBe(true);
      expect(a?.length, format).toBeGreaterThan(100);
    }
  });

  it('writes no credential, neither as a value nor by way of a line beside another finding', () => {
    const secrets = first.findings.flatMap(({ object, evidence }) =>
      evidence.filter(({ masked, origin }) => masked && origin === object.origin).map(({ path }) => valueAt(object.body, parsePath(path))),
    );
    const texts = secrets
      .filter((value) => typeof value === 'string')
      .flatMap((value) => value.split('\n'))
      .filter((line) => line.length > 11);
    expect(texts.length).toBeGreaterThan(3);
    const shown = ALL.flatMap((format) =>
      texts.filter((text) => first.texts[format]?.includes(text) === true).map((text) => `${format}: ${text}`),
    );
    expect(shown).toEqual([]);
  });

  it('keeps a comment short enough to post', () => {
    expect(first.texts.markdown?.length).toBeLessThan(60_000);
    expect(first.texts.markdown).toMatch(/\d+ of \d+ findings are listed above/);
  });

  it('makes a page that asks nobody for anything', () => {
    expectInert(first.texts.html ?? '');
  });
});

/** The markup around the data: known elements only, nothing that loads or runs but the one script of the policy. */
function expectInert(html: string): void {
  const [, style = ''] = /<style>([^]*?)<\/style>/.exec(html) ?? [];
  const [, script = ''] = /<script>([^]*?)<\/script>/.exec(html) ?? [];
  for (const text of [style, script]) expect(html).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  expect(() => new Script(script)).not.toThrow();
  expect(html.match(/<script/g)).toHaveLength(2);
  expect(html).toContain("default-src 'none'");
  expect(style + script).not.toMatch(
    /https?:|url\(|@import|fetch\(|XMLHttpRequest|innerHTML|outerHTML|insertAdjacent|document\.write|eval\(/,
  );
  const markup = html.replace(/<style>[^]*?<\/style>/, '').replace(/<script[^]*?<\/script>/g, '');
  const tags = [...markup.matchAll(/<\/?([a-zA-Z!][\w-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/g)];
  const known = new Set(
    '!doctype a b body button caption code details div h1 h2 head header html li main meta noscript ol p rect section span summary svg table tbody td th thead title tr ul'.split(
      ' ',
    ),
  );
  expect([...new Set(tags.map(([, name = '']) => name.toLowerCase()))].filter((name) => !known.has(name))).toEqual([]);
  expect(
    tags.filter(([, , attributes = '']) => /\s(?:on\w+|style|src|srcset|action|formaction|xlink:href)\s*=|javascript:/i.test(attributes)),
  ).toEqual([]);
  expect([...markup.matchAll(/href="([^"]*)"/g)].map(([, target]) => target)).toEqual(['#findings']);
  expect(markup.match(/</g)?.length).toBe(tags.length);
}

const HOSTILE: Record<string, string> = {
  controls: 'a\u0000b\u001b[31mred\u0007\u009b2J\r\n\tend',
  script: '</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)>',
  attribute: `" onmouseover="alert(1)" x='`,
  cdata: ']]></failure><x>&amp;&#0;&bogus;',
  markdown: '|`*_~[click](http://evil.example)![i](http://evil.example/i.png) <b>@octocat</b> #1 http://evil.example',
  fence: '```\n# big\n```',
  formula: "=cmd|'/c calc'!A1",
  plus: '+1+1',
  at: '@SUM(1)',
  rtl: '\u202egnp.exe\u2066',
  command: 'x\n::error::pwned\r##[error]pwned %0A::stop-commands::x',
  surrogate: 'lone\ud800half\uffff',
  dots: '../../../etc/passwd',
  prototype: '__proto__',
  long: 'n'.repeat(10_000),
};

// oxlint-disable-next-line no-control-regex -- looking for them is the point
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udbff](?![\udc00-\udfff])/;

describe('hostile names', () => {
  const objects = Object.values(HOSTILE).flatMap((text) => [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: text, namespace: text, labels: { app: text } },
      spec: {
        hostPID: true,
        volumes: [{ name: text, hostPath: { path: `/${text}` } }],
        containers: [
          {
            name: text,
            image: text,
            securityContext: { privileged: true, capabilities: { add: [text] } },
            env: [{ name: 'DB_PASSWORD', value: text }],
            volumeMounts: [{ name: text, mountPath: '/x' }],
          },
        ],
      },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: text },
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: text },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: text },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: text }],
    },
  ]);
  const gap = { code: 'unreadable' as const, effect: 'it was not judged' };
  const runs: [string, Report][] = [];
  beforeAll(async () => {
    for (const source of [undefined, `evil, "dir"/=x ${HOSTILE.script}.yaml`, `bad\n::error::x%0a,y:z|.yaml`]) {
      const snapshot = snapshotOf(objects, source);
      for (const text of Object.values(HOSTILE)) snapshot.gaps.push({ ...gap, scope: text, reason: text });
      runs.push([source ?? 'no file', await report(snapshot, ALL, { targets: Object.values(HOSTILE) })]);
    }
  });

  it('are in the findings', () => {
    for (const [, made] of runs) expect(made.findings.length).toBeGreaterThan(Object.keys(HOSTILE).length * 10);
  });

  it.each(PARSED)('do not break %s', (format) => {
    for (const [name, made] of runs) expect(READERS[format](made.texts[format] ?? ''), name).toHaveLength(made.findings.length);
  });

  it.each(ALL.filter((format) => format !== 'json'))('leave no control or format character in %s', (format) => {
    for (const [name, { texts }] of runs) {
      const text = (texts[format] ?? '').replaceAll('\r\n', '\n').replaceAll('\u200b', '');
      expect(UNSAFE.exec(text)?.index, name).toBeUndefined();
    }
  });

  it('never become markup of the page', () => {
    for (const [, { texts }] of runs) {
      expectInert(texts.html ?? '');
      expect(pageData(texts.html ?? '').texts.some((text) => text.includes('</script>'))).toBe(true);
      expect((texts.html ?? '').match(/<\/script>/g)).toHaveLength(2);
    }
  });

  it('never begin a formula', () => {
    for (const [, { texts }] of runs) {
      const cells = readCsv(texts.csv ?? '').flatMap((row) => Object.values(row));
      expect(cells.filter((text) => /^[=+\-@\t\r\n]/.test(text))).toEqual([]);
      expect(cells).toContain("'+1+1");
    }
  });

  it('give no command to the runner', () => {
    for (const [, made] of runs) {
      const lines = (made.texts.github ?? '').trimEnd().split('\n');
      expect(lines).toHaveLength(made.findings.length + 1);
      expect(lines.at(-1)).toMatch(/^castellan: \d+ findings/);
      expect(
        readAnnotations(made.texts.github ?? '').every(({ properties }) =>
          Object.keys(properties).every((key) => ['file', 'line', 'col', 'title'].includes(key)),
        ),
      ).toBe(true);
    }
  });

  it('stay in their cell of the table and outside of code call nobody and link nowhere', () => {
    for (const [, { texts }] of runs) {
      const text = texts.markdown ?? '';
      expect(text.length).toBeLessThan(60_000);
      for (const { cells } of markdownRows(text)) expect(cells).toHaveLength(4);
      const outside = text.replace(/(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '').replace(/\\[\\`*_[\]{}()~|]/g, '');
      expect(outside).not.toMatch(/<(?!\/?(?:details|summary|sub)>)/);
      expect(outside).not.toMatch(/@\w|https?:\/\/|#\d|\]\(|`/);
    }
  });

  it('are cut where people are not asked to read everything', () => {
    for (const [, { texts }] of runs) {
      for (const format of ['sarif', 'junit', 'html', 'markdown', 'csv', 'gitlab', 'github'])
        expect(/n{5000}/.test(texts[format] ?? ''), format).toBe(false);
    }
  });

  it('cannot lead out of the virtual folder', () => {
    const [, made] = runs[0] ?? [];
    for (const row of readCsv(made?.texts.csv ?? '')) {
      expect(row.file).toMatch(/^'?cluster\//);
      expect(row.file).not.toContain('../');
    }
  });
});
