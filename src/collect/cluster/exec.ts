/**
 * Sign-in by a plugin, as kubectl runs it (client-go/plugin/pkg/client/auth/exec). The library's runner hands no
 * KUBERNETES_EXEC_INFO over, starts as many at once as there are requests, cannot be ended, and quotes the output.
 */
import { isatty } from 'node:tty';
import { CastellanError } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import type { Credential, CredentialSource } from './credentials.ts';
import { type Answer, PluginFault, answerOf } from './exec-answer.ts';
import { outputOf } from './exec-run.ts';

export interface PluginOptions {
  /** Name of the user entry, for messages. */
  user: string;
  /** Milliseconds that a run may take. */
  limit: number;
  /** `spec.cluster` for plugins that ask for it. */
  cluster: () => Record<string, unknown>;
  isTerminal?: () => boolean;
}

const API_VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

interface Entry {
  command: string;
  args: string[];
  env: Record<string, string>;
  apiVersion: string;
  interactiveMode: string;
  installHint: string;
  provideClusterInfo: boolean;
}

export class Plugin implements CredentialSource {
  readonly #entry: Entry;
  readonly #options: PluginOptions;
  #held: Answer | undefined;
  #running: Promise<Answer> | undefined;
  /** A plugin that failed is not started again for each of the requests that come after. */
  #fault: Error | undefined;

  constructor(entry: unknown, options: PluginOptions) {
    this.#entry = entryOf(entry, options.user);
    this.#options = options;
  }

  async get(signal?: AbortSignal): Promise<Credential> {
    if (this.#fault !== undefined) throw this.#fault;
    if (this.#held !== undefined && Date.now() < (this.#held.expires ?? Infinity)) return this.#held.credential;
    this.#running ??= this.#run(signal).finally(() => (this.#running = undefined));
    return (await this.#running).credential;
  }

  forget(refused: Credential): boolean {
    if (this.#held?.credential === refused) this.#held = undefined;
    return true;
  }

  async #run(signal: AbortSignal | undefined): Promise<Answer> {
    try {
      this.#held = await this.#answer(signal);
      return this.#held;
    } catch (error) {
      signal?.throwIfAborted();
      this.#fault = this.#told(error);
      throw this.#fault;
    }
  }

  #told(error: unknown): CastellanError {
    if (error instanceof CastellanError) return error;
    const { command, installHint } = this.#entry;
    // What Node says of arguments that it does not take quotes them.
    const fault = error instanceof PluginFault ? error : new PluginFault('could not be started');
    const said = `the sign-in plugin "${command}" of the user "${this.#options.user}" ${fault.message}`;
    return new CastellanError('CAS_SIGN_IN', said, fault.isMissing && installHint !== '' ? { remedy: installHint } : {});
  }

  async #answer(signal: AbortSignal | undefined): Promise<Answer> {
    const { command, args, env, apiVersion, interactiveMode, provideClusterInfo } = this.#entry;
    const { limit, cluster, isTerminal = () => isatty(0) } = this.#options;
    const interactive = interactiveMode !== 'Never' && isTerminal();
    if (interactiveMode === 'Always' && !interactive) {
      throw new PluginFault('wants to ask something, but standard input is no terminal', true);
    }
    const spec = { ...(provideClusterInfo && { cluster: cluster() }), interactive };
    const info = JSON.stringify({ kind: 'ExecCredential', apiVersion, spec });
    const environment = { ...process.env, ...env, KUBERNETES_EXEC_INFO: info };
    return answerOf(await outputOf({ command, args, environment, interactive, limit }, signal), apiVersion);
  }
}

/** What kubectl refuses is refused; a mode that is missing is taken for the usual one. */
function entryOf(entry: unknown, user: string): Entry {
  const { command, args, env, apiVersion, interactiveMode = 'IfAvailable', installHint, provideClusterInfo } = isRecord(entry) ? entry : {};
  const refused = (why: string): CastellanError => new CastellanError('CAS_KUBECONFIG', `the sign-in plugin of the user "${user}" ${why}`);
  if (typeof command !== 'string' || command === '') throw refused('has no command');
  if (typeof apiVersion !== 'string' || !API_VERSIONS.includes(apiVersion)) {
    throw refused(`has none of the apiVersions ${API_VERSIONS.join(' and ')}`);
  }
  if (typeof interactiveMode !== 'string' || !['Never', 'IfAvailable', 'Always'].includes(interactiveMode)) {
    throw refused('has an interactiveMode that is none of Never, IfAvailable and Always');
  }
  const pairs = (Array.isArray(env) ? env : []).flatMap((each: unknown) =>
    isRecord(each) && typeof each.name === 'string' && each.name !== ''
      ? [[each.name, typeof each.value === 'string' ? each.value : '']]
      : [],
  );
  return {
    command,
    args: Array.isArray(args) ? args.map(String) : [],
    env: Object.fromEntries(pairs) as Record<string, string>,
    apiVersion,
    interactiveMode,
    installHint: typeof installHint === 'string' ? installHint : '',
    provideClusterInfo: provideClusterInfo === true,
  };
}
