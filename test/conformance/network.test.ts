/** Network policies against the public corpora: connections, exposure, differences, refused inputs, and single probes. */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { evalNetwork } from '../../src/cli/eval-network.ts';
import { lintFindings } from '../../src/cli/net-lint.ts';
import { collectManifests } from '../../src/collect/manifests/index.ts';
import { type World, connections, exposure, lint, networkDiff, readWorld } from '../../src/engines/network/index.ts';
import { isHere, readJson, readLines, readText, shared } from './corpora.ts';
import { type Conns, type Row, comparable, cutsOf, differences } from './network-rows.ts';

const FOLDER = 'corpora/network/';

function casesIn(family: string, file = ''): string[] {
  if (!isHere(`${FOLDER}${family}`)) return [];
  return readdirSync(shared(`${FOLDER}${family}`)).filter((id) => file === '' || existsSync(shared(`${FOLDER}${family}/${id}/${file}`)));
}

async function objectsIn(path: string): Promise<Readonly<Record<string, unknown>>[]> {
  const { objects } = await collectManifests([fileURLToPath(shared(`${FOLDER}${path}`))]);
  return objects.map(({ object }) => object);
}

/** These files are of a writer to whom `y` is a text, as it is since YAML 1.2, and no truth value as it is to kubectl. */
function plainObjects(path: string): Record<string, unknown>[] {
  return parseAllDocuments(readText(`${FOLDER}${path}`)).flatMap((document) => {
    const value = document.toJS() as Record<string, unknown> | null;
    return value === null ? [] : [value];
  });
}

async function worldOf(id: string): Promise<World> {
  return readWorld(await objectsIn(`npguard/${id}/manifests`));
}

interface Meta {
  multi_network?: boolean;
  host_network?: string[];
}

function metaOf(id: string): Meta {
  return readJson(`${FOLDER}npguard/${id}/case.json`) as Meta;
}

function isSingle(id: string): boolean {
  return metaOf(id).multi_network !== true;
}

const EVERYONE = 'ip:0.0.0.0-255.255.255.255';

/** The recorded list, with what the specification says where the tool that it is of says otherwise. */
function expectedList(id: string): Row[] {
  const at = `${FOLDER}npguard/${id}/`;
  let rows = readJson(`${at}expected-connections.json`) as Row[];
  if (existsSync(shared(`${at}strict-changes.json`))) {
    const changes = readJson(`${at}strict-changes.json`) as { src: string; dst: string; strict: Conns }[];
    const changed = new Set(changes.map(({ src, dst }) => `${src} ${dst}`));
    rows = [
      ...rows.filter(({ src, dst }) => !changed.has(`${src} ${dst}`)),
      ...changes.map(({ src, dst, strict }) => ({ src, dst, conns: strict })),
    ];
  }
  const hosts = new Set(metaOf(id).host_network);
  rows = rows.filter(({ src, dst }) => !(`${src}${dst}`.includes('ip:') && (hosts.has(src) || hosts.has(dst))));
  for (const host of hosts) rows.push({ src: EVERYONE, dst: host, conns: 'all' }, { src: host, dst: EVERYONE, conns: 'all' });
  return rows.filter(({ conns }) => conns === 'all' || Object.keys(conns).length > 0);
}

describe.skipIf(!isHere(`${FOLDER}npguard`))('sets of manifests (need ../shared/corpora)', () => {
  const lists = casesIn('npguard', 'expected-connections.json').filter(isSingle);
  it('are there', () => expect(lists.length).toBeGreaterThanOrEqual(100));

  it.each(lists)('%s allows what is recorded', async (id) => {
    const [want, got] = [expectedList(id), connections(await worldOf(id)) as Row[]];
    const cuts = cutsOf(want, got);
    expect(differences(comparable(want, cuts), comparable(got, cuts))).toEqual([]);
  });

  it.each(casesIn('npguard', 'expected-exposure.json').filter(isSingle))('%s is exposed as recorded', async (id) => {
    const want = readJson(`${FOLDER}npguard/${id}/expected-exposure.json`) as Record<'ingress' | 'egress', Row[]> & {
      unprotected: unknown[];
    };
    const got = exposure(await worldOf(id));
    for (const side of ['ingress', 'egress'] as const) {
      const cuts = cutsOf(want[side], got[side] as Row[]);
      expect(differences(comparable(want[side], cuts), comparable(got[side] as Row[], cuts)), side).toEqual([]);
    }
    expect(new Set(got.unprotected)).toEqual(new Set(want.unprotected));
  });
});

interface LintEntry {
  check: string;
  policy?: string;
  workload?: string;
  direction?: string;
  rule?: number;
  peer?: number;
  port?: string;
}

/** The checks of which lists are recorded; what else is told is not in them. */
const LINTED = new Set([
  'policy-selects-no-pod',
  'peer-matches-no-pod',
  'named-port-unresolved',
  'rules-ignored-by-policyTypes',
  'ingress-backend-blocked',
]);

describe.skipIf(!isHere(`${FOLDER}npguard`))('lint (needs ../shared/corpora)', () => {
  const cases = casesIn('npguard', 'expected-lint.json').filter(isSingle);
  it('is there', () => expect(cases.length).toBeGreaterThanOrEqual(100));

  it.each(cases)('%s has what is recorded', async (id) => {
    const want = (readJson(`${FOLDER}npguard/${id}/expected-lint.json`) as LintEntry[]).map((entry) =>
      entry.workload === undefined
        ? [entry.check, entry.policy?.replace(' ', '/'), entry.direction, entry.rule, entry.peer, entry.port].join(' ').trim()
        : `${entry.check} ${entry.workload}`,
    );
    const got = lintFindings(await collectManifests([fileURLToPath(shared(`${FOLDER}npguard/${id}/manifests`))]))
      .filter(({ rule }) => LINTED.has(rule))
      .map(({ rule, policy, workload, direction, ruleIndex, peerIndex, message }) => {
        const port = rule === 'named-port-unresolved' ? /port "(.*?)"/.exec(message)?.[1] : undefined;
        return workload === undefined ? [rule, policy, direction, ruleIndex, peerIndex, port].join(' ').trim() : `${rule} ${workload}`;
      });
    expect(new Set(got)).toEqual(new Set(want));
  });
});

interface Change {
  src: string;
  dst: string;
  before: Conns;
  after: Conns;
}

describe.skipIf(!isHere(`${FOLDER}npguard-diff`))('two sets (need ../shared/corpora)', () => {
  it.each(casesIn('npguard-diff'))('%s', async (file) => {
    const { before, after, diff } = readJson(`${FOLDER}npguard-diff/${file}`) as { before: string; after: string; diff: Change[] };
    const got = networkDiff(await worldOf(before), await worldOf(after)) as unknown as Change[];
    const strict = [before, after].some((id) => existsSync(shared(`${FOLDER}npguard/${id}/strict-changes.json`)));
    const side = (rows: readonly Change[], key: 'before' | 'after'): Row[] => rows.map((row) => ({ ...row, conns: row[key] }));
    if (!strict) {
      const cuts = cutsOf(side(diff, 'before'), side(got, 'before'));
      for (const key of ['before', 'after'] as const)
        expect(differences(comparable(side(diff, key), cuts), comparable(side(got, key), cuts)), key).toEqual([]);
      return;
    }
    // The recorded rows follow the tool where the specification says otherwise: the lists are compared instead.
    const [old, now] = [expectedList(before), expectedList(after)];
    const cuts = cutsOf(old, now, side(got, 'before'));
    const [was, is] = [comparable(old, cuts), comparable(now, cuts)];
    const changed = (list: Map<string, string>): Map<string, string> => new Map([...list].filter(([key]) => was.get(key) !== is.get(key)));
    const told = (key: 'before' | 'after'): Map<string, string> =>
      new Map([...comparable(side(got, key), cuts)].filter(([, text]) => text !== ''));
    expect(differences(changed(was), told('before'))).toEqual([]);
    expect(differences(changed(is), told('after'))).toEqual([]);
  });
});

describe.skipIf(!isHere(`${FOLDER}invalid`))('what the API server refuses (needs ../shared/corpora)', () => {
  const expected = isHere(`${FOLDER}invalid`) ? (readJson(`${FOLDER}invalid/expected.json`) as Record<string, { category: string }>) : {};
  const categories = new Set(Object.values(expected).map(({ category }) => category));

  it.each(Object.entries(expected))('%s', async (id, { category }) => {
    const world = readWorld(await objectsIn(`invalid/${id}/manifests`));
    expect(lint(world).map((problem) => problem.category)).toContain(category);
  });
  it.each(casesIn('npguard').filter(isSingle))('%s has nothing of it', async (id) => {
    expect(lint(await worldOf(id)).filter(({ category }) => categories.has(category))).toEqual([]);
  });
});

interface Probe {
  line: string;
  from: string;
  to: string;
  protocol: string;
  port: number;
  wanted: readonly (boolean | undefined)[];
}

function csv(path: string): Record<string, string>[] {
  const [head = '', ...lines] = readText(path).trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [names[index] ?? '', value])));
}

function end(text: string): string {
  return text.includes('/') ? text : `ip:${text}`;
}

function probesIn(path: string): Probe[] {
  return csv(path).map(({ src = '', dst = '', protocol = '', port = '', ...row }) => {
    const flag = (name: string): boolean | undefined => (row[name] === undefined ? undefined : row[name] === '1');
    const [egress, ingress] = [flag('egress_allowed'), flag('ingress_allowed')];
    const both = flag('allowed') ?? (egress === true && ingress === true);
    return {
      line: `${src} ${dst} ${protocol}/${port}`,
      from: end(src),
      to: end(dst),
      protocol,
      port: Number(port),
      wanted: [both, egress, ingress],
    };
  });
}

function wrong(objects: readonly unknown[], probes: readonly Probe[]): string[] {
  interface Answer {
    allowed: boolean;
    egress: { allowed: boolean };
    ingress: { allowed: boolean };
  }
  const { results } = evalNetwork({ objects, probes }) as { results: Answer[] };
  return probes.flatMap(({ line, wanted: [both, egress, ingress] }, index) => {
    const got = results[index];
    const good = got?.allowed === both && (egress === undefined || (got?.egress.allowed === egress && got.ingress.allowed === ingress));
    return good ? [] : [line];
  });
}

describe.skipIf(!isHere(`${FOLDER}k8s-e2e`))('single connections (need ../shared/corpora)', () => {
  it.each(casesIn('k8s-e2e', 'probes.csv'))('%s', (id) => {
    expect(wrong(plainObjects(`k8s-e2e/${id}/manifests.yaml`), probesIn(`${FOLDER}k8s-e2e/${id}/probes.csv`))).toEqual([]);
  });
  it.each(casesIn('policy-assistant', 'truth.csv'))('%s', (id) => {
    expect(wrong(plainObjects(`policy-assistant/${id}/manifests.yaml`), probesIn(`${FOLDER}policy-assistant/${id}/truth.csv`))).toEqual([]);
  });
  it.each(casesIn('cnp-conformance', 'probes.csv'))('%s', (id) => {
    const world = plainObjects('cnp-conformance/world.yaml');
    const own = existsSync(shared(`${FOLDER}cnp-conformance/${id}/namespaces.yaml`))
      ? plainObjects(`cnp-conformance/${id}/namespaces.yaml`)
      : [];
    const nameOf = (object: Readonly<Record<string, unknown>>): string =>
      `${String(object.kind)}/${(object.metadata as { name: string }).name}`;
    const replaced = new Set(own.map(nameOf));
    const objects = [
      ...world.filter((object) => !replaced.has(nameOf(object))),
      ...own,
      ...plainObjects(`cnp-conformance/${id}/policies.yaml`),
    ];
    expect(wrong(objects, probesIn(`${FOLDER}cnp-conformance/${id}/probes.csv`))).toEqual([]);
  });
});

describe.skipIf(!isHere(`${FOLDER}matrix`))('the grid of policies (needs ../shared/corpora)', () => {
  it('allows what is recorded', () => {
    const { order } = readJson(`${FOLDER}matrix/axes.json`) as { order: string[] };
    const world = plainObjects('matrix/world.yaml');
    const cases = readLines<{ id: string; policies: unknown[]; allowed: Record<string, string[]> }>(`${FOLDER}matrix/cases.jsonl`);
    let count = 0;
    for (const { id, policies, allowed } of cases) {
      const probes = Object.entries(allowed).flatMap(([probe, rows]) => {
        const [protocol = '', port = ''] = probe.split('/');
        return rows.flatMap((row, source) =>
          [...row].flatMap((char, target): Probe[] => {
            const [src = '', dst = ''] = [order[source], order[target]];
            return char === '-'
              ? []
              : [{ line: `${src} ${dst} ${probe}`, from: end(src), to: end(dst), protocol, port: Number(port), wanted: [char === '1'] }];
          }),
        );
      });
      count += probes.length;
      expect(wrong([...world, ...policies], probes), id).toEqual([]);
    }
    expect(count).toBeGreaterThan(90_000);
  });
});
