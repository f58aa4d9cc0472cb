/** The attack graph against the public corpora: small clusters with known paths and fixes, and two tools' test clusters. */
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evalPaths } from '../../src/cli/eval-paths.ts';
import { evalRules } from '../../src/cli/eval-rules.ts';
import { collectManifests } from '../../src/collect/manifests/index.ts';
import { AttackGraph } from '../../src/graph/index.ts';
import { reachedFrom } from '../../src/graph/reach.ts';
import { buildCluster } from '../../src/model/index.ts';
import type { Snapshot } from '../../src/snapshot/index.ts';
import { isHere, readJson, shared } from './corpora.ts';

const CORPUS = 'corpora/rbac/';
type Raw = Readonly<Record<string, unknown>>;

interface Answer {
  results: { reachable: boolean; witness?: { edge: string; evidence: unknown[] }[]; witnesses?: { edge: string }[][] }[];
  cut?: { remove: string[]; optimal: boolean };
}

interface GraphCase {
  id: string;
  why: string;
  context: Raw;
  objects: Raw[];
  expect: { from: string; to: string; reachable: boolean; via?: string[] }[];
  fixes?:
    | { remove: string[]; cuts: string[] }[]
    | { entries: string[]; target: string; unitCost: string[]; protected: string[]; minimumFixCount: number; acceptable?: string[][] };
}

describe.skipIf(!isHere(`${CORPUS}graph`))('small clusters (need ../shared/corpora/rbac/graph)', () => {
  const { cases } = isHere(`${CORPUS}graph`) ? (readJson(`${CORPUS}graph/attack-graph.json`) as { cases: GraphCase[] }) : { cases: [] };

  it.each(cases.map((each) => [each.id, each] as const))('%s', (_, { context, objects, expect: wanted, fixes }) => {
    const cut =
      fixes === undefined || Array.isArray(fixes)
        ? undefined
        : { entries: fixes.entries, target: fixes.target, protected: fixes.protected, removable: fixes.unitCost };
    const answer = evalPaths({ context, objects, pairs: wanted, ...(cut !== undefined && { cut }) }) as unknown as Answer;
    for (const [index, { reachable, via = [], from, to }] of wanted.entries()) {
      const got = answer.results[index];
      expect(got?.reachable, `${from} to ${to}`).toBe(reachable);
      if (!reachable) continue;
      const chains = [got?.witness ?? [], ...(got?.witnesses ?? [])].map((chain) => new Set(chain.map(({ edge }) => edge)));
      expect(
        chains.some((chain) => via.every((edge) => chain.has(edge))),
        `${from} to ${to} by ${via.join()}`,
      ).toBe(true);
    }
    if (Array.isArray(fixes)) {
      for (const { remove, cuts } of fixes) {
        const pairs = cuts.map((text) => Object.fromEntries(text.split(' -> ').map((name, end) => [end === 0 ? 'from' : 'to', name])));
        const after = evalPaths({ context, objects, pairs, without: remove }) as unknown as Answer;
        expect(after.results.map(({ reachable }) => reachable)).toEqual(cuts.map(() => false));
      }
    } else if (fixes !== undefined) {
      expect(answer.cut?.remove.length).toBe(fixes.minimumFixCount);
      expect(answer.cut?.optimal).toBe(true);
      if (fixes.acceptable !== undefined) expect(fixes.acceptable.map((set) => set.toSorted())).toContainEqual(answer.cut?.remove);
    }
  });
});

interface Truth {
  from: string;
  to: string;
  reachable: boolean | 'conditional';
  why: string;
}

const NODES = ['control-plane', 'worker', 'worker2'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: name === 'control-plane' ? { 'node-role.kubernetes.io/control-plane': '' } : {} },
}));

describe.skipIf(!isHere(`${CORPUS}kubehound`))("KubeHound's cluster (needs ../shared/corpora/rbac/kubehound)", () => {
  it('is as its truth statements say', async () => {
    const { files } = readJson(`${CORPUS}kubehound/expected.json`) as { files: { file: string; truth: Truth[] }[] };
    const folder = fileURLToPath(shared(`${CORPUS}kubehound/manifests`));
    const { objects } = await collectManifests([folder]);
    const graph = graphOf([
      ...objects.map(({ object }) => object),
      { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'default', name: 'db' } },
      ...NODES,
    ]);
    const wrong: string[] = [];
    let judged = 0;
    for (const { from, to, reachable, why } of files.flatMap(({ truth }) => truth)) {
      const targets = targetsOf(graph, from, to);
      expect(targets.length, to).toBeGreaterThan(0);
      const starts = from === 'Node/*' ? NODES.map(({ metadata }) => `Node/${metadata.name}`) : [from];
      for (const start of starts.map((name) => (/^Container\/[^/]+\/[^/]+$/.test(name) ? containerOf(name) : name))) {
        for (const target of targets) {
          // What depends on more than the objects say must not be told as certain.
          const wanted = reachable === true;
          const classes = reachable === 'conditional' ? 1 : undefined;
          judged += 1;
          if (reachesByName(graph, { from: start, to: target }, classes) !== wanted) wrong.push(`${start} to ${target}: ${why}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(judged).toBeGreaterThan(60);
  });
});

function containerOf(name: string): string {
  const pod = name.split('/').at(-1) ?? '';
  return `${name}/${pod.startsWith('sharedps-pod') ? (pod.split('-').at(-1) ?? '') : pod}`
    .replace('/sharedps-pod1-a/', '/sharedps-pod1/')
    .replace(/\/a$/, '/sharedps-pod1-a');
}

/** The statements are written for people: `its Node`, `every Container in namespace default`. */
function targetsOf(graph: AttackGraph, from: string, to: string): string[] {
  const all = (prefix: string): string[] =>
    graph.graph.names.filter((name) => name.startsWith(prefix) && !name.endsWith('*') && !name.includes('with'));
  if (to === 'its Node') return ['Node/*'];
  if (to === 'Network of its Node') return ['Network/worker', 'Network/worker2'];
  if (to.startsWith('Node/*')) return NODES.map(({ metadata }) => `Node/${metadata.name}`);
  if (to.startsWith('NamespaceAdmin/*')) return ['NamespaceAdmin/default', 'NamespaceAdmin/vault'];
  if (to === 'tokens of every pod on its node') return ['PodTokens/worker', 'PodTokens/worker2'];
  if (to === 'every ServiceAccount in namespace default') return all('ServiceAccount/default/').filter((name) => name !== from);
  if (to === 'every Secret in namespace default') return all('Secret/default/');
  if (to === 'every Container in namespace default') return all('Container/default/');
  if (/^Container\/[^/]+\/[^/]+$/.test(to))
    return to.includes('sharedps') ? ['Container/default/sharedps-pod1/sharedps-pod1-b'] : [containerOf(to)];
  return [to];
}

function reachesByName(graph: AttackGraph, { from, to }: { from: string; to: string }, classes?: number): boolean {
  const [start, end] = [graph.find(from), graph.find(to)];
  if (start === undefined) throw new Error(`${from} is no vertex`);
  return end !== undefined && graph.reaches(start, end, classes);
}

interface Equivalent {
  edge?: string;
  right?: string;
  rule?: string;
  target?: string;
  or?: string;
  differs?: string;
}

interface Finding {
  file: string;
  findingsPresent?: string[];
  findings?: string[];
  findingsAbsent: string[];
}

const EQUIVALENTS = JSON.parse(readFileSync(new URL('kubesplaining.json', import.meta.url), 'utf8')) as Record<string, Equivalent>;

describe.skipIf(!isHere(`${CORPUS}kubesplaining`))("kubesplaining's clusters (need ../shared/corpora/rbac/kubesplaining)", () => {
  const read = (name: string): Finding[] =>
    isHere(`${CORPUS}kubesplaining`) ? (readJson(`${CORPUS}kubesplaining/${name}`) as { cases: Finding[] }).cases : [];
  const cases = [...read('expected-manifests.json'), ...read('expected-snapshots.json')];

  it.each(cases.map((each) => [each.file, each] as const))('%s', async (file, { findingsPresent, findings, findingsAbsent }) => {
    const objects = await objectsOf(file);
    const world: World = { graph: graphOf(objects), findings: evalRules({ objects }).findings as RuleFinding[] };
    const missing = (findingsPresent ?? findings ?? []).filter((text) => !isTold(world, findingOf(text), equivalentOf(file, text)));
    expect(missing).toEqual([]);
    expect(findingsAbsent.filter((text) => isClaimed(world, findingOf(text), equivalentOf(file, text)))).toEqual([]);
  });

  it('compares by subject where one is expected, and knows every id', async () => {
    const file = 'snapshots/minimal-risky.json';
    const objects = await objectsOf(file);
    const world: World = { graph: graphOf(objects), findings: evalRules({ objects }).findings as RuleFinding[] };
    for (const [present, absent] of [
      ['KUBE-ESCAPE-001:Deployment:default:risky:app', 'KUBE-ESCAPE-001:Deployment:flat-network:api:api'],
      ['KUBE-IMAGE-LATEST-001:Deployment:default:risky:app', 'KUBE-IMAGE-LATEST-001:Deployment:flat-network:api:api'],
      ['KUBE-PRIVESC-005:ServiceAccount/default/reader::secrets', 'KUBE-PRIVESC-005:ServiceAccount/default/default::secrets'],
    ] as const) {
      expect(isTold(world, findingOf(present), equivalentOf(file, present)), present).toBe(true);
      expect(isTold(world, findingOf(absent), equivalentOf(file, absent)), absent).toBe(false);
    }
    expect(() => equivalentOf(file, 'KUBE-NEW-001:Namespace:default')).toThrow('nothing is said of KUBE-NEW-001');
    expect(() => findingOf('KUBE-NEW-001:default:x')).toThrow('nobody knows what KUBE-NEW-001 is about');
  });

  it('every explanation is of a finding that is expected somewhere', () => {
    const ids = new Set(
      cases.flatMap(({ file, findingsPresent, findings, findingsAbsent }) =>
        [...(findingsPresent ?? findings ?? []), ...findingsAbsent].flatMap((text) => [
          findingOf(text).id,
          `${file} ${findingOf(text).id}`,
        ]),
      ),
    );
    expect(Object.keys(EQUIVALENTS).filter((id) => !ids.has(id))).toEqual([]);
  });

  it('writing bindings without bind leads nowhere', async () => {
    const graph = graphOf(await objectsOf('00-baseline.yaml'));
    expect(
      reachesByName(graph, { from: 'ServiceAccount/rbac-ns-fixtures/sa-ns-rolebinding-mutate', to: 'NamespaceAdmin/rbac-ns-fixtures' }),
    ).toBe(false);
    expect(reachesByName(graph, { from: 'ServiceAccount/rbac-fixtures/sa-rolebinding-mutate', to: 'ClusterAdmin' })).toBe(false);
  });
});

interface RuleFinding {
  readonly rule: string;
  readonly subject: { readonly kind: string; readonly namespace: string; readonly name: string };
}

interface World {
  readonly graph: AttackGraph;
  readonly findings: readonly RuleFinding[];
}

/** What a finding is about; both are left out where the corpus names a kind of finding only. */
interface Expected {
  readonly id: string;
  /** Name of the vertex of an account. */
  readonly account?: string;
  readonly object?: { readonly kind: string; readonly namespace: string; readonly name: string };
}

/** Kinds that the tool leaves out of its subjects. */
const ABOUT: readonly (readonly [prefix: string, kind: string])[] = [
  ['KUBE-ADMISSION-00', 'MutatingWebhookConfiguration'],
  ['KUBE-CONFIGMAP-', 'ConfigMap'],
  ['KUBE-CSR-', 'CertificateSigningRequest'],
  ['KUBE-NETPOL-', 'NetworkPolicy'],
  ['KUBE-SECRETS-', 'Secret'],
];

/** `ID`, `ID:ServiceAccount/NS/NAME:…`, `ID:Kind:NS:NAME:…`, `ID:Namespace:NAME`, or without a kind `ID:NS:NAME:…`. */
function findingOf(text: string): Expected {
  const [id = '', first = '', ...rest] = text.split(':');
  if (text === id) return { id };
  if (first.startsWith('ServiceAccount/')) return { id, account: first };
  if (first === 'Namespace') return { id, object: { kind: first, namespace: '', name: rest[0] ?? '' } };
  if (/^[A-Z]/.test(first)) return { id, object: { kind: first, namespace: rest[0] ?? '', name: rest[1] ?? '' } };
  const [, kind] = ABOUT.find(([prefix]) => id.startsWith(prefix)) ?? [];
  if (kind === undefined) throw new Error(`nobody knows what ${id} is about`);
  const isOfCluster = kind === 'MutatingWebhookConfiguration';
  return { id, object: { kind, namespace: isOfCluster ? '' : first, name: isOfCluster ? first : (rest[0] ?? '') } };
}

function equivalentOf(file: string, text: string): Equivalent {
  const [id = ''] = text.split(':');
  const known = EQUIVALENTS[`${file} ${id}`] ?? EQUIVALENTS[id];
  if (known === undefined) throw new Error(`nothing is said of ${id}`);
  return known;
}

/** By a rule of ours, a target that its subject reaches, or a step or right of its subject; of any account where none is named. */
function isTold(world: World, expected: Expected, wanted: Equivalent): boolean {
  return wanted.differs !== undefined || isFound(world, expected, wanted);
}

/** What must not be told. Where nothing of ours speaks of it: if something came to, it would be a finding about the object. */
function isClaimed(world: World, expected: Expected, wanted: Equivalent): boolean {
  if (wanted.differs === undefined) return isFound(world, expected, wanted);
  return expected.object !== undefined && world.findings.some(({ subject }) => isAbout(subject, expected));
}

function isFound({ graph, findings }: World, expected: Expected, wanted: Equivalent): boolean {
  if (wanted.rule !== undefined) return findings.some(({ rule, subject }) => rule === wanted.rule && isAbout(subject, expected));
  const starts = startsIn(graph, expected);
  if (wanted.target !== undefined) {
    return [wanted.target, wanted.or ?? wanted.target].some((name) => {
      const target = graph.find(name);
      return target !== undefined && graph.entriesThatReach(starts, target).includes(1);
    });
  }
  // By itself, and not as somebody whom it can become.
  const { names } = graph.graph;
  const others = Uint8Array.from(names, (name, vertex) => (!starts.includes(vertex) && IDENTITY.test(name) ? 1 : 0));
  return takes(graph, reachedFrom(graph.graph, starts, { without: others }), wanted);
}
const IDENTITY = /^(?:ServiceAccount|User|Node|NodeIdentity|Container|ClusterAdmin)(?:\/|$)/;

function isAbout({ kind, namespace, name }: RuleFinding['subject'], { object }: Expected): boolean {
  return object === undefined || (object.kind === kind && object.namespace === namespace && object.name === name);
}

function takes({ graph }: AttackGraph, held: Uint8Array, wanted: Equivalent): boolean {
  const { heads, family, families, bodies, names } = graph;
  if (wanted.right !== undefined) return names.some((name, vertex) => held[vertex] === 1 && name.startsWith(`Permission/${wanted.right}`));
  return heads.some(
    (_, edge) =>
      families[family[edge] ?? 0] === wanted.edge &&
      bodies.items.subarray(bodies.at[edge], bodies.at[edge + 1]).every((need) => held[need] === 1),
  );
}

function startsIn({ graph }: AttackGraph, { account, object }: Expected): number[] {
  const own =
    account === undefined && object === undefined
      ? /^(?:ServiceAccount|Container)\/[^/]+\/[^*]/
      : account === undefined
        ? new RegExp(`^Container/${object?.namespace}/${object?.name}/`)
        : new RegExp(`^${account}$`);
  return graph.names.flatMap((name, vertex) => (own.test(name) ? [vertex] : []));
}

const KIND_OF: Readonly<Record<string, readonly [string, string]>> = {
  namespaces: ['v1', 'Namespace'],
  pods: ['v1', 'Pod'],
  deployments: ['apps/v1', 'Deployment'],
  network_policies: ['networking.k8s.io/v1', 'NetworkPolicy'],
  secrets_metadata: ['v1', 'Secret'],
  config_maps: ['v1', 'ConfigMap'],
  mutating_webhook_configs: ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'],
  service_accounts: ['v1', 'ServiceAccount'],
  cluster_roles: ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  certificate_signing_requests: ['certificates.k8s.io/v1', 'CertificateSigningRequest'],
  cluster_role_bindings: ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
};

async function objectsOf(file: string): Promise<Raw[]> {
  if (!file.startsWith('snapshots/')) {
    const { objects } = await collectManifests([fileURLToPath(shared(`${CORPUS}kubesplaining/manifests/${file}`))]);
    // The suite sets this label by a script when everything is applied.
    const label = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    return objects.map(({ object }) =>
      (object.metadata as Raw).name === 'psa-suppressed' ? { ...object, metadata: { name: 'psa-suppressed', labels: label } } : object,
    );
  }
  const { resources } = readJson(`${CORPUS}kubesplaining/${file}`) as { resources: Record<string, Raw[]> };
  return Object.entries(resources).flatMap(([key, list]) => {
    const [apiVersion, kind] = KIND_OF[key] ?? [];
    if (kind === undefined) return [];
    return list.map((each) => ({
      apiVersion,
      kind,
      ...(each.metadata === undefined && {
        metadata: { name: each.name, ...(each.namespace !== undefined && { namespace: each.namespace }) },
      }),
      ...each,
    }));
  });
}

function graphOf(objects: readonly Raw[]): AttackGraph {
  const snapshot: Snapshot = {
    header: { kind: 'manifests', complete: false },
    objects: objects.map((object) => ({ object, origin: { source: '', line: 1, format: 'json' as const, prefix: [] } })),
    counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
    gaps: [],
  };
  return new AttackGraph(buildCluster(snapshot));
}
