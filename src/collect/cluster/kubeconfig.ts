/**
 * kubeconfig as kubectl reads it. The library parses entries; how several files become one is here, and the chosen
 * entries are handed on as they were written too, as the library knows only some of their fields.
 * Order and merging: k8s.io/client-go/tools/clientcmd, ClientConfigLoadingRules.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js';
import { CastellanError, messageOf } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import { parseYaml } from '../../lib/yaml.ts';

const TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';

type Fields = Readonly<Record<string, unknown>>;

export interface LoadedConfig {
  context: { name: string; namespace: string };
  cluster: Cluster;
  /** Undefined where the context names nobody. */
  user: User | undefined;
  /** The two entries as they are written, for what the library leaves out; paths are absolute. */
  written: { cluster: Fields; user: Fields };
}

/** The configuration with the wanted context chosen; the errors say what to name instead. */
export function loadKubeConfig(kubeconfig: string | undefined, context: string | undefined): LoadedConfig {
  const files = filesOf(kubeconfig);
  const entries = files.length > 0 ? merged(files) : inCluster();
  if (entries === undefined) {
    throw new CastellanError('CAS_NO_CLUSTER', 'there is no kubeconfig: neither $KUBECONFIG nor ~/.kube/config, and this is no pod');
  }
  const { config } = entries;
  if (context !== undefined) config.setCurrentContext(context);
  const chosen = config.getContextObject(config.currentContext);
  const known = config.contexts.map(({ name }) => name);
  const remedy = known.length === 0 ? {} : { remedy: `The contexts are: ${known.join(', ')}.` };
  if (!config.currentContext)
    throw new CastellanError('CAS_KUBECONFIG', 'the kubeconfig has no current context; name one with --context', remedy);
  if (chosen === null)
    throw new CastellanError('CAS_KUBECONFIG', `there is no context "${config.currentContext}" in the kubeconfig`, remedy);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new CastellanError('CAS_KUBECONFIG', `the context "${chosen.name}" names the cluster "${chosen.cluster}", which is not there`);
  if (chosen.user && config.getCurrentUser() === null) {
    throw new CastellanError('CAS_KUBECONFIG', `the context "${chosen.name}" names the user "${chosen.user}", who is not there`);
  }
  return {
    context: { name: chosen.name, namespace: chosen.namespace?.trim() || 'default' },
    cluster: dataFirst(cluster),
    user: dataFirst(config.getCurrentUser()) ?? undefined,
    written: {
      cluster: entries.clusters.get(chosen.cluster) ?? {},
      user: entries.users.get(chosen.user ?? '') ?? {},
    },
  };
}

/** Where an entry has both data and a file, the data hold; the library would take the file. */
function dataFirst<T extends Cluster | User | null>(entry: T): T {
  const both: Record<string, unknown> = { ...entry };
  for (const name of ['ca', 'cert', 'key']) if (both[`${name}Data`]) delete both[`${name}File`];
  return entry === null ? entry : (both as unknown as T);
}

/** `--kubeconfig` alone, else every file of $KUBECONFIG that exists, else the one of the home folder. */
function filesOf(kubeconfig: string | undefined): string[] {
  if (kubeconfig !== undefined) {
    if (!existsSync(kubeconfig)) throw new CastellanError('CAS_NOT_FOUND', `there is no file "${kubeconfig}"`);
    return [kubeconfig];
  }
  const named = process.env.KUBECONFIG?.split(delimiter).filter((file) => file !== '') ?? [];
  return (named.length > 0 ? named : [join(homedir(), '.kube', 'config')]).filter((file) => existsSync(file));
}

interface Entries {
  config: KubeConfig;
  clusters: Map<string, Fields>;
  users: Map<string, Fields>;
}

/** The first file that says something wins, entry by entry. */
function merged(files: readonly string[]): Entries {
  const all = { clusters: new Map<string, unknown>(), users: new Map<string, unknown>(), contexts: new Map<string, unknown>() };
  const written = { clusters: new Map<string, Fields>(), users: new Map<string, Fields>() };
  let currentContext = '';
  for (const file of files) {
    const { config, raw } = read(file);
    currentContext ||= config.currentContext ?? '';
    for (const list of ['clusters', 'users', 'contexts'] as const) {
      for (const entry of config[list]) if (!all[list].has(entry.name)) all[list].set(entry.name, entry);
    }
    for (const [list, key] of [
      ['clusters', 'cluster'],
      ['users', 'user'],
    ] as const) {
      const known = new Set(config[list].map(({ name }) => name));
      for (const [name, entry] of entriesOf(raw[list], key)) {
        if (known.has(name) && !written[list].has(name)) written[list].set(name, absolute(entry, dirname(file)));
      }
    }
  }
  const config = new KubeConfig();
  const [clusters, users, contexts] = [all.clusters, all.users, all.contexts].map((entries) => [...entries.values()]);
  config.loadFromOptions({ clusters, users, contexts, currentContext });
  return { config, ...written };
}

/** Paths are meant from the file; of a command only where it is a path, as a bare name is looked up in PATH. */
function absolute(entry: Fields, folder: string): Fields {
  const { tokenFile, exec } = entry;
  const command = isRecord(exec) && typeof exec.command === 'string' ? exec.command : '';
  return {
    ...entry,
    ...(typeof tokenFile === 'string' && tokenFile !== '' && { tokenFile: resolve(folder, tokenFile) }),
    ...(/[/\\]/.test(command) && { exec: { ...(exec as Fields), command: resolve(folder, command) } }),
  };
}

function read(file: string): { config: KubeConfig; raw: Fields } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CastellanError('CAS_UNREADABLE', `${file} could not be read: ${messageOf(error)}`, { cause: error });
  }
  // By our own parser: what it says of a fault quotes nothing of the file.
  const parsed = parseYaml(text);
  if ('error' in parsed) {
    const { reason, line } = parsed.error;
    throw new CastellanError('CAS_KUBECONFIG', `${file}${line === undefined ? '' : `:${line}`} is no kubeconfig: ${reason}`);
  }
  const raw = parsed.value ?? {};
  if (!isRecord(raw)) throw new CastellanError('CAS_KUBECONFIG', `${file} is no kubeconfig: it holds no mapping`);
  const config = new KubeConfig();
  config.loadFromString(JSON.stringify(raw), { onInvalidEntry: 'filter' });
  config.makePathsAbsolute(dirname(resolve(file)));
  return { config, raw };
}

function* entriesOf(list: unknown, key: string): Generator<[string, Fields]> {
  for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
    if (isRecord(entry) && typeof entry.name === 'string' && isRecord(entry[key])) yield [entry.name, entry[key]];
  }
}

/** The account of the pod that this runs in. */
function inCluster(): Entries | undefined {
  if (!process.env.KUBERNETES_SERVICE_HOST || !existsSync(TOKEN_FILE)) return undefined;
  const config = new KubeConfig();
  config.loadFromCluster();
  const users = new Map(config.users.map(({ name }) => [name, { tokenFile: TOKEN_FILE }]));
  // Read by us, as in other entries.
  config.users = config.users.map(({ name }) => ({ name }));
  return { config, clusters: new Map(), users };
}
