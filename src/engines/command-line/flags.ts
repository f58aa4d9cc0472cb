/**
 * The flags among the words of a command line. Kubernetes components read them with pflag, where underscores are
 * dashes and flags may follow other words; etcd reads them with Go's flag package, which stops at the first word.
 */
import { unquote } from './values.ts';

/** A word of a command line and the field of the container that holds it. */
export interface Word {
  readonly text: string;
  readonly path: string;
  /** Whether a part comes from somewhere that the manifest does not show. */
  readonly opaque: boolean;
}

export interface FlagUse {
  /** Written as `--name`, dashes only. */
  readonly flag: string;
  readonly value: string;
  readonly path: string;
  /** Whether the value, or a part of it, is not in the manifest. */
  readonly opaque: boolean;
  /** The words that make it up. */
  readonly words: readonly Word[];
}

export interface Flags {
  readonly uses: ReadonlyMap<string, readonly FlagUse[]>;
  /** Words from elsewhere, any of which may be a flag. */
  readonly hidden: Word | undefined;
}

export type Dialect = 'pflag' | 'go';

/** Flags that take no further word: without `=` they mean true. */
const BOOLEANS = new Set([
  'allocate-node-cidrs',
  'allow-privileged',
  'alsologtostderr',
  'anonymous-auth',
  'authentication-skip-lookup',
  'authentication-token-webhook',
  'authentication-tolerate-lookup-failure',
  'auto-tls',
  'cgroups-per-qos',
  'cleanup',
  'client-cert-auth',
  'configure-cloud-routes',
  'contention-profiling',
  'cpu-cfs-quota',
  'enable-aggregator-routing',
  'enable-bootstrap-token-auth',
  'enable-controller-attach-detach',
  'enable-debugging-handlers',
  'enable-garbage-collector',
  'enable-pprof',
  'enable-priority-and-fairness',
  'enable-server',
  'enable-v2',
  'encryption-provider-config-automatic-reload',
  'experimental-initial-corrupt-check',
  'fail-swap-on',
  'force-new-cluster',
  'help',
  'kernel-memcg-notification',
  'kubelet-https',
  'leader-elect',
  'logtostderr',
  'make-iptables-util-chains',
  'masquerade-all',
  'one-output',
  'peer-auto-tls',
  'peer-client-cert-auth',
  'permit-address-sharing',
  'permit-port-sharing',
  'pre-vote',
  'profiling',
  'protect-kernel-defaults',
  'register-node',
  'register-schedulable',
  'rotate-certificates',
  'rotate-server-certificates',
  'runonce',
  'seccomp-default',
  'serialize-image-pulls',
  'service-account-extend-token-expiration',
  'service-account-lookup',
  'skip-headers',
  'skip-log-headers',
  'storage-initialization-timeout-enabled',
  'strict-reconfig-check',
  'use-service-account-credentials',
  'version',
  'watch-cache',
]);

export function parseFlags(words: readonly Word[], dialect: Dialect): Flags {
  const uses = new Map<string, FlagUse[]>();
  let hidden: Word | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined || word.text === '--') break;
    if (!/^-./.test(word.text)) {
      if (word.opaque) hidden ??= word;
      else if (dialect === 'go') break;
      continue;
    }
    const equals = word.text.indexOf('=');
    if (equals < 0 && word.opaque) {
      hidden ??= word;
      continue;
    }
    const name = nameOf(equals < 0 ? word.text : word.text.slice(0, equals), dialect);
    const next = equals < 0 && takesNext(name, words[index + 1]) ? words[index + 1] : undefined;
    if (next !== undefined) index += 1;
    const value = equals >= 0 ? word.text.slice(equals + 1) : (next?.text ?? (BOOLEANS.has(name) ? 'true' : ''));
    const use: FlagUse = {
      flag: `--${name}`,
      value: unquote(value.trim()),
      path: word.path,
      opaque: word.opaque || next?.opaque === true,
      words: next === undefined ? [word] : [word, next],
    };
    const before = uses.get(use.flag);
    if (before === undefined) uses.set(use.flag, [use]);
    else before.push(use);
  }
  return { uses, hidden };
}

function nameOf(text: string, dialect: Dialect): string {
  const name = text.replace(/^--?/, '');
  return dialect === 'pflag' ? name.replaceAll('_', '-') : name;
}

/** A flag that is not known to be boolean takes the next word, unless that looks like a flag itself. */
function takesNext(name: string, next: Word | undefined): boolean {
  if (next === undefined || BOOLEANS.has(name)) return false;
  return !/^-[^\d]/.test(next.text);
}
