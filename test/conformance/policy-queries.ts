/** Questions about sets of policies, asked as the corpus counts them; see the README beside it. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { collectManifests } from '../../src/collect/manifests/index.ts';
import {
  type Policy,
  Relation,
  type SetQuestion,
  type World,
  askSets,
  exposure,
  readWorld,
  selectsNothing,
  unmatchedPeers,
} from '../../src/engines/network/index.ts';
import { readJson, shared } from './corpora.ts';

export const QUERIES = 'corpora/network/policy-queries/';

interface Case {
  id: string;
  layer: string;
  topology: string[];
  configs: Record<string, { topology: string[] | null; policies: string[] }>;
  queries: { name: string; query: string; sets: string[]; expected: number }[];
}

export interface Answered {
  case: string;
  name: string;
  query: string;
  theirs: number;
  ours: number;
}

export interface QueryDifference {
  case: string;
  name: string;
  ours: number;
  reason: string;
}

export function queryDifferences(): QueryDifference[] {
  return JSON.parse(readFileSync(new URL('policy-queries-differences.json', import.meta.url), 'utf8')) as QueryDifference[];
}

/** Those about the policies of Kubernetes; what Calico's own policies mean is not read. */
export async function answerQueries(): Promise<{ answered: Answered[]; leftOut: number }> {
  const cases = readdirSync(shared(`${QUERIES}cases`)).map((file) => readJson(`${QUERIES}cases/${file}`) as Case);
  const answered: Answered[] = [];
  for (const item of cases.filter(({ layer }) => layer === 'k8s')) {
    for (const { name, query, sets, expected } of item.queries) {
      const worlds: World[] = [];
      for (const set of sets) worlds.push(await worldOf(item, set));
      answered.push({ case: item.id, name, query, theirs: expected, ours: count(query, worlds) });
    }
  }
  const leftOut = cases.filter(({ layer }) => layer !== 'k8s').reduce((sum, { queries }) => sum + queries.length, 0);
  return { answered, leftOut };
}

/** A set is a configuration, or one policy of it as `configuration/namespace/name`. */
async function worldOf({ topology, configs }: Case, set: string): Promise<World> {
  const [config = '', namespace, name] = set.split('/');
  const { topology: own, policies = [] } = configs[config] ?? { topology: null };
  const world = readWorld([...(await objectsIn([...new Set([...topology, ...(own ?? [])])])), ...(await objectsIn(policies))]);
  if (name === undefined) return world;
  return { ...world, policies: world.policies.filter((policy) => policy.namespace === namespace && policy.name === name) };
}

async function objectsIn(files: readonly string[]): Promise<Readonly<Record<string, unknown>>[]> {
  const objects: Readonly<Record<string, unknown>>[] = [];
  for (const file of files) {
    const snapshot = await collectManifests([fileURLToPath(shared(`${QUERIES}files/${file}`))]);
    for (const { object } of snapshot.objects) objects.push(object);
  }
  return objects;
}

function count(query: string, worlds: readonly World[]): number {
  const [first, ...others] = worlds;
  if (first === undefined) return 0;
  const says = (question: SetQuestion, answer: boolean): number =>
    others.filter((other) => askSets(question, first, other).answer === answer).length;
  switch (query) {
    case 'equivalence':
      return pairsOf(worlds).filter(([one, other]) => !askSets('equivalent', one, other).answer).length;
    case 'containment':
      return says('contains', true);
    case 'permits':
      return says('permits', false);
    case 'forbids':
      return says('forbids', false);
    case 'interferes':
      return says('interferes', true);
    case 'vacuity':
      return worlds.filter((world) => askSets('equivalent', { ...world, policies: [] }, world).answer).length;
    case 'allCaptured':
      return sum(worlds, (world) => exposure(world).unprotected.length);
    case 'emptiness':
      return sum(worlds, emptyParts);
    case 'redundancy':
      return sum(worlds, redundantParts);
    default:
      throw new Error(`no such query: ${query}`);
  }
}

/** The first with each of the others; of three and more also these with each other. */
function pairsOf(worlds: readonly World[]): [World, World][] {
  return worlds.flatMap((one, index) => worlds.slice(index + 1).map((other): [World, World] => [one, other]));
}

function emptyParts(world: World): number {
  const relation = new Relation(world);
  return sum(world.policies, (policy) => (selectsNothing(relation, policy) ? 1 : 0) + unmatchedPeers(relation, policy).length);
}

/** Policies without which nothing changes, and in the others rules of which that holds, each by itself. */
function redundantParts(world: World): number {
  const isSame = (policies: readonly Policy[]): boolean => askSets('equivalent', world, { ...world, policies }).answer;
  return sum(world.policies, (policy) => {
    if (isSame(world.policies.filter((other) => other !== policy))) return 1;
    return sum(['ingress', 'egress'] as const, (direction) =>
      sum(policy[direction] ?? [], (rule) => {
        const less = { ...policy, [direction]: policy[direction]?.filter((other) => other !== rule) };
        return isSame(world.policies.map((other) => (other === policy ? less : other))) ? 1 : 0;
      }),
    );
  });
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
