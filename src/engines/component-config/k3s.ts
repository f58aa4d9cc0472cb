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

/** Two programs of one family: RKE2 takes the same settings, and runs its components as static pods. */
export type Product = 'k3s' | 'rke2';
const PROGRAMS: Readonly<Record<Product, { readonly name: RegExp; readonly unit: RegExp; readonly config: string }>> = {
  k3s: { name: /^k3s(?:-server|-agent)?$/, unit: /^k3s(?:-agent)?\.service$/, config: NODE_PLACES['distribution-config'][0] },
  rke2: { name: /^rke2(?:-server|-agent)?$/, unit: /^rke2-(?:server|agent)\.service$/, config: NODE_PLACES['distribution-config'][1] },
};

export interface PlacedSetting {
  value: string;
  shown: Source;
}
export type Settings = ReadonlyMap<string, readonly PlacedSetting[]>;

/** Empty where no k3s was seen, or not all that it is started with. */
export function componentsOfK3s(facts: NodeFacts): Embedded[] {
  const start = startOf(facts, 'k3s');
  const settings = start === undefined ? undefined : settingsOf(facts, start, 'k3s');
  if (start === undefined || settings === undefined) return [];
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

export interface Start {
  role: 'server' | 'agent';
  words: readonly { text: string; shown: Source }[];
  origin: Origin;
  list: string;
  process?: ProcessFact;
}

/** How it is started; undefined where that was not seen. */
export function startOf(facts: NodeFacts, product: Product): Start | undefined {
  const { name: program, unit: ofProgram } = PROGRAMS[product];
  const process = facts.processes.find(({ name, inPod }) => inPod !== true && program.test(name));
  const running = process === undefined ? {} : { process };
  for (const unit of facts.units.filter(({ name }) => ofProgram.test(name))) {
    const argv = commandOfUnit(unit, (path) => facts.files.find((file) => file.path === path)?.text);
    const role = argv === undefined ? undefined : roleOf(argv, program);
    if (argv === undefined || role === undefined) continue;
    const origin: Origin = { source: `${facts.node}:${unit.path}`, line: 1, format: 'yaml', prefix: [] };
    return { role, words: placed(argv, origin, 'ExecStart'), origin, list: 'ExecStart', ...running };
  }
  // Without a unit only what it was not able to hide can be known.
  const argv = (process?.argv ?? []).flatMap((word, index) => (index === 0 ? word.split(/ (?=(?:server|agent)$)/) : [word]));
  const role = roleOf(argv, program);
  if (process === undefined || role === undefined || argv.length < 3) return undefined;
  const origin: Origin = { source: `${facts.node}:/proc/${process.pid}/cmdline`, line: 1, format: 'json', prefix: [] };
  return { role, words: placed(argv, origin, 'argv'), origin, list: 'argv', process };
}

function roleOf(argv: readonly string[], program: RegExp): Start['role'] | undefined {
  if (!program.test((argv[0] ?? '').replace(/^.*\//, ''))) return undefined;
  return argv[1] === 'server' || argv[1] === 'agent' ? argv[1] : undefined;
}

function placed(argv: readonly string[], origin: Origin, list: string): Start['words'] {
  return argv.map((text, index) => ({ text, shown: { origin, path: `${list}[${index}]` } }));
}

/** Its files first, then its flags: both add to lists, and of other settings the flag holds. Undefined where a file is hidden. */
export function settingsOf(facts: NodeFacts, { words }: Start, product: Product): Settings | undefined {
  const settings = new Map<string, PlacedSetting[]>();
  const flags = new Map<string, PlacedSetting[]>();
  for (const [index, { text, shown }] of words.entries()) {
    const [, name, value] = /^--?([A-Za-z][\w-]*)(?:=([^]*))?$/.exec(text) ?? [];
    if (name === undefined) continue;
    const next = words[index + 1]?.text;
    const given = value ?? (next === undefined || next.startsWith('-') ? 'true' : next);
    flags.set(name, [...(flags.get(name) ?? []), { value: given, shown }]);
  }
  const main = (flags.get('config') ?? flags.get('c'))?.at(-1)?.value ?? PROGRAMS[product].config;
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
function addFile(settings: Map<string, PlacedSetting[]>, { path, text = '' }: FileFact, node: string): void {
  const parsed = parseConfigText(text);
  if (!isRecord(parsed?.value)) return;
  const origin = fileOrigin(node, path, text);
  for (const [key, value] of Object.entries(parsed.value)) {
    const name = key.replace(/\+$/, '');
    const list = Array.isArray(value) ? (value as unknown[]) : [value];
    const given = list.flatMap((each, index): PlacedSetting[] => {
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
  return {
    data,
    ...(facts.files.some(({ path }) => path.startsWith(`${dropIns}/`)) && { dropIns }),
    store:
      endpoint !== undefined && /^https?:/.test(endpoint)
        ? 'outside'
        : endpoint === undefined && keepsEtcd(facts, settings, data)
          ? 'etcd'
          : 'local',
    encrypts: isOn(settings, 'secrets-encryption'),
    protectsKernel: isOn(settings, 'protect-kernel-defaults'),
  };
}

/** Whether it runs etcd by itself, where no other store is named. */
export function keepsEtcd(facts: NodeFacts, settings: Settings, data: string): boolean {
  return isOn(settings, 'cluster-init') || facts.files.some(({ path }) => path === `${data}/server/db/etcd`);
}

export function isOn(settings: Settings, name: string): boolean {
  return settings.get(name)?.at(-1)?.value === 'true';
}

function flagOf(value: string): string {
  return `--${value.replace(/^-+/, '')}`;
}

function nameOf(flag: string): string {
  return flag.replace(/=[^]*$/, '');
}
