/**
 * What the facts of a node would be after some operations: nothing is done on any node. Files whose text is known are
 * edited as text, so that their difference is what has to be done; processes get the arguments that they would have.
 */
import { type CommandLine, type ComponentName, commandLineOf, settingOf } from '../../engines/command-line/index.ts';
import { type NodeView, staticPodsOf, viewsOfNodes } from '../../engines/component-config/index.ts';
import { segmentsOf } from '../../lib/field-path.ts';
import { TextEditFailure } from '../../lib/yaml-edit.ts';
import { type FileFact, type NodeFacts, type UnitFact, environmentFilesOf } from '../../snapshot/index.ts';
import {
  type Flag,
  etcdFieldOf,
  fieldWith,
  linesWith,
  manifestWith,
  manifestWithMount,
  rancherWith,
  variablesWith,
  wordsWith,
} from './argument-edits.ts';
import { fileAt, homeOf } from './homes.ts';
import type { NodeOperation } from '../../rules/index.ts';

export function factsAfter(facts: NodeFacts, operations: readonly NodeOperation[]): NodeFacts {
  return operations.reduce(carriedOut, facts);
}

function carriedOut(facts: NodeFacts, operation: NodeOperation): NodeFacts {
  switch (operation.operation) {
    case 'flag':
      return withFlag(facts, operation.component, operation);
    case 'field':
      return withField(facts, operation);
    case 'mount':
      return withMount(facts, operation);
    case 'file':
      return withText(facts, operation);
    case 'mode':
      return withFile(facts, operation.path, (file) => ({ ...file, mode: operation.mode }));
    default:
      return withFile(facts, operation.path, (file) => ownedBy(file, operation.owner));
  }
}

function withFlag(facts: NodeFacts, component: ComponentName, flag: Flag): NodeFacts {
  const view = viewOf(facts);
  const texts = textsWith(view, component, flag);
  const edited = texts.reduce((so, { path, text }) => withText(so, { path, text }), facts);
  const processes = edited.processes.map((process) => {
    const isIt = commandLineOf({ command: process.argv })?.component === component;
    return isIt ? { ...process, argv: wordsWith(process.argv, flag) } : process;
  });
  return withUnit({ ...edited, processes }, component, flag, texts.length > 0);
}

/** The texts that hold the flag and are known. What is written elsewhere is told in words. */
function textsWith(view: NodeView, component: ComponentName, flag: Flag): { path: string; text: string }[] {
  const own = settingsFileWith(view, component, flag);
  const home = homeOf(view, component);
  switch (home.kind) {
    case 'manifest': {
      if (own !== undefined) return [own];
      const { path, text = '' } = home.pod.file;
      return one(path, () => manifestWith(text, component, flag));
    }
    case 'rancher': {
      const text = fileAt(view, home.path)?.text ?? (isAbsent(view, home.path) ? '' : undefined);
      return [
        ...(own === undefined ? [] : [own]),
        ...one(home.path, () => (text === undefined ? undefined : rancherWith(text, home.key, flag))),
      ];
    }
    case 'k0s': {
      const text = fileAt(view, home.path)?.text;
      if (text === undefined || flag.value === undefined) return [];
      return one(home.path, () => fieldWith(text, [...home.at, flag.flag.slice(2)], flag.value));
    }
    case 'lines': {
      const text = fileAt(view, home.path)?.text;
      return text === undefined ? [] : one(home.path, () => linesWith(text, flag));
    }
    case 'unit': {
      if (own !== undefined) return [own];
      return environmentFilesOf(home.unit).flatMap((path) => {
        const text = fileAt(view, path)?.text;
        return text === undefined ? [] : one(path, () => variablesWith(text, flag));
      });
    }
    default:
      return [];
  }
}

/** etcd and the scheduler look at their file of settings instead of such flags. */
function settingsFileWith(view: NodeView, component: ComponentName, { flag, value }: Flag): { path: string; text: string } | undefined {
  const started = view.facts.processes.map(({ argv }) => commandLineOf({ command: argv })).find((line) => line?.component === component);
  const named = staticPodsOf(view.facts, component, view.kubelet ?? view.flagsOnly)[0]?.line;
  const isOfScheduler = component === 'kube-scheduler' && flag === '--profiling';
  if ((component !== 'etcd' && !isOfScheduler) || value === undefined) return undefined;
  const fileOf = (line: CommandLine): string | undefined => (isOfScheduler ? settingOf(line, '--config')?.value : line.file);
  const path = [started, named].flatMap((line) => (line === undefined ? [] : (fileOf(line) ?? []))).at(0);
  const text = path === undefined ? undefined : view.facts.files.find((file) => file.path === path)?.text;
  if (path === undefined || text === undefined) return undefined;
  const typed = value === 'true' || value === 'false' ? value === 'true' : value;
  const field = component === 'etcd' ? etcdFieldOf(flag) : ['enableProfiling'];
  return one(path, () => fieldWith(text, field, typed))[0];
}

/** What no file of variables holds is written as a drop-in of its own, with the whole command. */
// oxlint-disable-next-line max-params -- one flag of one component, and whether it stands in a file already
function withUnit(facts: NodeFacts, component: ComponentName, flag: Flag, isWritten: boolean): NodeFacts {
  if (isWritten) return facts;
  const home = homeOf(viewOf(facts), component);
  if (home.kind !== 'unit') return facts;
  const words = wordsWith(home.argv, flag);
  if (words.join(' ') === home.argv.join(' ')) return facts;
  const path = `/etc/systemd/system/${home.unit.name}.d/90-castellan.conf`;
  const command = words.map((word) => (/^[\w./:@%+=,-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
  const lines = ['ExecStart=', `ExecStart=${command}`];
  const units = facts.units.map((unit): UnitFact => {
    if (unit.path !== home.unit.path) return unit;
    const others = unit.dropIns.filter((drop) => drop.path !== path);
    return { ...unit, dropIns: [...others, { path, lines: lines.map((text, index) => ({ line: index + 2, text })) }] };
  });
  return withText({ ...facts, units }, { path, text: `[Service]\n${lines.join('\n')}\n` });
}

function withField(facts: NodeFacts, { path, value }: { path: string; value: unknown }): NodeFacts {
  const file = fileOfField(viewOf(facts), path);
  const { text } = file ?? {};
  if (file === undefined || text === undefined) return facts;
  const [edit] = one(file.path, () => fieldWith(text, segmentsOf(path).map(String), value));
  return edit === undefined ? facts : withText(facts, edit);
}

/** The file in which a field of the kubelet's settings holds, or would be written. */
export function fileOfField({ kubelet, facts }: NodeView, path: string): FileFact | undefined {
  if (kubelet === undefined) return undefined;
  const { source } = kubelet.object.locate(path).origin;
  const { files } = kubelet;
  return files.find((file) => `${facts.node}:${file.path}` === source) ?? files.at(0);
}

function withMount(facts: NodeFacts, { component, path, type }: Extract<NodeOperation, { operation: 'mount' }>): NodeFacts {
  const home = homeOf(viewOf(facts), component);
  if (home.kind !== 'manifest') return facts;
  const { file } = home.pod;
  const [edit] = one(file.path, () => manifestWithMount(file.text ?? '', component, { path, type }));
  return edit === undefined ? facts : withText(facts, edit);
}

function withText(facts: NodeFacts, { path, text, mode = '600' }: { path: string; text: string; mode?: string }): NodeFacts {
  const isThere = facts.files.some((file) => file.path === path && file.pid === undefined);
  if (isThere) return withFile(facts, path, (file) => ({ ...file, text, size: text.length }));
  const made: FileFact = {
    path,
    type: 'file',
    mode,
    uid: 0,
    gid: 0,
    owner: 'root',
    group: 'root',
    size: text.length,
    namedBy: 'a change',
    text,
  };
  return {
    ...facts,
    files: [...facts.files, made].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    absent: facts.absent.filter((one) => one !== path),
  };
}

function withFile(facts: NodeFacts, path: string, changed: (file: FileFact) => FileFact): NodeFacts {
  return { ...facts, files: facts.files.map((file) => (file.path === path ? changed(file) : file)) };
}

function ownedBy(file: FileFact, owner: string): FileFact {
  const [user = '', group = ''] = owner.split(':');
  const number = (name: string, before: number): number => (name === 'root' ? 0 : name === file.owner ? file.uid : before);
  return { ...file, owner: user, group, uid: number(user, -1), gid: number(group, -1) };
}

/** None where the text cannot be edited. */
function one(path: string, edited: () => string | undefined): { path: string; text: string }[] {
  try {
    const text = edited();
    return text === undefined ? [] : [{ path, text }];
  } catch (error) {
    if (error instanceof TextEditFailure) return [];
    throw error;
  }
}

function isAbsent({ facts }: NodeView, path: string): boolean {
  return facts.absent.includes(path);
}

function viewOf(facts: NodeFacts): NodeView {
  const [view] = viewsOfNodes([facts]);
  if (view === undefined) throw new Error('a node has no view');
  return view;
}
