/**
 * k3s runs all components inside of one program and puts their flags together itself: what it sets by default, then what
 * its own flags and its files say (`--kube-apiserver-arg`, pkg/daemons of k3s-io/k3s). Its process hides its arguments,
 * so they are taken from the unit that starts it.
 */
import { isRecord } from '../../lib/record.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import { type FileFact, NODE_PLACES, type NodeFacts, type Origin, type ProcessFact, commandOfUnit } from '../../snapshot/index.ts';
import type { ComponentName } from '../command-line/index.ts';
import type { Word } from './command-object.ts';
import { type K3sPlaces, k3sDefaults } from './k3s-defaults.ts';
import { type Source, fileOrigin } from './provenance.ts';

/** A component that another program holds. */
export interface Embedded {
  readonly component: ComponentName;
  readonly words: readonly Word[];
  readonly origin: Origin;
  readonly list: string;
  /** The program that holds it, where it was seen running. */
  readonly process?: ProcessFact;
}

/** By component the flags of k3s that hand arguments on. */
const HANDED_ON: readonly (readonly [ComponentName, readonly string[]])[] = [
  ['kube-apiserver', ['kube-apiserver-arg']],
  ['kube-controller-manager', ['kube-controller-manager-arg', 'kube-controller-arg']],
  ['kube-scheduler', ['kube-scheduler-arg']],
  ['kubelet', ['kubelet-arg']],
  ['kube-proxy', ['kube-proxy-arg']],
];
const OF_AGENTS: ReadonlySet<ComponentName> = new Set(['kubelet', 'kube-proxy']);
const PROGRAM = /^k3s(?:-server|-agent)?$/;

interface Setting {
  value: string;
  shown: Source;
}
type Settings = ReadonlyMap<string, readonly Setting[]>;

/** Empty where no k3s was seen, or not all that it is started with. */
export function componentsOfK3s(facts: NodeFacts): Embedded[] {
  const start = startOf(facts);
  if (start === undefined) return [];
  const settings = settingsOf(facts, start);
  if (settings === undefined) return [];
  const places = placesOf(facts, settings);
  return HANDED_ON.filter(([component]) => runs(component, start.role, settings)).map(([component, flags]) => {
    const handed = flags.flatMap((flag) => settings.get(flag) ?? []).map(({ value, shown }) => ({ text: flagOf(value), shown }));
    const own = new Set(handed.map(({ text }) => nameOf(text)));
    const byDefault = k3sDefaults(component, places)
      .map((text) => ({ text, shown: { origin: { ...start.origin, source: `${facts.node}:k3s` }, path: 'default' } }))
      // What is handed on takes the place of what k3s would set.
      .filter(({ text }) => !own.has(nameOf(text)));
    return {
      component,
      words: [{ text: component }, ...byDefault, ...handed],
      origin: start.origin,
      list: start.list,
      ...(start.process !== undefined && { process: start.process }),
    };
  });
}

interface Start {
  role: 'server' | 'agent';
  words: readonly { text: string; shown: Source }[];
  origin: Origin;
  list: string;
  process?: ProcessFact;
}

function startOf(facts: NodeFacts): Start | undefined {
  const process = facts.processes.find(({ name, inPod }) => inPod !== true && PROGRAM.test(name));
  const running = process === undefined ? {} : { process };
  for (const unit of facts.units.filter(({ name }) => /^k3s(?:-agent)?\.service$/.test(name))) {
    const argv = commandOfUnit(unit, (path) => facts.files.find((file) => file.path === path)?.text);
    const role = argv === undefined ? undefined : roleOf(argv);
    if (argv === undefined || role === undefined) continue;
    const origin: Origin = { source: `${facts.node}:${unit.path}`, line: 1, format: 'yaml', prefix: [] };
    return { role, words: placed(argv, origin, 'ExecStart'), origin, list: 'ExecStart', ...running };
  }
  // Without a unit only what it was not able to hide can be known.
  const argv = (process?.argv ?? []).flatMap((word, index) => (index === 0 ? word.split(/ (?=(?:server|agent)$)/) : [word]));
  const role = roleOf(argv);
  if (process === undefined || role === undefined || argv.length < 3) return undefined;
  const origin: Origin = { source: `${facts.node}:/proc/${process.pid}/cmdline`, line: 1, format: 'json', prefix: [] };
  return { role, words: placed(argv, origin, 'argv'), origin, list: 'argv', process };
}

function roleOf(argv: readonly string[]): Start['role'] | undefined {
  if (!PROGRAM.test((argv[0] ?? '').replace(/^.*\//, ''))) return undefined;
  return argv[1] === 'server' || argv[1] === 'agent' ? argv[1] : undefined;
}

function placed(argv: readonly string[], origin: Origin, list: string): Start['words'] {
  return argv.map((text, index) => ({ text, shown: { origin, path: `${list}[${index}]` } }));
}

/** Its files first, then its flags: both add to lists, and of other settings the flag holds. Undefined where a file is hidden. */
function settingsOf(facts: NodeFacts, { words }: Start): Settings | undefined {
  const settings = new Map<string, Setting[]>();
  const flags = new Map<string, Setting[]>();
  for (const [index, { text, shown }] of words.entries()) {
    const [, name, value] = /^--?([A-Za-z][\w-]*)(?:=([^]*))?$/.exec(text) ?? [];
    if (name === undefined) continue;
    const next = words[index + 1]?.text;
    const given = value ?? (next === undefined || next.startsWith('-') ? 'true' : next);
    flags.set(name, [...(flags.get(name) ?? []), { value: given, shown }]);
  }
  const main = (flags.get('config') ?? flags.get('c'))?.at(-1)?.value ?? NODE_PLACES['distribution-config'][0];
  const files = filesOf(facts, main);
  if (files === undefined) return undefined;
  for (const file of files) addFile(settings, file, facts.node);
  for (const [name, given] of flags) settings.set(name, [...(settings.get(name) ?? []), ...given]);
  return settings;
}

function filesOf(facts: NodeFacts, main: string): FileFact[] | undefined {
  const folder = `${main}.d`;
  const files = facts.files.filter(({ path, type }) => type === 'file' && (path === main || path.startsWith(`${folder}/`)));
  const isHidden =
    files.some(({ text }) => text === undefined) || facts.gaps.some(({ scope }) => scope === main || scope.startsWith(folder));
  return isHidden
    ? undefined
    : files.filter(({ path }) => path === main || /\.ya?ml$/.test(path)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** A later file takes the place of what an earlier one says, unless its key ends with a plus. */
function addFile(settings: Map<string, Setting[]>, { path, text = '' }: FileFact, node: string): void {
  const parsed = parseConfigText(text);
  if (!isRecord(parsed?.value)) return;
  const origin = fileOrigin(node, path, text);
  for (const [key, value] of Object.entries(parsed.value)) {
    const name = key.replace(/\+$/, '');
    const list = Array.isArray(value) ? (value as unknown[]) : [value];
    const given = list.flatMap((each, index): Setting[] => {
      if (typeof each !== 'string' && typeof each !== 'number' && typeof each !== 'boolean') return [];
      return [{ value: String(each), shown: { origin, path: Array.isArray(value) ? `${key}[${index}]` : key } }];
    });
    settings.set(name, key.endsWith('+') ? [...(settings.get(name) ?? []), ...given] : given);
  }
}

function runs(component: ComponentName, role: Start['role'], settings: Settings): boolean {
  const off = component === 'kubelet' ? 'disable-agent' : `disable-${component === 'kube-proxy' ? component : component.slice(5)}`;
  return !isOn(settings, off) && (role === 'server' || OF_AGENTS.has(component));
}

function placesOf(facts: NodeFacts, settings: Settings): K3sPlaces {
  const data = (settings.get('data-dir') ?? settings.get('d'))?.at(-1)?.value ?? '/var/lib/rancher/k3s';
  const dropIns = `${data}/agent/etc/kubelet.conf.d`;
  const endpoint = settings.get('datastore-endpoint')?.at(-1)?.value;
  const hasEtcd = isOn(settings, 'cluster-init') || facts.files.some(({ path }) => path === `${data}/server/db/etcd`);
  return {
    data,
    ...(facts.files.some(({ path }) => path.startsWith(`${dropIns}/`)) && { dropIns }),
    store: endpoint !== undefined && /^https?:/.test(endpoint) ? 'outside' : endpoint === undefined && hasEtcd ? 'etcd' : 'local',
    encrypts: isOn(settings, 'secrets-encryption'),
    protectsKernel: isOn(settings, 'protect-kernel-defaults'),
  };
}

function isOn(settings: Settings, name: string): boolean {
  return settings.get(name)?.at(-1)?.value === 'true';
}

function flagOf(value: string): string {
  return `--${value.replace(/^-+/, '')}`;
}

function nameOf(flag: string): string {
  return flag.replace(/=[^]*$/, '');
}
