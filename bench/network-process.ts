/**
 * One measurement of the network relation, in a process of its own: nothing is warm, and the peak of memory is its own.
 * bench/network.ts starts it and reads the JSON that it writes.
 *
 *   node bench/network-process.ts build|change|why|compare SHAPE PODS COUNT
 *   node bench/network-process.ts list FOLDER RUNS
 */
import { collectManifests } from '../src/collect/manifests/index.ts';
import {
  Ends,
  LiveNetwork,
  type MatrixSummary,
  Relation,
  ask,
  connections,
  matrixSummary,
  readWorld,
  why,
} from '../src/engines/network/index.ts';
import { type Probe, bruteForce } from '../test/network/brute-force.ts';
import { generateApps, generateNetwork } from './generate-network.ts';
import type { Run } from './measure.ts';
import { type EditOf, editKinds } from './network-edits.ts';

type Objects = Record<string, unknown>[];

export interface Built extends Run {
  readonly pods: number;
  readonly policies: number;
  readonly classes: number;
  readonly signatures: number;
  readonly summary: MatrixSummary;
}

export interface Changed {
  readonly kinds: readonly { readonly name: string; readonly of: EditOf; readonly runs: readonly Run[] }[];
  /** To work everything out again, which is what a change would cost otherwise. */
  readonly anew: Run;
  /** What the changed relation says, and what one says that is made of the changed world. */
  readonly live: MatrixSummary;
  readonly fresh: MatrixSummary;
}

export interface Compared {
  readonly engine: Run;
  readonly brute: Run;
  readonly questions: number;
  readonly alike: number;
}

export interface Listed {
  readonly runs: readonly Run[];
  readonly rows: number;
}

const EDITS = 20;
const REASONS = 200;
const QUESTIONS = 2000;

function generated(shape: string, pods: number, count: number): Objects {
  return shape === 'apps' ? generateApps(pods, count) : generateNetwork(pods, count);
}

function measured<T>(work: () => T): { run: Run; result: T } {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(before);
  const peak = (process.resourceUsage().maxRSS * 1024) / 1e6;
  return { run: { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6, peak }, result };
}

/** Every row that somebody may ask for. */
function allRows(relation: Relation): void {
  for (const direction of ['ingress', 'egress'] as const)
    for (const signature of new Set(relation[direction].of)) if (signature >= 0) relation.row(direction, signature);
}

function build(objects: Objects): Built {
  const { run, result } = measured(() => {
    const relation = new Relation(readWorld(objects));
    return { relation, summary: matrixSummary(relation) };
  });
  const { relation, summary } = result;
  const { world, entities, ingress, egress } = relation;
  const signatures = ingress.all.length + egress.all.length;
  return { ...run, pods: world.pods.length, policies: world.policies.length, classes: entities.classes.length, signatures, summary };
}

function change(objects: Objects): Changed {
  let live = LiveNetwork.of(objects);
  allRows(live.relation);
  const kinds = editKinds(objects).map(({ name, of, make }) => {
    const runs = Array.from({ length: EDITS }, (_, index) => {
      const edits = make(index);
      const { run, result } = measured(() => {
        const next = live.with(edits);
        allRows(next.relation);
        return next;
      });
      live = result;
      return run;
    });
    return { name, of, runs };
  });
  const anew = measured(() => {
    const relation = new Relation(live.world);
    allRows(relation);
    return relation;
  });
  return { kinds, anew: anew.run, live: matrixSummary(live.relation), fresh: matrixSummary(anew.result) };
}

/** Of pods far apart, with the ends looked up before. */
function whys(objects: Objects): Run[] {
  const relation = new Relation(readWorld(objects));
  allRows(relation);
  const { classesOf } = relation.entities;
  return Array.from({ length: REASONS }, (_, index) => {
    const ends = {
      from: classesOf[(index * 7919) % classesOf.length] ?? [],
      to: classesOf[(index * 104_729 + 5) % classesOf.length] ?? [],
    };
    return measured(() => why(relation, ends)).run;
  });
}

/** The same questions to both, the engine with all that it builds before. */
function compare(objects: Objects): Compared {
  const names = objects.filter(({ kind }) => kind === 'Pod').map(({ metadata }) => metadata as { namespace: string; name: string });
  const nameOf = (index: number): string => `${names[index % names.length]?.namespace}/${names[index % names.length]?.name}`;
  const probes = Array.from({ length: QUESTIONS }, (_, index): Probe & { protocol: 'TCP' } => {
    const port = index % 2 === 0 ? 8081 : 9100;
    return { from: nameOf(index * 31), to: nameOf(index * 17 + 5), protocol: 'TCP', port };
  });
  const engine = measured(() => {
    const relation = new Relation(readWorld(objects));
    const ends = new Ends(relation);
    return probes.map(({ from, to, ...what }) => ask(relation, { from: ends.find(from) ?? [], to: ends.find(to) ?? [] }, what)?.allowed);
  });
  const brute = measured(() => probes.map((probe) => bruteForce(objects, probe).allowed));
  const alike = engine.result.filter((answer, index) => answer === brute.result[index]).length;
  return { engine: engine.run, brute: brute.run, questions: probes.length, alike };
}

async function list(folder: string, runs: number): Promise<Listed> {
  const { objects } = await collectManifests([folder]);
  const bodies = objects.map(({ object }) => object);
  const all = Array.from({ length: runs }, () => measured(() => connections(readWorld(bodies)).length));
  return { runs: all.map(({ run }) => run), rows: all[0]?.result ?? 0 };
}

async function main([what = '', first = '', second = '', third = '']: readonly string[]): Promise<unknown> {
  if (what === 'list') return list(first, Number(second));
  const objects = generated(first, Number(second), Number(third));
  if (what === 'build') return build(objects);
  if (what === 'change') return change(objects);
  if (what === 'why') return whys(objects);
  if (what === 'compare') return compare(objects);
  throw new RangeError(`there is no measurement ${what}`);
}

// Read by a parent that wants nothing but this.
if (import.meta.main) process.stdout.write(JSON.stringify(await main(process.argv.slice(2))));
