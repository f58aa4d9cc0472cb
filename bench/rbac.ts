/**
 * Rights from parsed objects to the closure: which of eighty actions each subject may do and where. Growth over sizes,
 * and single questions against the tests' brute force on the same world in the same run. Exit code 1 when the budget is
 * missed. Times are those of the processor.
 *
 *   node bench/rbac.ts [--smoke]
 */
import { type Action, closureOf, escalationsOf, has, rbacOfObjects } from '../src/engines/rbac/index.ts';
import { type Raw, allows, settle } from '../test/rbac/brute-force.ts';
import { type Sizes, generateRbac } from './generate-rbac.ts';
import { median } from './statistics.ts';

const BUDGET_MS = 500;
const FULL: Sizes = { subjects: 10_000, roles: 8000, rules: 50_000, bindings: 20_000 };
const SIZES = [0.03, 0.1, 0.3, 1, 3].map((factor): Sizes => {
  const scaled = (of: number): number => Math.round(of * factor);
  return { subjects: scaled(FULL.subjects), roles: scaled(FULL.roles), rules: scaled(FULL.rules), bindings: scaled(FULL.bindings) };
});
const RUNS = 5;

const RESOURCES = [
  'pods',
  'pods/exec',
  'secrets',
  'serviceaccounts/token',
  'services',
  'configmaps',
  'users',
  'groups',
  'nodes/proxy',
  'widgets',
];
const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'impersonate'];
const ACTIONS: Action[] = RESOURCES.flatMap((text) => {
  const [resource = '', subresource = ''] = text.split('/');
  return VERBS.map((verb) => ({ verb, apiGroup: resource === 'widgets' ? 'example.com' : '', resource, subresource }));
});

/** Processor time of all threads in ms: the garbage collector has its own, and other programs do not count. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

interface Figures {
  read: number;
  closure: number;
  escalations: number;
  rows: number;
  allowed: number;
}

function once(objects: readonly Record<string, unknown>[]): Figures {
  const start = cpu();
  const rbac = rbacOfObjects(objects);
  const read = cpu();
  const { rows } = closureOf(rbac, ACTIONS);
  const closed = cpu();
  const steps = escalationsOf(rbac, 36).length;
  const end = cpu();
  const allowed = rows.reduce((sum, row) => sum + ACTIONS.filter((_, action) => has(row, action)).length, steps);
  return { read: read - start, closure: closed - read, escalations: end - closed, rows: rows.length, allowed };
}

function grow(sizes: readonly Sizes[]): number {
  console.log('subjects   roles   rules  bindings    rows  read ms  closure ms  escalations ms   MB');
  let budgeted = 0;
  for (const size of sizes) {
    const objects = generateRbac(size);
    const runs = Array.from({ length: RUNS }, () => once(objects));
    const [first] = runs;
    if (first === undefined) continue;
    const of = (part: 'read' | 'closure' | 'escalations'): number => median(runs.map((run) => run[part]));
    // Indexes are made within the closure, so the first run is the one that a command has.
    if (size.subjects === FULL.subjects) budgeted = Math.max(first.closure, of('closure'));
    const cells: [number, number][] = [
      [size.subjects, 8],
      [size.roles, 8],
      [size.rules, 8],
      [size.bindings, 10],
      [first.rows, 8],
      [of('read'), 9],
      [of('closure'), 12],
      [of('escalations'), 16],
      [process.memoryUsage().rss / 1e6, 5],
    ];
    console.log(cells.map(([value, width]) => value.toFixed(0).padStart(width)).join(''));
  }
  return budgeted;
}

/** The same questions to both, the engine with all that it builds before. */
function compare(size: Sizes): void {
  const objects = generateRbac(size) as Raw[];
  const questions = Array.from({ length: 3000 }, (_, index) => {
    const subject = (index * 31) % size.subjects;
    const space = subject % Math.max(2, Math.floor(size.subjects / 20));
    const action = ACTIONS[(index * 7) % ACTIONS.length] as Exclude<Action, { path: string }>;
    const user = { name: `system:serviceaccount:ns-${space}:sa-${subject}`, groups: [] };
    return { user, request: { ...action, name: '', namespace: `ns-${space}` } };
  });
  let start = cpu();
  const rbac = rbacOfObjects(objects);
  const ours = questions.map(({ user, request }) => rbac.authorize(user, request).allowed);
  const engine = cpu() - start;
  start = cpu();
  const world = settle(objects);
  const theirs = questions.map(({ user, request }) => allows(world, user, request));
  const brute = cpu() - start;
  const agree = ours.filter((answer, index) => answer === theirs[index]).length;
  console.log(
    `\n${questions.length} questions to ${size.bindings} bindings: ${agree} answers alike, ${ours.filter(Boolean).length} of them yes\n` +
      `  engine      ${engine.toFixed(0)} ms with all that it builds before\n` +
      `  brute force ${brute.toFixed(0)} ms, ${(brute / engine).toFixed(1)} times as long`,
  );
}

const smoke = process.argv.includes('--smoke');
const closure = grow(smoke ? SIZES.slice(0, 2) : SIZES);
compare(SIZES[smoke ? 0 : 2] ?? FULL);
if (!smoke) {
  const holds = closure < BUDGET_MS;
  console.log(
    `budget: closure of ${FULL.subjects} subjects and ${FULL.rules} rules in ${closure.toFixed(0)} ms, the slower of first and median run; bar ${BUDGET_MS} ms: ${holds ? 'holds' : 'MISSED'}`,
  );
  process.exitCode = holds ? 0 : 1;
}
