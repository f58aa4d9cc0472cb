/**
 * A node as rules look at it: each component as the pod that would run it, each file that a component reads as the
 * document that it is. What a process really runs with comes before what a manifest or a unit says.
 */
import { groupBy } from '../../lib/groups.ts';
import { isRecord } from '../../lib/record.ts';
import { absolutePath } from '../../lib/absolute-path.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import {
  type FileFact,
  NODE_FACTS_SCHEMA,
  type NodeFacts,
  type Origin,
  type ProbeFacts,
  type ProcessFact,
  type SourceObject,
  commandOfUnit,
} from '../../snapshot/index.ts';
import { COMPONENTS, type CommandLine, type ComponentName, commandLineOf, settingOf } from '../command-line/index.ts';
import { type SeenObject, type Word, objectOfCommand, originOfProcess } from './command-object.ts';
import { etcdFlagsOf } from './etcd.ts';
import { type Embedded, componentsOfK3s } from './k3s.ts';
import { componentsOfMicrok8s } from './microk8s.ts';
import { type EffectiveKubelet, effectiveKubelet, kubeletOfFlags } from './kubelet.ts';
import { type Locate, fileOrigin } from './provenance.ts';
import { openshiftFlagsOf } from './openshift.ts';
import { type RunningKubelet, asWasSet, runningKubelets } from './running-kubelet.ts';
import { staticPodsOf, withWords, wordsOfPod } from './static-pods.ts';

/** A component of the node and how it is started. */
export interface NodeComponent {
  readonly name: ComponentName;
  readonly line: CommandLine;
  /** `process`: it was seen running. */
  readonly from: 'process' | 'manifest' | 'unit';
  readonly process?: ProcessFact;
  /** The manifest. */
  readonly file?: FileFact;
}

export interface NodeView {
  /** Of a node on which nothing was collected there is nothing in them but its name. */
  readonly facts: NodeFacts;
  /** `asked`: only its kubelet said something; `address`: that did, and of which node it is is not known. */
  readonly known: 'collected' | 'asked' | 'address';
  readonly components: readonly NodeComponent[];
  readonly kubelet: EffectiveKubelet | undefined;
  /** Of a kubelet that is given no file, whose flags are all that there is. They are judged as the command line that they are. */
  readonly flagsOnly: EffectiveKubelet | undefined;
  readonly objects: readonly SourceObject[];
  /** All nodes on which something was collected, by name. */
  readonly all: () => readonly NodeView[];
  /** Where a field of one of the objects really stands. */
  locate(origin: Origin, path: string): ReturnType<Locate>;
  componentOf(origin: Origin): ComponentName | undefined;
}

export function viewOfNode(facts: NodeFacts): NodeView {
  return new Viewer(facts, []).view('collected', () => []);
}

/** `probe` may hold what kubelets say of themselves: it stands beside the files of their nodes, or alone. */
export function viewsOfNodes(nodes: readonly NodeFacts[], probe?: Pick<ProbeFacts, 'endpoints'>): NodeView[] {
  const running = groupBy(runningKubelets(probe), ({ node }) => node);
  const ordered = nodes.toSorted((a, b) => (a.node < b.node ? -1 : 1));
  const collected: NodeView[] = ordered.map((facts) => {
    return new Viewer(facts, running.get(facts.node) ?? []).view('collected', () => collected);
  });
  for (const { node } of nodes) running.delete(node);
  const asked = [...running].map(([node, some]) => {
    return new Viewer(nothingOf(node), some).view(some.some(({ isAddress }) => isAddress) ? 'address' : 'asked', () => collected);
  });
  return [...collected, ...asked];
}

function nothingOf(node: string): NodeFacts {
  const empty = { processes: [], units: [], files: [], absent: [], certificates: [], sockets: [], gaps: [] };
  const unseen = { distribution: 'kubernetes', os: { id: '', version: '', name: '' }, kernel: '', versions: {}, sysctls: {} };
  return { schema: NODE_FACTS_SCHEMA, node, collectedAt: '', collectedBy: '', running: false, ...unseen, ...empty };
}

/** Flags of the API server that name files which are judged as documents. */
const SERVER_FILES = [
  '--audit-policy-file',
  '--encryption-provider-config',
  '--authentication-config',
  '--authorization-config',
  '--admission-control-config-file',
];

class Viewer {
  readonly #facts: NodeFacts;
  readonly #running: readonly RunningKubelet[];
  readonly #components: NodeComponent[] = [];
  readonly #seen: SeenObject[] = [];
  readonly #documents = new Set<FileFact>();
  #kubelet: EffectiveKubelet | undefined;
  #flagsOnly: EffectiveKubelet | undefined;

  constructor(facts: NodeFacts, running: readonly RunningKubelet[]) {
    this.#facts = facts;
    this.#running = running;
  }

  view(known: NodeView['known'], all: NodeView['all']): NodeView {
    const embedded = [...componentsOfK3s(this.#facts), ...componentsOfMicrok8s(this.#facts)];
    // It says where static pods are.
    const order: ComponentName[] = ['kubelet', ...COMPONENTS.filter((each) => each !== 'kubelet')];
    for (const name of order) {
      const isSeen = this.#byProcess(name) || this.#inAnother(embedded.filter(({ component }) => component === name));
      if (!isSeen && !this.#byManifest(name) && name === 'kubelet') this.#byUnit();
      if (name === 'kubelet') this.#lookAtKubelet();
    }
    const rank = (name: ComponentName | undefined): number => (name === undefined ? 0 : COMPONENTS.indexOf(name));
    this.#components.sort((a, b) => rank(a.name) - rank(b.name));
    this.#seen.sort((a, b) => rank(a.component) - rank(b.component));
    this.#etcdOfK3s();
    const kubelet = this.#kubelet;
    if (kubelet !== undefined) this.#seen.push(kubelet.object);
    this.#seen.push(...this.#running.map((running) => asWasSet(running, (kubelet ?? this.#flagsOnly)?.config)));
    for (const { name, line, process } of this.#components) {
      if (name === 'kube-apiserver') for (const flag of SERVER_FILES) this.#document(settingOf(line, flag)?.value, name, process?.pid);
      if (name === 'kube-proxy') this.#document(settingOf(line, '--config')?.value, name, process?.pid);
    }
    const byOrigin = new Map(this.#seen.map((seen) => [seen.source.origin, seen]));
    return {
      facts: this.#facts,
      known,
      components: this.#components,
      kubelet,
      flagsOnly: this.#flagsOnly,
      all,
      objects: this.#seen.map(({ source }) => source),
      locate: (origin, path) => byOrigin.get(origin)?.locate(path) ?? { origin, path },
      componentOf: (origin) => byOrigin.get(origin)?.component,
    };
  }

  /** Those outside of pods come first: what a pod calls kubelet is an experiment, unless there is no other. */
  #byProcess(name: ComponentName): boolean {
    const found = this.#facts.processes.flatMap((process) => {
      const line = lineOf(process.argv, process.environment);
      return line?.component === name ? [{ process, line }] : [];
    });
    const isOfNode = name === 'kubelet' ? found.filter(({ process }) => process.inPod !== true) : found;
    const chosen = isOfNode.length > 0 ? isOfNode : found;
    for (const { process, line } of chosen) {
      const origin = originOfProcess(this.#facts.node, process.pid);
      const argv = process.argv.map((text): Word => ({ text }));
      const words = this.#wordsOf(argv, line, process.pid) ?? argv;
      // etcd that has a file of settings reads no variables.
      const environment = name === 'etcd' && words !== argv ? undefined : process.environment;
      this.#seen.push(objectOfCommand({ component: name, words, origin, list: 'argv', ...(environment !== undefined && { environment }) }));
      const effective = lineOf(
        words.map(({ text }) => text),
        environment,
      );
      this.#components.push({ name, line: effective ?? line, from: 'process', process });
    }
    return chosen.length > 0;
  }

  /** Of a program that holds the component. */
  #inAnother(found: readonly Embedded[]): boolean {
    for (const { component, words, origin, list, process } of found) {
      const line = lineOf(words.map(({ text }) => text));
      if (line === undefined) continue;
      this.#seen.push(objectOfCommand({ component, words, origin, list }));
      this.#components.push({ name: component, line, ...(process === undefined ? { from: 'unit' } : { from: 'process', process }) });
    }
    return found.length > 0;
  }

  /** The etcd inside of k3s shows itself by the file that k3s writes for it. */
  #etcdOfK3s(): void {
    if (this.#facts.distribution !== 'k3s' || this.#components.some(({ name }) => name === 'etcd')) return;
    const file = this.#facts.files.find(({ path }) => /^\/.+\/k3s\/server\/db\/etcd\/config$/.test(path));
    const origin = fileOrigin(this.#facts.node, file?.path ?? '', file?.text);
    const flags = file?.text === undefined ? undefined : etcdFlagsOf(file.text, origin);
    if (flags === undefined) return;
    this.#inAnother([{ component: 'etcd', words: [{ text: 'etcd' }, ...flags], origin, list: 'fields' }]);
  }

  #byManifest(name: ComponentName): boolean {
    const pods = staticPodsOf(this.#facts, name, this.#kubelet ?? this.#flagsOnly);
    for (const pod of pods) {
      const { file, object, line } = pod;
      const origin = fileOrigin(this.#facts.node, file.path, file.text);
      const words = this.#wordsOf(wordsOfPod(pod, origin), line, undefined);
      const seen = words === undefined ? undefined : withWords(pod, words, origin);
      this.#seen.push(seen ?? { source: { object, origin }, component: name, locate: (path) => ({ origin, path }) });
      this.#components.push({ name, line: seen?.line ?? line, from: 'manifest', file });
    }
    return pods.length > 0;
  }

  #byUnit(): void {
    for (const unit of this.#facts.units) {
      const argv = commandOfUnit(unit, (path) => this.#facts.files.find((file) => file.path === path)?.text);
      const line = argv === undefined ? undefined : lineOf(argv);
      if (argv === undefined || line?.component !== 'kubelet') continue;
      const origin: Origin = { source: `${this.#facts.node}:${unit.path}`, line: 1, format: 'yaml', prefix: [] };
      this.#seen.push(objectOfCommand({ component: 'kubelet', words: argv.map((text) => ({ text })), origin, list: 'ExecStart' }));
      this.#components.push({ name: 'kubelet', line, from: 'unit' });
      return;
    }
  }

  #lookAtKubelet(): void {
    const line = this.#components.find(({ name }) => name === 'kubelet')?.line;
    const origin = this.#seen.find(({ component }) => component === 'kubelet')?.locate('').origin;
    this.#kubelet = effectiveKubelet(this.#facts, line, origin);
    if (this.#kubelet === undefined) this.#flagsOnly = kubeletOfFlags(this.#facts, line, origin);
  }

  /** The words of a command, with a file that takes the place of flags told as these. Undefined where there is none. */
  #wordsOf(words: readonly Word[], line: CommandLine, pid: number | undefined): Word[] | undefined {
    const { component } = line;
    // What stands in a script cannot be told from the rest of it, but for etcd, which reads its file alone.
    if (!line.plain && component !== 'etcd') return undefined;
    if (component === 'etcd') {
      const file = this.#fileOf(line.file, pid);
      const flags = file?.text === undefined ? undefined : etcdFlagsOf(file.text, fileOrigin(this.#facts.node, file.path, file.text));
      return flags === undefined ? undefined : [{ text: 'etcd' }, ...flags];
    }
    if (component === 'kube-apiserver' || component === 'kube-controller-manager') {
      const file = this.#fileOf(settingOf(line, '--openshift-config')?.value, pid);
      if (file?.text === undefined) return undefined;
      const flags = openshiftFlagsOf(file.text, fileOrigin(this.#facts.node, file.path, file.text));
      // What stands behind it on the command line holds. Before it there may be the names of several programs.
      const used = new Set([...line.uses.values()].flat().flatMap((use) => use.words.map(({ path }) => path)));
      const first = Math.max(
        words.findIndex(({ of }, index) => used.has(of ?? `command[${index}]`)),
        0,
      );
      return [...words.slice(0, first), ...flags, ...words.slice(first)];
    }
    if (component !== 'kube-scheduler') return undefined;
    const file = this.#fileOf(settingOf(line, '--config')?.value, pid);
    const parsed = file?.text === undefined ? undefined : parseConfigText(file.text);
    if (file?.text === undefined || !isRecord(parsed?.value)) return undefined;
    // With a file the scheduler ignores --profiling.
    const dropped = new Set(
      ['--config', '--profiling'].flatMap((flag) => (line.uses.get(flag) ?? []).flatMap((use) => use.words.map((word) => word.path))),
    );
    const kept = words.filter(({ of }, index) => !dropped.has(of ?? `command[${index}]`));
    const { enableProfiling } = parsed.value;
    if (typeof enableProfiling !== 'boolean') return kept;
    const shown = { origin: fileOrigin(this.#facts.node, file.path, file.text), path: 'enableProfiling', value: enableProfiling };
    return [...kept, { text: `--profiling=${enableProfiling}`, shown }];
  }

  #document(path: string | undefined, component: ComponentName, pid: number | undefined): void {
    const file = this.#fileOf(path, pid);
    if (file?.text === undefined || this.#documents.has(file)) return;
    this.#documents.add(file);
    const parsed = parseConfigText(file.text);
    if (!isRecord(parsed?.value)) return;
    const origin = fileOrigin(this.#facts.node, file.path, file.text);
    this.#seen.push({ source: { object: parsed.value, origin }, component, locate: (field) => ({ origin, path: field }) });
  }

  /** As the process sees it, else as the node does. */
  #fileOf(path: string | undefined, pid: number | undefined): FileFact | undefined {
    if (path === undefined || path === '') return undefined;
    const same = this.#facts.files.filter((file) => file.path === (absolutePath(path) ?? path));
    const own = pid === undefined ? undefined : same.find((file) => file.pid === pid);
    return own ?? same.find((file) => file.pid === undefined);
  }
}

/** The command line as the component reads it. */
export function lineOf(argv: readonly string[], environment: ProcessFact['environment'] = {}): CommandLine | undefined {
  const env = Object.entries(environment).map(([name, value]) => ({ name, value }));
  return commandLineOf({ command: [...argv], env });
}
