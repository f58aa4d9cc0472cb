/**
 * Places that a text names: addresses of programs as people write them into variables, arguments and configuration.
 * Whether something is there under the name is not asked here.
 */

import type { Protocol } from '../../engines/network/index.ts';

/** One place that is named. */
export interface Mention {
  /** `catalog`, `db-0.db`, `ledger.payments.svc.cluster.local`, `10.1.2.3`, `sftp.bank.example`. */
  readonly host: string;
  /** That is written, or that the scheme stands for. */
  readonly port: number | undefined;
  /** That the scheme stands for; undefined where it says nothing, which mostly is TCP. */
  readonly protocols: readonly Protocol[] | undefined;
  /** How sure it is that this is a place: written as one, under a name that is for places, or a word that may be one. */
  readonly form: 'address' | 'named' | 'word';
  /** Nothing but a name, and so maybe with its port under another name beside it. */
  readonly bare: boolean;
}

/** By scheme the port that is meant where none is written. */
const PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  grpcs: 443,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  sqlserver: 1433,
  mongodb: 27017,
  redis: 6379,
  rediss: 6379,
  amqp: 5672,
  amqps: 5671,
  nats: 4222,
  mqtt: 1883,
  mqtts: 8883,
  ldap: 389,
  ldaps: 636,
  smtp: 25,
  smtps: 465,
  sftp: 22,
  ssh: 22,
  ftp: 21,
  zookeeper: 2181,
  cassandra: 9042,
  memcached: 11211,
  clickhouse: 9000,
  dns: 53,
  ntp: 123,
  snmp: 161,
  'syslog+udp': 514,
  statsd: 8125,
  coap: 5683,
};
/** By scheme, or by a part of one such as `syslog+udp`, what it runs over if that is not TCP alone. */
const TRANSPORTS: ReadonlyMap<string, readonly Protocol[] | undefined> = new Map([
  ['tcp', undefined],
  ['udp', ['UDP']],
  ['udp4', ['UDP']],
  ['udp6', ['UDP']],
  ['sctp', ['SCTP']],
  ['dns', ['UDP', 'TCP']],
  ['ntp', ['UDP']],
  ['snmp', ['UDP']],
  ['statsd', ['UDP']],
  ['coap', ['UDP']],
]);
/** What stands behind these is no host. */
const NO_HOSTS = new Set([
  'file',
  'unix',
  's3',
  's3a',
  's3n',
  'gs',
  'data',
  'jar',
  'classpath',
  'oci',
  'docker',
  'spiffe',
  'urn',
  'azblob',
  'wasb',
  'wasbs',
  'abfs',
  'abfss',
]);

const HOST = String.raw`[a-z0-9](?:[a-z0-9_.-]*[a-z0-9])?\.?`;
const URL_FORM = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*):\/\/([^\s"'<>|\\^\x60{}/?#;()]*)(?:\/([^\s"'<>|\\^\x60{}/?#;(),]*))?/gi;
const ADDRESS_FORM = new RegExp(String.raw`(?<![\w.:/@$%=-])(?:[\w.-]+=)?(${HOST}):(\d{1,5})(?![\w.:-])`, 'gi');
const IN_BRACKETS = new RegExp(String.raw`\b(tcp|udp)\((${HOST})(?::(\d{1,5}))?\)`, 'gi');
const CLUSTER_NAME = /(?<![\w.-])([a-z0-9-]+(?:\.[a-z0-9-]+){1,2}\.svc(?:\.[a-z0-9-]+)*)(?![\w-]|\.\w)\.?(?::(\d{1,5}))?/gi;
/** libpq, ADO.NET and their like: `host=db port=5432`, `Server=tcp:db,1433;`. */
const KEYWORDS = new RegExp(
  String.raw`(?:^|[\s;"'])(?:host(?:addr|name)?|server|data source|addr(?:ess)?|bootstrap\.servers)\s*=\s*(?:tcp:)?(${HOST})(?:[,:](\d{1,5}))?(?=$|[\s;,"'])`,
  'gi',
);
const KEYWORD_PORT = /(?:^|[\s;])port\s*=\s*(\d{1,5})(?=$|[\s;])/i;
/** `@db:1521` and `@//db:1521` of Oracle. */
const BEHIND_AT = new RegExp(String.raw`@(?://)?(${HOST}):(\d{1,5})`, 'gi');
const WHOLE = new RegExp(String.raw`^${HOST}$`, 'i');

/** Names of variables and options that hold places. */
const FOR_PLACES =
  /(^|[._-])(host(name)?s?|addr(ess(es)?)?|ur[li]s?|endpoints?|servers?|service|svc|brokers?|upstreams?|targets?|backends?|proxy|dsn|peers?|seeds?|nodes?|leader|master|primary|replicas?|followers?|contact[._-]?points?|bootstrap)$/i;
/** The same, run into the word before it: `dbHost`, `redisUrl`. */
const RUN_ON = /[a-z0-9](Host(name)?|Addr(ess)?|Ur[li]|Endpoint|Server|Service|Brokers?|Upstream|Backend)$/;

export function isForPlaces(name: string): boolean {
  const bare = name.replace(/^-+/, '');
  return FOR_PLACES.test(bare) || RUN_ON.test(bare);
}

/** Nothing that long begins with a place behind its beginning. */
const LONGEST = 1024;
const LONG = new RegExp(String.raw`\S{${LONGEST},}`, 'g');

/** `name` is that of the variable, option or field; '' where there is none. */
export function mentionsIn(whole: string, name: string): Mention[] {
  const text = whole.replaceAll(LONG, (word) => word.slice(0, LONGEST));
  const found = new Map<string, Mention>();
  const add = (host: string, port: string | number | undefined, more: Omit<Mention, 'host' | 'port'>): void => {
    const clean = host.toLowerCase().replace(/\.$/, '');
    const number = port === undefined || port === '' ? undefined : Number(port);
    if (!isPlace(clean) || (number !== undefined && (number < 1 || number > 65535))) return;
    const key = `${clean} ${number} ${more.protocols?.join() ?? ''}`;
    if (!found.has(key)) found.set(key, { host: clean, port: number, ...more });
  };
  const written = { form: 'address', bare: false, protocols: undefined } as const;
  const withoutUrls = text.replaceAll(URL_FORM, ' ');
  const rest = withoutUrls.replaceAll(IN_BRACKETS, ' ');
  for (const [, spelt = '', authority = '', path = ''] of text.matchAll(URL_FORM)) {
    const scheme = spelt.toLowerCase();
    if (NO_HOSTS.has(scheme)) continue;
    // dns:///orders:8080 has its host where others have a path: one that is resolved, and no resolver.
    const isTarget = scheme === 'dns' && authority === '';
    const [usual, protocols] = isTarget ? [] : [PORTS[scheme], transportOf(scheme)];
    const hosts = (authority === '' ? path : authority).replace(/^.*@/, '');
    for (const one of hosts.split(',')) {
      const [, host = '', port] = /^\[?([\w.:-]*?)\]?(?::(\d{1,5}))?$/.exec(one) ?? [];
      if (host !== '') add(host, port ?? usual, { ...written, protocols });
    }
  }
  const keywordPort = KEYWORD_PORT.exec(rest)?.[1];
  for (const [, host = '', port] of rest.matchAll(KEYWORDS))
    if (!/^\d+$/.test(host)) add(host, port ?? keywordPort, { ...written, form: 'named' });
  for (const [, network = '', host = '', port] of withoutUrls.matchAll(IN_BRACKETS))
    add(host, port, { ...written, protocols: transportOf(network.toLowerCase()) });
  for (const [, host = '', port] of rest.matchAll(CLUSTER_NAME)) add(host, port, { ...written, bare: port === undefined });
  for (const [, host = '', port] of rest.matchAll(ADDRESS_FORM)) add(host, port, written);
  for (const [, host = '', port] of rest.matchAll(BEHIND_AT)) add(host, port, written);
  const words = text.split(/[\s,;|]+/);
  // Where nothing says that places are meant, a word in a sentence is no hint of one.
  for (const word of isForPlaces(name) || words.length === 1 ? words : []) {
    if (!WHOLE.test(word) || [...found.values()].some(({ host }) => host === word.toLowerCase())) continue;
    add(word, undefined, { form: isForPlaces(name) ? 'named' : 'word', bare: true, protocols: undefined });
  }
  const all = [...found.values()];
  const withPort = new Set(all.filter(({ port }) => port !== undefined).map(({ host }) => host));
  return all.filter(({ host, port }) => port !== undefined || !withPort.has(host));
}

/** The last part that is known, as what comes behind is nearer to the wire: `dns+tcp`. */
function transportOf(scheme: string): readonly Protocol[] | undefined {
  const known = scheme.split('+').findLast((part) => TRANSPORTS.has(part));
  return known === undefined ? undefined : TRANSPORTS.get(known);
}

/** Numbers, versions and the machine itself are none. */
function isPlace(host: string): boolean {
  if (host === '' || host.length > 253 || host === 'localhost' || host.includes('..')) return false;
  if (/^[\d.]+$/.test(host)) return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) && !/^(0|127|255)\./.test(host);
  if (host.includes(':')) return /^[\da-f:.]+$/.test(host) && host !== '::' && host !== '::1';
  return /[a-z]/.test(host);
}
