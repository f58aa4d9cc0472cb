/** Needs from what workloads are told: places in variables, arguments and mounted files. */
import { backendsOf, leadsOf } from '../../engines/network/index.ts';
import { portIn } from './one-port.ts';
import type { Evidence } from './evidence.ts';
import type { App, Inventory } from './inventory.ts';
import { type Mention, mentionsIn } from './mentions.ts';
import type { Needs } from './needs.ts';
import { type Place, Places } from './places.ts';
import { type Setting, settingsOf } from './settings.ts';

/** Workloads that resolve names, with the first reason to think so. */
export type Resolvers = Map<App, Evidence>;

export function needsFromReferences(inventory: Inventory, needs: Needs): { resolvers: Resolvers; callers: Map<App, Evidence> } {
  const places = new Places(inventory);
  const hosts = new Hosts(inventory);
  const resolvers: Resolvers = new Map();
  const callers = new Map<App, Evidence>();
  const hints: (() => void)[] = [];
  for (const app of inventory.apps) {
    const reader = new Reader({ app, places, hosts, needs, resolvers, callers, hints });
    const settings = settingsOf(inventory, app);
    for (const setting of settings) reader.read(setting, settings);
  }
  for (const hint of hints) hint();
  return { resolvers, callers };
}

/** Names under which Ingresses and their like show workloads to the outside. */
class Hosts {
  readonly #byName = new Map<string, { ref: string; apps: Set<App> }>();

  constructor(inventory: Inventory) {
    for (const lead of leadsOf(inventory.world)) {
      for (const host of lead.hosts) {
        const known = this.#byName.get(host) ?? { ref: lead.via[0]?.ref ?? '', apps: new Set<App>() };
        this.#byName.set(host, known);
        for (const { pod } of backendsOf(lead, inventory.services))
          for (const app of [inventory.appOf(pod)]) if (app !== undefined) known.apps.add(app);
      }
    }
  }

  /** A workload that knows its own address need not call it. */
  isOwn(host: string, app: App): boolean {
    return this.#byName.get(host)?.apps.has(app) === true;
  }

  words(host: string): string {
    const known = this.#byName.get(host);
    return known === undefined ? '' : `; ${known.ref} shows the cluster itself under that name`;
  }
}

interface Context {
  app: App;
  places: Places;
  hosts: Hosts;
  needs: Needs;
  resolvers: Resolvers;
  /** Those that name the API server. */
  callers: Map<App, Evidence>;
  /** Asked when everything else is known. */
  hints: (() => void)[];
}

class Reader {
  readonly #context: Context;
  readonly #entrances: Hosts;

  constructor(context: Context) {
    this.#context = context;
    this.#entrances = context.hosts;
  }

  read(setting: Setting, all: readonly Setting[]): void {
    const { app, places } = this.#context;
    for (const mention of mentionsIn(setting.value, setting.name)) {
      const port = mention.port ?? (mention.bare ? portBeside(setting, all) : undefined);
      const place = places.find({ host: mention.host, port, protocols: mention.protocols, namespace: app.namespace });
      const told = port === undefined ? mention.host : `${mention.host}:${port}`;
      const evidence = { ...setting.at, what: setting.name === '' ? `names ${told}` : `${setting.name.replace(/^-+/, '')} names ${told}` };
      this.#take({ mention, port, place, evidence });
    }
  }

  #take({ mention, port, place, evidence }: { mention: Mention; port: number | undefined; place: Place; evidence: Evidence }): void {
    const { app, needs, callers } = this.#context;
    if (mention.form === 'word') {
      if (place.kind === 'apps') this.#hint(place, mention, evidence);
      return;
    }
    if (place.kind === 'outside' && this.#entrances.isOwn(place.host, app)) return;
    const isName = !/^[\d.]+$|:/.test(mention.host);
    if (isName && (place.kind !== 'nowhere' || place.sure || mention.form === 'address')) this.#resolves(evidence);
    const closed = (what: string): void => needs.gap({ kind: 'closed', app: app.key, what, evidence: [evidence] });
    switch (place.kind) {
      case 'apps':
        if (place.targets.some(({ ports }) => ports.length === 0)) closed(`${mention.host}: the port is not known`);
        for (const target of place.targets)
          needs.add({ from: { kind: 'app', app }, to: { kind: 'app', app: target.app }, ports: target.ports, evidence: [evidence] });
        break;
      case 'addresses':
        if (port === undefined) closed(`${mention.host}: the port is not known`);
        else
          needs.add({
            from: { kind: 'app', app },
            to: { kind: 'addresses', cidr: place.cidr },
            ports: portIn(port, mention.protocols),
            evidence: [evidence],
          });
        break;
      case 'api-server':
        if (!callers.has(app)) callers.set(app, evidence);
        break;
      case 'outside':
        closed(
          `${place.host}${port === undefined ? '' : `:${port}`}: policies know addresses, not names${this.#entrances.words(place.host)}`,
        );
        break;
      default:
        // A single word in a list that is no Service is nothing to speak of.
        if (mention.form === 'address' || place.sure) closed(`${mention.host}${port === undefined ? '' : `:${port}`}: ${place.why}`);
    }
  }

  /** Only what is there, and not open anyway, is worth a word. */
  #hint({ by, targets }: Place & { kind: 'apps' }, { host }: Mention, evidence: Evidence): void {
    const { app, needs, hints } = this.#context;
    if (NO_PLACES.test(evidence.what.split(' ')[0] ?? '')) return;
    const from = { kind: 'app', app } as const;
    hints.push(() => {
      if (targets.some((target) => target.app !== app && !needs.has(from, { kind: 'app', app: target.app })))
        needs.gap({ kind: 'note', app: app.key, what: `"${host}" may mean ${by}, but nothing says so`, evidence: [evidence] });
    });
  }

  #resolves(evidence: Evidence): void {
    const { app, resolvers } = this.#context;
    if (!resolvers.has(app)) resolvers.set(app, evidence);
  }
}

/** Names under which people write anything but places. */
const NO_PLACES = /(user|name|database|db|schema|role|password|key|secret|id|realm|group|topic|queue|bucket|title|type|app)$/i;

const HOST_END = /(host(?:name)?s?|addr(?:ess)?|server|endpoint|service|name)?$/i;

/** `DB_PORT` beside `DB_HOST`, `port` beside `host`. */
function portBeside({ name, group }: Setting, all: readonly Setting[]): number | undefined {
  const wanted = name.replace(HOST_END, 'port').toLowerCase();
  const longer = `${name}_port`.toLowerCase();
  for (const other of all) {
    if (other.group !== group || !/^\d{1,5}$/.test(other.value)) continue;
    const own = other.name.toLowerCase();
    if (own === wanted || own === longer || own === longer.replace('_port', '.port')) return Number(other.value);
  }
  return undefined;
}
