/** A flag set anew in the texts that distributions keep the arguments of components in. */
import { type CommandLine, type FlagUse, commandLineOf } from '../../engines/command-line/index.ts';
import { segmentsOf } from '../../lib/field-path.ts';
import type { PatchOperation } from '../../lib/json-patch.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import { isRecord } from '../../lib/record.ts';
import { editYaml } from '../../lib/yaml-edit.ts';
import { addition } from '../../rules/index.ts';

export interface Flag {
  /** `--profiling` */
  readonly flag: string;
  /** Undefined where the flag goes. */
  readonly value?: string | undefined;
}

/** The words of a process or an ExecStart. The words before and after stay as they are. */
export function wordsWith(argv: readonly string[], { flag, value }: Flag): string[] {
  const uses = commandLineOf({ command: [...argv] })?.uses.get(flag) ?? [];
  const old = new Set(uses.flatMap(({ words }) => words.map(({ path }) => Number(/\d+/.exec(path)?.[0] ?? -1))));
  const at = uses.at(-1) === undefined ? argv.length : Math.max(...old);
  const wanted = value === undefined ? [] : [`${flag}=${value}`];
  const kept = argv.flatMap((word, index) => (index === at ? wanted : old.has(index) ? [] : [word]));
  return at === argv.length ? [...kept, ...wanted] : kept;
}

/** The manifest of a static pod. Undefined where the arguments are a part of a script. */
export function manifestWith(text: string, component: string, { flag, value }: Flag): string | undefined {
  const found = containerOf(text, component);
  if (found === undefined || !found.line.plain) return undefined;
  const { line, at } = found;
  const uses = line.uses.get(flag) ?? [];
  const [last, ...older] = uses.toReversed();
  const pointer = (path: string): string => `${at}/${segmentsOf(path).join('/')}`;
  if (last === undefined) {
    if (value === undefined) return text;
    return editYaml(text, { document: 0, patch: [{ op: 'add', path: `${at}/${line.list}/-`, value: `${flag}=${value}` }] });
  }
  const removed = [...older, ...(value === undefined ? [last] : [])].flatMap(pathsOf);
  const patch: PatchOperation[] = [];
  if (value !== undefined) {
    const [first, second] = last.words;
    if (first !== undefined && second !== undefined) patch.push({ op: 'replace', path: pointer(second.path), value });
    else if (first !== undefined) patch.push({ op: 'replace', path: pointer(first.path), value: `${flag}=${value}` });
  }
  // From behind, so that what stands before keeps its place.
  for (const path of removed.toSorted((a, b) => indexOf(b) - indexOf(a))) patch.push({ op: 'remove', path: pointer(path) });
  return editYaml(text, { document: 0, patch });
}

/** The same with a place of the node that the container sees at the same path, unless it sees it already. */
export function manifestWithMount(text: string, component: string, place: { path: string; type: string }): string | undefined {
  const found = containerOf(text, component);
  if (found === undefined) return undefined;
  const { at, container, spec } = found;
  const mounts = listIn(container.volumeMounts);
  const isSeen = mounts.some(
    (mount) => isRecord(mount) && typeof mount.mountPath === 'string' && `${place.path}/`.startsWith(`${mount.mountPath}/`),
  );
  if (isSeen) return text;
  const name = place.path.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  const mount = { mountPath: place.path, name, ...(place.type === 'File' && { readOnly: true }) };
  const volume = { hostPath: { path: place.path, type: place.type }, name };
  return editYaml(text, {
    document: 0,
    patch: [
      mounts.length > 0
        ? { op: 'add', path: `${at}/volumeMounts/-`, value: mount }
        : { op: 'add', path: `${at}/volumeMounts`, value: [mount] },
      listIn(spec.volumes).length > 0
        ? { op: 'add', path: '/spec/volumes/-', value: volume }
        : { op: 'add', path: '/spec/volumes', value: [volume] },
    ],
  });
}

/** `KEY: [profiling=false]` in the file of k3s and RKE2. */
export function rancherWith(text: string, key: string, { flag, value }: Flag): string | undefined {
  const root = parseConfigText(text === '' ? '{}' : text)?.value;
  if (!isRecord(root)) return undefined;
  const name = flag.slice(2);
  const [list, isList] = [listIn(root[key]), Array.isArray(root[key])];
  if (root[key] !== undefined && !isList && typeof root[key] !== 'string') return undefined;
  const items = typeof root[key] === 'string' ? [root[key]] : list;
  const isIt = (item: unknown): boolean => typeof item === 'string' && item.replace(/^--/, '').split('=', 1)[0] === name;
  const wanted = value === undefined ? [] : [`${name}=${value}`];
  if (text.trim() === '') return wanted.length === 0 ? text : `${key}:\n- ${JSON.stringify(wanted[0])}\n`;
  const at = items.findLastIndex(isIt);
  if (at === -1 && wanted.length === 0) return text;
  if (isList && at === -1) return editYaml(text, { document: 0, patch: [{ op: 'add', path: `/${key}/-`, value: wanted[0] }] });
  const kept = items.filter((item, index) => !isIt(item) || index === at).flatMap((item) => (isIt(item) ? wanted : [item]));
  const after = at === -1 ? [...kept, ...wanted] : kept;
  return editYaml(text, { document: 0, patch: [{ op: 'add', path: `/${key}`, value: after }] });
}

/** A field of a file of settings, with the parents that are missing. Undefined where the text is none. */
export function fieldWith(text: string, path: readonly string[], value: unknown): string | undefined {
  const root = parseConfigText(text.trim() === '' ? '{}' : text)?.value;
  if (!isRecord(root)) return undefined;
  const added = addition(root, path, value);
  if (text.trim() === '') return undefined;
  const pointer = added.at.map((segment) => String(segment).replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
  return editYaml(text, { document: 0, patch: [{ op: 'add', path: `/${pointer}`, value: added.value }] });
}

/** One flag a line. */
export function linesWith(text: string, { flag, value }: Flag): string {
  const kept = text.split('\n').filter((line) => line.trim().split(/[=\s]/, 1)[0] !== flag);
  const body = kept.join('\n').replace(/\n*$/, '\n');
  return value === undefined ? body : `${body === '\n' ? '' : body}${flag}=${value}\n`;
}

/** The flags in the variables of a unit: `KUBELET_KUBEADM_ARGS="--anonymous-auth=true …"`. Undefined where it is not in them. */
export function variablesWith(text: string, { flag, value }: Flag): string | undefined {
  const written = new RegExp(String.raw`(^|[\s"'=])${flag}(?:=|\s+(?=[^-\s"'#]))[^\s"']*`, 'gm');
  if (!written.test(text)) return undefined;
  return text.replaceAll(written, (_whole, before: string) => (value === undefined ? before : `${before}${flag}=${value}`));
}

const ETCD_SECURITY = new Set(['cert-file', 'key-file', 'client-cert-auth', 'trusted-ca-file', 'auto-tls']);

/** Where the file of etcd has a flag. */
export function etcdFieldOf(flag: string): string[] {
  const name = flag.slice(2);
  const peer = name.replace(/^peer-/, '');
  if (ETCD_SECURITY.has(name)) return ['client-transport-security', name];
  return peer !== name && ETCD_SECURITY.has(peer) ? ['peer-transport-security', peer] : [name];
}

interface FoundContainer {
  readonly container: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly line: CommandLine;
  /** JSON pointer. */
  readonly at: string;
}

function containerOf(text: string, component: string): FoundContainer | undefined {
  const root = parseConfigText(text)?.value;
  const spec = isRecord(root) && isRecord(root.spec) ? root.spec : {};
  for (const [index, container] of listIn(spec.containers).entries()) {
    if (!isRecord(container)) continue;
    const words = (list: unknown): string[] => listIn(list).filter((word) => typeof word === 'string');
    const [command, args] = [words(container.command), words(container.args)];
    const image = typeof container.image === 'string' ? container.image : '';
    const line = commandLineOf({ image, ...(command.length > 0 && { command }), ...(args.length > 0 && { args }) });
    if (line?.component === component) return { container, spec, line, at: `/spec/containers/${index}` };
  }
  return undefined;
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function pathsOf({ words }: FlagUse): string[] {
  return words.map(({ path }) => path);
}

function indexOf(path: string): number {
  return Number(/\d+/.exec(path)?.[0] ?? 0);
}
