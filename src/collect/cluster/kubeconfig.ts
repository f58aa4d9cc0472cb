/**
 * kubeconfig as kubectl reads it. The library parses entries and signs in (certificates, tokens, exec plugins, OIDC,
 * proxies); how several files become one, and what it leaves out, is here.
 * Order and merging: k8s.io/client-go/tools/clientcmd, ClientConfigLoadingRules.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { CastellanError, messageOf } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import { parseYaml } from '../../lib/yaml.ts';

const TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';

export interface LoadedConfig {
  config: KubeConfig;
  /** Groups that the user entry impersonates (`as-groups`), which the library does not know. */
  impersonatedGroups: readonly string[];
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
  return { config, impersonatedGroups: entries.groups.get(chosen.user ?? '') ?? [] };
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
  groups: Map<string, readonly string[]>;
}

/** The first file that says something wins, entry by entry. */
function merged(files: readonly string[]): Entries {
  const all = { clusters: new Map<string, unknown>(), users: new Map<string, unknown>(), contexts: new Map<string, unknown>() };
  const groups = new Map<string, readonly string[]>();
  let currentContext = '';
  for (const file of files) {
    const { config, raw } = read(file);
    currentContext ||= config.currentContext ?? '';
    for (const list of ['clusters', 'users', 'contexts'] as const) {
      for (const entry of config[list]) if (!all[list].has(entry.name)) all[list].set(entry.name, entry);
    }
    for (const [name, user] of usersOf(raw)) {
      const entry = config.users.find((each) => each.name === name);
      // The library looks for another name of it.
      if (entry !== undefined && typeof user.tokenFile === 'string') {
        const config = { tokenFile: resolve(dirname(file), user.tokenFile) };
        if (!entry.token) Object.assign(entry, { authProvider: { name: 'tokenFile', config } });
      }
      // A relative command is meant from the file; a bare name is looked up in PATH.
      const exec = entry?.exec as { command?: unknown } | undefined;
      if (typeof exec?.command === 'string' && /[/\\]/.test(exec.command)) exec.command = resolve(dirname(file), exec.command);
      if (Array.isArray(user['as-groups']) && !groups.has(name)) groups.set(name, user['as-groups'].map(String));
    }
  }
  const config = new KubeConfig();
  const [clusters, users, contexts] = [all.clusters, all.users, all.contexts].map((entries) => [...entries.values()]);
  config.loadFromOptions({ clusters, users, contexts, currentContext });
  return { config, groups };
}

function read(file: string): { config: KubeConfig; raw: unknown } {
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

function* usersOf(raw: unknown): Generator<[string, Record<string, unknown>]> {
  if (!isRecord(raw) || !Array.isArray(raw.users)) return;
  for (const entry of raw.users as unknown[]) {
    if (isRecord(entry) && typeof entry.name === 'string' && isRecord(entry.user)) yield [entry.name, entry.user];
  }
}

/** The account of the pod that this runs in. */
function inCluster(): Entries | undefined {
  if (!process.env.KUBERNETES_SERVICE_HOST || !existsSync(TOKEN_FILE)) return undefined;
  const config = new KubeConfig();
  config.loadFromCluster();
  return { config, groups: new Map() };
}
