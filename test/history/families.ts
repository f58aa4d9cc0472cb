/**
 * Families of histories: the same small company each time, with what makes the family added. What a caller may do and
 * does not is as much as what it does, as roles are in practice: taken from a template, or written once for all.
 */
import { type Habit, type Span, controller, dayOfMonth, human, incidents, isWorkday, job, pipeline, silent, weekday } from './callers.ts';
import { Dice } from './dice.ts';
import { DAY, FROM, type Part, type Raw, type RequestEvent, account, person } from './event.ts';

export const FAMILIES = ['steady', 'weekly', 'monthly', 'rare incident', 'new deployment'] as const;
export type Family = (typeof FAMILIES)[number];

export interface History {
  readonly span: Span;
  readonly objects: (at: number) => Raw[];
  /** In the order of time. */
  readonly requests: readonly RequestEvent[];
}

const READS = ['get', 'list', 'watch'] as const;
const RESOURCES = [
  '/pods',
  '/configmaps',
  '/secrets',
  '/services',
  'apps/deployments',
  'apps/replicasets',
  'batch/jobs',
  '/endpoints',
] as const;

export function historyOf(family: Family, seed: number, days = 90): History {
  const dice = new Dice(seed * 7919 + FAMILIES.indexOf(family));
  // Not all on the same day of a month and of a week.
  const from = FROM + dice.below(28) * DAY;
  const span: Span = { from, to: from + days * DAY, servers: 2 };
  const parts = [...company(dice, span), ...ADDED[family](dice, span)];
  const requests = parts.flatMap((part) => part.requests).toSorted((a, b) => a.time - b.time);
  return { span, requests, objects: (at) => [...servers(span.servers), ...parts.flatMap((part) => part.objects(at))] };
}

/** Eight controllers, two daily jobs, a pipeline, three people, and a workload whose token nobody sees. */
function company(dice: Dice, span: Span): Part[] {
  const controllers = Array.from({ length: 8 }, (_, index) => controller(dice, span, informer(dice, `controller-${index}`)));
  const jobs = ['tidy', 'export'].map((name) => job(dice, span, { ...worker(dice, name), schedule: '0 2 * * *', runsOn: () => true }));
  const people = ['ann', 'ben', 'cyd'].map((name) =>
    human(dice, span, {
      namespace: 'shop',
      name: `${name}@example.com`,
      ...some(
        dice,
        ['get /pods', 'list /pods', 'get /pods/log', 'get /configmaps', 'list apps/deployments'],
        ['delete /pods', 'create /pods/exec', 'get /secrets', 'patch apps/deployments'],
      ),
    }),
  );
  const deploys = pipeline(dice, span, {
    namespace: 'ci',
    name: 'deploy',
    wide: true,
    ...some(
      dice,
      ['get apps/deployments', 'patch apps/deployments', 'get /configmaps', 'patch /configmaps', 'get /services'],
      ['delete apps/deployments', 'create /secrets', 'create /pods/exec', 'delete /services', 'delete /namespaces'],
    ),
    worksOn: isWorkday,
  });
  return [...controllers, ...jobs, ...people, deploys, silent(dice, span, worker(dice, 'shower'))];
}

const ADDED: Readonly<Record<Family, (dice: Dice, span: Span) => Part[]>> = {
  steady: () => [],
  weekly: (dice, span) => [
    job(dice, span, { ...worker(dice, 'weekly'), schedule: '0 2 * * 0', runsOn: (day) => weekday(day) === 0 }),
    // Releases on Thursdays by a pipeline that also works on other days.
    ...alsoOn(dice, span, (day) => weekday(day) === 4),
  ],
  monthly: (dice, span) => [
    job(dice, span, { ...worker(dice, 'monthly'), schedule: '0 2 1 * *', runsOn: (day) => dayOfMonth(day) === 1 }),
    // Only the pipeline knows of its month: nothing in the cluster tells.
    ...alsoOn(dice, span, (day) => dayOfMonth(day) === 3),
  ],
  'rare incident': (dice, span) => [
    incidents(dice, span, {
      caller: person('ann@example.com', 'company:everybody'),
      used: ['delete /pods', 'create /pods/exec'],
      every: 30,
    }),
    controller(dice, span, { ...informer(dice, 'cluster-autoscaler'), wide: true, unused: ['create /pods/eviction', 'delete /nodes'] }),
    incidents(dice, span, { caller: account('shop', 'cluster-autoscaler', 'x'), used: ['create /pods/eviction'], every: 30 }),
    // A controller that no name gives away.
    controller(dice, span, { ...informer(dice, 'keeper'), unused: ['delete /persistentvolumeclaims', 'patch /services', 'get /secrets'] }),
    incidents(dice, span, { caller: account('shop', 'keeper', 'x'), used: ['delete /persistentvolumeclaims'], every: 45 }),
  ],
  'new deployment': (dice, span) =>
    ['newcomer', 'successor'].map((name) => {
      const since = span.from + Math.floor(dice.next() * 75) * DAY + 36_000;
      return controller(dice, span, { ...informer(dice, name), since });
    }),
};

/** A pipeline that works each day, and on some days does more. */
function alsoOn(dice: Dice, span: Span, isDay: (day: number) => boolean): Part[] {
  const also = ['create /secrets', 'delete apps/deployments'];
  const usual: Habit = {
    namespace: 'ci',
    name: 'release',
    wide: true,
    used: ['get apps/deployments', 'patch apps/deployments'],
    unused: [...also, 'delete /services', 'get /secrets', 'create /pods/exec', 'create batch/jobs'],
  };
  const more = pipeline(dice, span, { ...usual, used: also, unused: [], worksOn: isDay });
  return [pipeline(dice, span, { ...usual, worksOn: isWorkday }), { requests: more.requests, objects: () => [] }];
}

/** Watches three kinds, writes one, has a lock; may do about as much that it never does. */
function informer(dice: Dice, name: string): Habit {
  const watched = dice.some(RESOURCES, 3);
  const written = dice.pick(['/configmaps', '/services', 'apps/deployments', 'batch/jobs']);
  const used = [
    ...watched.flatMap((resource) => ['list', 'watch'].map((verb) => `${verb} ${resource}`)),
    ...['get', 'update'].map((verb) => `${verb} ${written}`),
    ...['get', 'update'].map((verb) => `${verb} coordination.k8s.io/leases`),
    'create /events',
  ];
  const spare = RESOURCES.filter((resource) => !watched.includes(resource) && resource !== written);
  const unused = [
    ...dice.some(spare, 2).flatMap((resource) => READS.map((verb) => `${verb} ${resource}`)),
    `delete ${written}`,
    'create /pods/exec',
  ];
  // Made where it is missing, and said again of what comes again: neither is seen in most weeks.
  const rarely = ['create coordination.k8s.io/leases', 'patch /events'];
  return { namespace: 'shop', name, used, rarely, unused };
}

function worker(dice: Dice, name: string): Habit {
  const kept = dice.some(RESOURCES, 4);
  const [first = '', second = '', third = '', last = ''] = kept;
  return {
    namespace: 'shop',
    name,
    used: [`get ${first}`, `get ${second}`, `delete ${third}`],
    unused: [`delete ${first}`, `create ${second}`, `get ${last}`, `delete ${last}`],
  };
}

function some(dice: Dice, used: readonly string[], unused: readonly string[]): Pick<Habit, 'used' | 'unused'> {
  return { used: dice.some(used, used.length - 1), unused };
}

function servers(count: number): Raw[] {
  const endpoints = Array.from({ length: count }, (_, index) => ({ addresses: [`10.1.0.${index + 1}`] }));
  return [
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      endpoints,
    },
  ];
}
