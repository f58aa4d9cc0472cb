/**
 * Writes examples/shop.record: three weeks of use of examples/shop, made up from the scenario below, the same each time.
 *
 *   node tools/shop-record.ts
 */
import { join } from 'node:path';
import { Ledger, type OpenStream, type UseRecord, writeRecordFile } from '../src/record/index.ts';
import { Dice } from '../test/history/dice.ts';
import { type Caller, DAY, account, person } from '../test/history/event.ts';
import { rightIn } from '../test/history/rights.ts';

/** From a Monday, over a day more than three weeks. */
const FROM = 20_738 * DAY;
const TO = FROM + 22 * DAY;
const HOUR = 3600;
const TARGET = join(import.meta.dirname, '../examples/shop.record');

/** Who does what: rights as `verb group/resource`, in a namespace, about every so many hours. */
interface Doing {
  readonly who: Caller;
  readonly in: string;
  readonly what: readonly string[];
  readonly names?: readonly string[];
  readonly every: number;
  readonly workdays?: boolean;
}

const OPERATOR = account('ops', 'database-operator', 'database-operator-6d5f8c9b7d-x2v4k');
const RUNNER = account('ci', 'runner', 'runner-7c9d6b5f4-hk2mp');
const OPS = person('ida@fernhill.example', 'fernhill:ops');
const WEB = person('tomas@fernhill.example', 'fernhill:web');

/** What its arguments name. */
const KSM = [
  ...['configmaps', 'limitranges', 'namespaces', 'nodes', 'persistentvolumeclaims', 'persistentvolumes', 'pods'].map((one) => `/${one}`),
  ...['replicationcontrollers', 'resourcequotas', 'secrets', 'services'].map((one) => `/${one}`),
  ...['daemonsets', 'deployments', 'replicasets', 'statefulsets'].map((one) => `apps/${one}`),
  'batch/cronjobs',
  'batch/jobs',
  'autoscaling/horizontalpodautoscalers',
  'policy/poddisruptionbudgets',
  'networking.k8s.io/ingresses',
  'networking.k8s.io/networkpolicies',
];

const SCENARIO: readonly Doing[] = [
  // The pipelines deploy on working days, and build in pods of their own namespace.
  {
    who: RUNNER,
    in: 'ci',
    what: ['create /pods', 'get /pods', 'create /pods/attach', 'delete /pods', 'create /secrets', 'delete /secrets'],
    names: ['build'],
    every: 1,
    workdays: true,
  },
  ...['shop', 'payments'].map((namespace) => ({
    who: RUNNER,
    in: namespace,
    what: ['get apps/deployments', 'patch apps/deployments', 'get /configmaps', 'patch /configmaps', 'get /services'],
    names: ['storefront', 'cart', 'catalog'],
    every: 6,
    workdays: true,
  })),
  // The operator looks after one database. It has not made any in a long time.
  {
    who: OPERATOR,
    in: '',
    what: [
      'list db.fernhill.example/databases',
      'watch db.fernhill.example/databases',
      'list apps/statefulsets',
      'watch apps/statefulsets',
    ],
    every: 4,
  },
  {
    who: OPERATOR,
    in: 'shop',
    what: ['update db.fernhill.example/databases/status', 'get apps/statefulsets', 'get /services'],
    names: ['reports'],
    every: 2,
  },
  {
    who: OPERATOR,
    in: 'ops',
    what: ['get coordination.k8s.io/leases', 'update coordination.k8s.io/leases'],
    names: ['database-operator'],
    every: 1,
  },
  {
    who: account('ops', 'dashboard', 'dashboard-5b7d9f6c8-q8t6z'),
    in: '',
    what: ['list /pods', 'list apps/deployments', 'list /services'],
    every: 5,
    workdays: true,
  },
  // Somebody restarts things there now and then.
  {
    who: account('ops', 'dashboard', 'dashboard-5b7d9f6c8-q8t6z'),
    in: 'shop',
    what: ['get apps/deployments', 'patch apps/deployments'],
    names: ['search'],
    every: 50,
    workdays: true,
  },
  {
    who: account('monitoring', 'prometheus', 'prometheus-0'),
    in: '',
    what: [
      'list /pods',
      'watch /pods',
      'list /services',
      'watch /services',
      'list /endpoints',
      'watch /endpoints',
      'list /nodes',
      'watch /nodes',
    ],
    every: 3,
  },
  { who: account('monitoring', 'promtail', 'promtail-v7k2d'), in: '', what: ['list /pods', 'watch /pods'], every: 3 },
  ...KSM.map((what) => ({
    who: account('monitoring', 'ksm-kube-state-metrics', 'ksm-kube-state-metrics-84f6c7b9d-m5w2x'),
    in: '',
    what: [`list ${what}`, `watch ${what}`],
    every: 8,
  })),
  {
    who: account('ops', 'backup', 'backup-29896400-p4q7t'),
    in: '',
    what: ['list /pods', 'list /configmaps', 'list /secrets', 'list networking.k8s.io/ingresses', 'list apps/deployments'],
    every: 24,
  },
  { who: account('ops', 'cleanup', 'cleanup-29896410-n2c8r'), in: '', what: ['list /pods'], every: 0.5 },
  {
    who: account('payments', 'payments-api', 'payments-api-79d8c6f5b-g7j4s'),
    in: 'payments',
    what: ['get /configmaps'],
    names: ['payments-api'],
    every: 2,
  },
  {
    who: account('shop', 'catalog', 'catalog-66b7d5c94f-z9x3w'),
    in: 'shop',
    what: ['get /configmaps', 'watch /configmaps', 'list /configmaps'],
    names: ['catalog'],
    every: 2,
  },
  {
    who: OPS,
    in: 'shop',
    what: ['get /pods', 'list /pods', 'get /pods/log', 'create /pods/exec', 'patch apps/deployments'],
    names: ['cart', 'search'],
    every: 11,
    workdays: true,
  },
  { who: OPS, in: '', what: ['list /nodes', 'list /pods'], every: 9, workdays: true },
  {
    who: WEB,
    in: 'shop',
    what: ['get /pods', 'list /pods', 'get /pods/log', 'create /pods/portforward'],
    names: ['storefront', 'cart'],
    every: 7,
    workdays: true,
  },
];

/** Pods that started anew, by what made them. */
const STARTS: readonly string[] = [
  'shop/storefront-5f6d7c8b9',
  'shop/cart-6c7d8f9b5',
  'shop/catalog-66b7d5c94f',
  'shop/backoffice-7b8c9d6f5',
  'shop/search-58c9b7d6f',
  'shop/image-resizer-6f7b8c9d5',
  'payments/payments-api-79d8c6f5b',
  'ci/runner-7c9d6b5f4',
  'ci/registry-mirror-5d6f7b8c9',
  'monitoring/grafana-7d9c8b6f5',
  'monitoring/ksm-kube-state-metrics-84f6c7b9d',
  'monitoring/promtail',
  'monitoring/node-exporter',
  'monitoring/prometheus-0',
  'ops/database-operator-6d5f8c9b7d',
  'ops/dashboard-5b7d9f6c8',
  'ops/cleanup',
  'ops/backup',
  'ci/base-images',
];

/** Connections, some to ports that nothing should need. Times of the day do not matter here. */
const FLOWS: readonly (readonly [source: string, destination: string, port: number])[] = [
  ['ingress-nginx/controller-6b9d7c5f8-t4m2q', 'shop/storefront-5f6d7c8b9-k2x8v', 8080],
  ['ingress-nginx/controller-6b9d7c5f8-t4m2q', 'shop/backoffice-7b8c9d6f5-w3z7c', 8000],
  ['shop/storefront-5f6d7c8b9-k2x8v', 'shop/catalog-66b7d5c94f-z9x3w', 8080],
  ['shop/storefront-5f6d7c8b9-k2x8v', 'shop/cart-6c7d8f9b5-h5n9d', 8080],
  ['shop/catalog-66b7d5c94f-z9x3w', 'shop/catalog-db-0', 5432],
  ['shop/backoffice-7b8c9d6f5-w3z7c', 'shop/catalog-db-0', 5432],
  ['shop/cart-6c7d8f9b5-h5n9d', 'payments/payments-api-79d8c6f5b-g7j4s', 8443],
  ['payments/payments-api-79d8c6f5b-g7j4s', 'payments/ledger-0', 5432],
  ['monitoring/grafana-7d9c8b6f5-b6v4q', 'monitoring/prometheus-0', 9090],
  ['monitoring/grafana-7d9c8b6f5-b6v4q', 'monitoring/loki-0', 3100],
  ['monitoring/promtail-v7k2d', 'monitoring/loki-0', 3100],
  ['monitoring/prometheus-0', 'monitoring/node-exporter-c4d8f', 9100],
  ['monitoring/prometheus-0', 'shop/storefront-5f6d7c8b9-k2x8v', 8080],
];

/** The same each time. */
export function shopRecord(): UseRecord {
  const dice = new Dice(2026);
  const ledger = new Ledger();
  const servers = ['fernhill-cp1', 'fernhill-cp2'].map((name) => ledger.stream(name, 'audit'));
  for (const stream of servers) {
    stream.formats.add('audit.k8s.io');
    for (let time = FROM; time < TO; time += 60) stream.event(time, { beat: true });
  }
  for (const doing of SCENARIO) act(ledger, dice, { doing, servers });
  const scheduler = ledger.actor({ name: 'system:kube-scheduler', groups: ['system:authenticated'] });
  for (const workload of STARTS) {
    const [namespace = '', name = ''] = workload.split('/');
    for (const day of dice.some([2, 4, 8, 9, 13, 16, 18], 3)) {
      const asked = {
        verb: 'create',
        apiGroup: '',
        resource: 'pods',
        subresource: 'binding',
        namespace,
        name,
        path: '',
        through: 'request',
      } as const;
      ledger.request(scheduler, asked, { stream: dice.pick(servers).id, time: FROM + day * DAY + 14 * HOUR, outcome: 'allowed' });
    }
  }
  connect(ledger, dice);
  return ledger.record();
}

function act(ledger: Ledger, dice: Dice, { doing, servers }: { doing: Doing; servers: readonly OpenStream[] }): void {
  const { who, what, names = [''], every, workdays = false } = doing;
  const { name, groups, pod } = who;
  const actor = ledger.actor({ name, groups: groups.toSorted(), ...(pod !== undefined && { bound: 'pod' as const }) });
  for (const { verb, apiGroup, resource } of what.map(rightIn)) {
    const [main = '', subresource = ''] = resource.split('/');
    for (let time = FROM + dice.wait(every * HOUR); time < TO; time += (0.5 + dice.next()) * every * HOUR) {
      const [weekday, hour] = [(Math.floor(time / DAY) + 4) % 7, (time % DAY) / HOUR];
      if (workdays && (weekday === 0 || weekday === 6 || hour < 7 || hour > 17)) continue;
      const isNamed = !['list', 'watch'].includes(verb) && (verb !== 'create' || subresource !== '');
      const asked = {
        verb,
        apiGroup,
        resource: main,
        subresource,
        namespace: doing.in,
        name: isNamed ? dice.pick(names) : '',
        path: '',
        through: 'request',
      } as const;
      ledger.request(actor, asked, { stream: dice.pick(servers).id, time: Math.floor(time), outcome: 'allowed' });
    }
  }
}

function connect(ledger: Ledger, dice: Dice): void {
  const flows = ledger.stream('hubble', 'flows');
  flows.formats.add('hubble');
  for (let time = FROM; time < TO; time += 60) flows.event(time);
  for (const [source, destination, port] of FLOWS) {
    const count = 40_000 + dice.below(400_000);
    for (const [time, part] of [
      [FROM + HOUR, 1],
      [TO - HOUR, count],
    ] as const)
      ledger.flow(
        { source: `pod:${source}`, destination: `pod:${destination}`, protocol: 'TCP', port },
        { stream: flows.id, time, outcome: 'allowed', count: part },
      );
  }
}

if (import.meta.main) writeRecordFile(TARGET, shopRecord());
