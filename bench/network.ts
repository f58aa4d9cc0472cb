/**
 * The network relation from parsed objects to the summary of the whole matrix in memory: growth over sizes, and one
 * connection against the tests' brute force on the same cluster in the same run. Exit code 1 when the budget is missed.
 *
 *   node bench/network.ts [--smoke]
 */
import { Ends, Matrix, Relation, ask, readWorld } from '../src/engines/network/index.ts';
import { type Probe, bruteForce } from '../test/network/brute-force.ts';
import { generateNetwork } from './generate-network.ts';
import { median } from './statistics.ts';

const BUDGET = { pods: 10_000, policies: 1000, ms: 500 };
const SIZES = [
  [1000, 100],
  [3000, 300],
  [10_000, 100],
  [10_000, 1000],
  [30_000, 3000],
] as const;
const RUNS = 5;

interface Figures {
  classes: number;
  signatures: number;
  read: number;
  relation: number;
  matrix: number;
  /** Pairs of pods by what may flow between them. */
  open: number;
  limited: number;
  closed: number;
}

function once(objects: readonly Record<string, unknown>[]): Figures {
  const start = performance.now();
  const world = readWorld(objects);
  const read = performance.now();
  const relation = new Relation(world);
  const built = performance.now();
  const { entities, ports } = relation;
  const matrix = new Matrix(relation);
  const members = new Int32Array(entities.count);
  for (const classes of entities.classesOf) for (const id of classes) members[id] = (members[id] ?? 0) + 1;
  let [open, limited, closed] = [0, 0, 0];
  for (let source = 0; source < entities.classes.length; source += 1) {
    const row = matrix.from(source);
    for (let target = 0; target < entities.classes.length; target += 1) {
      const pairs = (members[source] ?? 0) * (members[target] ?? 0);
      if (row[target] === ports.all) open += pairs;
      else if (row[target] === ports.none) closed += pairs;
      else limited += pairs;
    }
  }
  const end = performance.now();
  const signatures = relation.ingress.all.length + relation.egress.all.length;
  return {
    classes: entities.classes.length,
    signatures,
    read: read - start,
    relation: built - read,
    matrix: end - built,
    open,
    limited,
    closed,
  };
}

function grow(sizes: readonly (readonly [number, number])[]): number {
  console.log('    pods  policies  classes  signatures  read ms  relation ms  matrix ms  total ms   MB');
  let budgeted = 0;
  for (const [pods, policies] of sizes) {
    const objects = generateNetwork(pods, policies);
    const runs = Array.from({ length: RUNS }, () => once(objects));
    const [first] = runs;
    if (first === undefined) continue;
    const of = (part: 'read' | 'relation' | 'matrix'): number => median(runs.map((run) => run[part]));
    const total = median(runs.map(({ read, relation, matrix }) => read + relation + matrix));
    if (pods === BUDGET.pods && policies === BUDGET.policies) budgeted = Math.max(total, first.read + first.relation + first.matrix);
    const cells: [number, number][] = [
      [pods, 8],
      [policies, 10],
      [first.classes, 9],
      [first.signatures, 12],
      [of('read'), 9],
      [of('relation'), 13],
      [of('matrix'), 11],
      [total, 10],
      [process.memoryUsage().rss / 1e6, 5],
    ];
    console.log(cells.map(([value, width]) => value.toFixed(0).padStart(width)).join(''));
  }
  return budgeted;
}

/** The same questions to both, and what each needs for one of them, the engine with all that it builds before. */
function compare(pods: number, policies: number): void {
  const objects = generateNetwork(pods, policies);
  const names = objects.filter(({ kind }) => kind === 'Pod').map(({ metadata }) => metadata as { namespace: string; name: string });
  const probes = Array.from({ length: 400 }, (_, index): Probe => {
    const [from, to] = [names[(index * 31) % names.length], names[(index * 17 + 5) % names.length]];
    return {
      from: `${from?.namespace}/${from?.name}`,
      to: `${to?.namespace}/${to?.name}`,
      protocol: 'TCP',
      port: index % 2 === 0 ? 8081 : 9100,
    };
  });
  let start = performance.now();
  const relation = new Relation(readWorld(objects));
  const ends = new Ends(relation);
  const ours = probes.map(
    ({ from, to, port }) => ask(relation, { from: ends.find(from) ?? [], to: ends.find(to) ?? [] }, { protocol: 'TCP', port })?.allowed,
  );
  const engine = performance.now() - start;
  start = performance.now();
  const theirs = probes.map((probe) => bruteForce(objects, probe).allowed);
  const brute = performance.now() - start;
  const agree = ours.filter((answer, index) => answer === theirs[index]).length;
  const whole = (brute / probes.length) * pods * pods;
  console.log(
    `\n${probes.length} connections among ${pods} pods with ${policies} policies: ${agree} answers alike\n` +
      `  engine      ${engine.toFixed(0)} ms with all that it builds before\n` +
      `  brute force ${brute.toFixed(0)} ms, ${(brute / engine).toFixed(1)} times as long; each pair once at one port would take it ${(whole / 1000).toFixed(0)} s`,
  );
}

const smoke = process.argv.includes('--smoke');
const total = grow(smoke ? SIZES.slice(0, 2) : SIZES);
compare(smoke ? 300 : 3000, smoke ? 30 : 300);
if (!smoke) {
  const holds = total < BUDGET.ms;
  console.log(
    `budget: ${BUDGET.pods} pods, ${BUDGET.policies} policies in ${total.toFixed(0)} ms, the slower of first and median run; bar ${BUDGET.ms} ms: ${holds ? 'holds' : 'MISSED'}`,
  );
  process.exitCode = holds ? 0 : 1;
}
