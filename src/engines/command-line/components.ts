/**
 * Which component of Kubernetes a container starts, and with which flags: by its command, its arguments, a shell
 * script in them, hyperkube, a wrapper that starts another program, or the image where only flags are given.
 */
import { type ContainerSpec, minorOf } from '../../model/index.ts';
import { type FlagUse, type Word, parseFlags } from './flags.ts';
import { type Lookup, shellCommands } from './shell.ts';

export const COMPONENTS = [
  'kube-apiserver',
  'kube-controller-manager',
  'cloud-controller-manager',
  'kube-scheduler',
  'etcd',
  'kubelet',
  'kube-proxy',
] as const;
export type ComponentName = (typeof COMPONENTS)[number];

export interface CommandLine {
  readonly component: ComponentName;
  /** Each flag's uses in the order of the line. */
  readonly uses: ReadonlyMap<string, readonly FlagUse[]>;
  /** Settings by environment variable, for etcd, as if they were flags. */
  readonly environment: ReadonlyMap<string, FlagUse>;
  /** Why a flag that is not seen may be set all the same; undefined when everything is seen. */
  readonly hidden: string | undefined;
  /** The list to which a flag would be added. */
  readonly list: 'command' | 'args';
  /** Whether each argument is an element of that list, and not part of a script. */
  readonly plain: boolean;
  /** A file that holds settings in place of flags, of etcd and of OpenShift's programs. */
  readonly file: string | undefined;
  /** The minor release of Kubernetes that its image names; undefined of etcd, and where the image says none. */
  readonly release: number | undefined;
}

interface Found {
  component: ComponentName;
  rest: Word[];
  /** Variables set on the same line, before the program. */
  assigned: Map<string, Word>;
  script: boolean;
}

const BY_NAME: ReadonlyMap<string, ComponentName> = new Map(COMPONENTS.map((name) => [name, name]));
/** Every provider builds its own, from the same library and with its flags: `aws-cloud-controller-manager`. */
const OF_CLOUDS = /^(?:[a-z0-9]+-){0,3}cloud-controller-manager$|^cloud-provider-vsphere$/;
const HYPERKUBE: Readonly<Record<string, ComponentName>> = {
  apiserver: 'kube-apiserver',
  'controller-manager': 'kube-controller-manager',
  scheduler: 'kube-scheduler',
  proxy: 'kube-proxy',
};
const SHELLS = new Set(['sh', 'bash', 'ash', 'dash']);
/** Words before a program that only change how it is started. */
const PREFIXES = new Set(['exec', 'env', 'nohup', 'command', 'sudo', 'time', 'then', 'do', 'else', 'if', '!', '{']);
const WRAPPERS = new Set(['go-runner', 'kube-log-runner', 'tini', 'dumb-init', 'catatonit', 'watch-termination']);
const ASSIGNMENT = /^([A-Za-z_]\w*)=([^]*)$/;

/** The component that a container runs; undefined for nearly every container there is. */
export function commandLineOf(container: ContainerSpec): CommandLine | undefined {
  if (!mayRunComponent(container)) return undefined;
  const written = [...wordsOf(container.command, 'command'), ...wordsOf(container.args, 'args')];
  const variables = variablesOf(container);
  const words = written.map((word) => expand(word, variables));
  const found = locate(words, variables.lookup) ?? byImage(words, container);
  if (found === undefined || found.rest.some((word) => word.text === '--version')) return undefined;
  return build(found, container, variables);
}

function wordsOf(list: readonly string[] | undefined, name: string): Word[] {
  return (list ?? []).map((text, index) => ({ text, path: `${name}[${index}]`, opaque: false }));
}

/** A first look that ends the matter for ordinary containers, of which there are thousands. */
function mayRunComponent({ command, args, image }: ContainerSpec): boolean {
  if (command?.some(mayNameComponent) === true || args?.some(mayNameComponent) === true) return true;
  return command === undefined && /kube|etcd|cloud-/.test(image ?? '');
}

function mayNameComponent(word: string): boolean {
  return word.includes('kube') || word.includes('etcd') || word.includes('cloud-controller');
}

function componentNamed(program: string): ComponentName | undefined {
  return BY_NAME.get(program) ?? (OF_CLOUDS.test(program) ? 'cloud-controller-manager' : undefined);
}

interface Variables {
  lookup: Lookup;
  /** Names whose value comes from elsewhere. */
  elsewhere: (name: string) => boolean;
}

function variablesOf(container: ContainerSpec): Variables {
  const values = new Map<string, string>();
  const names = new Set<string>();
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (name === undefined) continue;
    if (valueFrom === undefined) values.set(name, value ?? '');
    else names.add(name);
  }
  const more = container.envFrom !== undefined && container.envFrom.length > 0;
  return { lookup: (name) => values.get(name), elsewhere: (name) => names.has(name) || (more && !values.has(name)) };
}

/** `$(NAME)` as the kubelet puts it in: a variable that does not exist stays as it is written. */
function expand(word: Word, { lookup, elsewhere }: Variables): Word {
  if (!word.text.includes('$')) return word;
  let opaque = false;
  const text = word.text.replace(/\$\$|\$\(([-._A-Za-z0-9]+)\)/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    const value = lookup(name);
    if (value === undefined && elsewhere(name)) opaque = true;
    return value ?? whole;
  });
  return { ...word, text, opaque };
}

/** Finds the component among words that are run as one command. */
function locate(words: readonly Word[], lookup: Lookup): Found | undefined {
  const assigned = new Map<string, Word>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) break;
    const assignment = ASSIGNMENT.exec(word.text);
    if (assignment !== null) {
      assigned.set(assignment[1] ?? '', { ...word, text: assignment[2] ?? '' });
      continue;
    }
    const program = baseName(word.text);
    if (PREFIXES.has(program) || (index > 0 && word.text.startsWith('-'))) continue;
    const rest = words.slice(index + 1);
    // `--kubelet-service=kube-system/kubelet` names no program, wherever its path ends.
    const component = word.text.startsWith('-') ? undefined : componentNamed(program);
    if (component !== undefined) return { component, rest, assigned, script: false };
    if (program === 'hyperkube') return hyperkube(rest, assigned);
    if (SHELLS.has(program)) return inShell(rest, lookup);
    if (WRAPPERS.has(program) || program.endsWith('.sh')) return wrapped(rest, lookup, program);
    return undefined;
  }
  return undefined;
}

function hyperkube(rest: Word[], assigned: Map<string, Word>): Found | undefined {
  const name = rest[0]?.text ?? '';
  const component = BY_NAME.get(name) ?? (Object.hasOwn(HYPERKUBE, name) ? HYPERKUBE[name] : undefined);
  return component === undefined ? undefined : { component, rest: rest.slice(1), assigned, script: false };
}

/** The program that a wrapper starts: its first word that names a component, flags of its own left aside. */
function wrapped(rest: readonly Word[], lookup: Lookup, wrapper: string): Found | undefined {
  const plain = rest.findIndex(({ text }) => !text.startsWith('-'));
  const named = rest.findIndex(({ text }) => !text.startsWith('-') && isProgram(text));
  const start = wrapper.endsWith('.sh') ? plain : named;
  return start < 0 ? undefined : locate(rest.slice(start), lookup);
}

function isProgram(text: string): boolean {
  const name = baseName(text);
  return componentNamed(name) !== undefined || name === 'hyperkube' || SHELLS.has(name);
}

/** `sh -c SCRIPT`, `bash -euo pipefail -c SCRIPT`, `sh FILE PROGRAM …`. */
function inShell(rest: readonly Word[], lookup: Lookup): Found | undefined {
  for (let index = 0; index < rest.length; index += 1) {
    const text = rest[index]?.text ?? '';
    if (!/^[-+]/.test(text)) return wrapped(rest.slice(index + 1), lookup, '.sh');
    if (/^[-+]\w*o$/.test(text)) index += 1;
    else if (/^-\w*c$/.test(text)) return inScript(rest[index + 1], lookup);
  }
  return undefined;
}

function inScript(script: Word | undefined, lookup: Lookup): Found | undefined {
  if (script === undefined) return undefined;
  const exported = new Map<string, Word>();
  for (const command of shellCommands(script.text, lookup)) {
    const words = command.map(({ text, opaque }): Word => ({ text, opaque, path: script.path }));
    const exports = words[0]?.text === 'export';
    const found = locate(exports ? words.slice(1) : words, lookup);
    if (found !== undefined) return { ...found, assigned: new Map([...exported, ...found.assigned]), script: true };
    for (const word of exports ? words.slice(1) : []) {
      const assignment = ASSIGNMENT.exec(word.text);
      if (assignment !== null) exported.set(assignment[1] ?? '', { ...word, text: assignment[2] ?? '' });
    }
  }
  return undefined;
}

/** Flags without a program are given to the one that the image starts by itself. */
function byImage(words: readonly Word[], container: ContainerSpec): Found | undefined {
  if (container.command !== undefined && container.command.length > 0) return undefined;
  const component = componentNamed(imageName(container.image ?? ''));
  if (component === undefined) return undefined;
  const byEnvironment = component === 'etcd' && (container.env ?? []).some(({ name }) => name?.startsWith('ETCD_') === true);
  if (words.length === 0 ? !byEnvironment : !words[0]?.text.startsWith('-')) return undefined;
  return { component, rest: [...words], assigned: new Map(), script: false };
}

/** `registry.example.com/k8s/kube-proxy-amd64:v1.18@sha256:…` → `kube-proxy` */
function imageName(image: string): string {
  const last = image.replace(/@.*$/, '').split('/').at(-1) ?? '';
  return last.replace(/:.*$/, '').replace(/-(?:amd64|arm64|arm|ppc64le|s390x)$/, '');
}

/** Of an image of Kubernetes itself: what another image is tagged with is no release of it. */
function releaseOfImage(image: string): number | undefined {
  const name = imageName(image);
  // Those of clouds count their own releases.
  if (name === 'etcd' || name === 'cloud-controller-manager' || (name !== 'hyperkube' && !BY_NAME.has(name))) return undefined;
  const last = image.replace(/@.*$/, '').split('/').at(-1) ?? '';
  return minorOf(last.slice(last.indexOf(':') + 1));
}

function baseName(text: string): string {
  return text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1).replace(/\.exe$/, '');
}

function build(found: Found, container: ContainerSpec, { elsewhere }: Variables): CommandLine {
  const { component, rest } = found;
  const { uses, hidden } = parseFlags(rest, component === 'etcd' ? 'go' : 'pflag');
  const environment = component === 'etcd' ? etcdEnvironment(container, found.assigned) : new Map<string, FlagUse>();
  const file = settingsFile({ component, uses, environment });
  const line = {
    component,
    uses,
    environment,
    hidden: hidden === undefined ? undefined : 'some arguments come from variables that the manifest does not show',
    list: container.args !== undefined && container.args.length > 0 ? ('args' as const) : ('command' as const),
    plain: !found.script,
    file,
    release: releaseOfImage(container.image ?? ''),
  };
  // etcd with a file of settings looks at neither flags nor variables.
  if (component === 'etcd' && file !== undefined)
    return { ...line, uses: new Map(), environment: new Map(), hidden: `its settings are in ${file}` };
  if (component === 'etcd' && elsewhere('ETCD_')) return { ...line, hidden: 'its environment is filled from a ConfigMap or Secret' };
  return file === undefined ? line : { ...line, hidden: `its settings may be in ${file}` };
}

/** Files that hold settings of any kind, in place of flags. */
function settingsFile({ component, uses, environment }: Pick<CommandLine, 'component' | 'uses' | 'environment'>): string | undefined {
  const flag = component === 'etcd' ? '--config-file' : '--openshift-config';
  const use = uses.get(flag)?.at(-1) ?? environment.get(flag);
  return use === undefined ? undefined : use.value || 'a file';
}

/** `ETCD_CERT_FILE` is `--cert-file`. */
function etcdEnvironment(container: ContainerSpec, assigned: ReadonlyMap<string, Word>): Map<string, FlagUse> {
  const environment = new Map<string, FlagUse>();
  const put = (name: string, word: Word): void => {
    if (!name.startsWith('ETCD_') || word.text === '') return;
    const flag = `--${name.slice(5).toLowerCase().replaceAll('_', '-')}`;
    environment.set(flag, { flag, value: word.text, path: word.path, opaque: word.opaque, words: [word] });
  };
  for (const [index, { name, value, valueFrom }] of (container.env ?? []).entries()) {
    const opaque = valueFrom !== undefined;
    put(name ?? '', { text: opaque ? '?' : (value ?? ''), path: `env[${index}].${opaque ? 'valueFrom' : 'value'}`, opaque });
  }
  for (const [name, word] of assigned) put(name, word);
  return environment;
}
