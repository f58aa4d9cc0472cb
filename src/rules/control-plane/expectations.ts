/** What flags are expected to be, as functions from a command line to what is wrong with it. */
import {
  type CommandLine,
  gateOf,
  isLoopback,
  listOf,
  parseBoolean,
  parseDuration,
  parseInteger,
  settingOf,
} from '../../engines/command-line/index.ts';
import type { Severity } from '../finding.ts';
import { type Fault, missing, wrongValue } from './faults.ts';
import { type ExpectationByRelease, isBefore } from './release.ts';

export type Expectation = (line: CommandLine) => Fault | undefined;

interface More {
  severity?: Severity;
  /** What holds when the flag is absent. */
  because?: string;
  /** The right value can be written without a choice. */
  mends?: boolean;
}

/** A boolean flag; `byDefault` is what the component takes when it is absent. */
export function boolean(flag: string, wanted: boolean, more: More & { byDefault: boolean }): Expectation {
  const mend = more.mends === true ? { mend: { flag, value: String(wanted) } } : {};
  const because = more.because ?? `it is ${more.byDefault} by default`;
  return (line) => {
    const use = settingOf(line, flag);
    if (use === undefined) return wanted === more.byDefault ? unseen(line, flag) : missing(line, flag, { because, ...mend });
    return parseBoolean(use.value) === wanted && !use.opaque ? undefined : wrongValue(use, mend);
  };
}

export function unset(flag: string, because = ''): Expectation {
  return (line) => {
    const use = settingOf(line, flag);
    return use === undefined ? unseen(line, flag) : wrongValue(use, {}, because);
  };
}

/** Flags that all must name something. */
export function allSet(flags: readonly string[], more: More = {}): Expectation {
  return (line) => {
    const absent = flags.filter((flag) => settingOf(line, flag) === undefined);
    if (absent.length > 0) return missing(line, absent.join(' and '), { severity: more.severity, because: more.because });
    const empty = flags.map((flag) => settingOf(line, flag)).find((use) => use?.value === '' && !use.opaque);
    return empty === undefined ? undefined : { words: `runs with an empty ${empty.flag}`, use: empty, severity: more.severity };
  };
}

export function atLeast(flag: string, least: number, more: More = {}): Expectation {
  return (line) => {
    const use = settingOf(line, flag);
    if (use === undefined) return missing(line, flag, { because: more.because });
    const number = parseInteger(use.value);
    return number !== undefined && number >= least ? undefined : wrongValue(use, {}, `, below ${least}`);
  };
}

/** A feature gate that is on by default since the minor release that is named, and must not be switched off. */
export function gateNotOff(gate: string, since: number): ExpectationByRelease {
  return (line, tables) => {
    const isAlpha = isBefore(since, line, tables);
    const set = gateOf(line, gate, isAlpha ? 'AllAlpha' : 'AllBeta');
    if (set !== undefined) return set.on ? undefined : wrongValue(set.use);
    if (isAlpha) return missing(line, '--feature-gates', { because: `${gate} is off by default before Kubernetes 1.${since}` });
    return line.uses.has('--feature-gates') ? undefined : unseen(line, '--feature-gates');
  };
}

/** An address to listen on that only the node itself reaches. `accepted`: by a benchmark, where the flag is left out. */
export function loopback(flag: string, { accepted }: { accepted: boolean }): Expectation {
  const because = `it listens on every address of the node${accepted ? ', although the benchmark accepts the default' : ''}`;
  return (line) => {
    const use = settingOf(line, flag);
    if (use === undefined) return missing(line, flag, { severity: 'low', because });
    return isLoopback(use.value) && !use.opaque ? undefined : wrongValue(use);
  };
}

/** Cipher suites, all from a list; TLS 1.3 alone needs none. */
export function ciphersWithin(allowed: ReadonlySet<string>): Expectation {
  return (line) => {
    if (settingOf(line, '--tls-min-version')?.value === 'VersionTLS13') return undefined;
    const list = listOf(line, '--tls-cipher-suites');
    if (list === undefined) return missing(line, '--tls-cipher-suites', { because: "Go's defaults also hold CBC suites" });
    const weak = list.items.filter((suite) => !allowed.has(suite));
    if (list.opaque || list.items.length === 0) return wrongValue(list.use);
    return weak.length === 0 ? undefined : { words: `offers ${enumerate(weak)}`, use: list.useOf(weak[0] ?? '') };
  };
}

/** A period that a person chose; only what is no period at all is wrong by itself. */
export function periodToReview(flag: string, byDefault: string): Expectation {
  return (line) => {
    const use = settingOf(line, flag);
    if (use === undefined)
      return { words: `runs without ${flag}, so with ${byDefault}: look whether that suits the cluster`, status: 'manual' };
    const seconds = parseDuration(use.value);
    if (use.opaque || (seconds !== undefined && seconds > 0)) {
      return { words: `runs with ${use.flag}=${use.value}: look whether that suits the cluster`, use, status: 'manual' };
    }
    return wrongValue(use, {}, ', which is no period');
  };
}

/** Nothing is wrong with what is seen; it stays unknown where a flag may be set out of sight. */
export function unseen(line: CommandLine, flag: string): Fault | undefined {
  return line.hidden === undefined ? undefined : missing(line, flag);
}

/** `A, B and 3 more` */
export function enumerate(items: readonly string[]): string {
  return items.length <= 3 ? items.join(', ') : `${items.slice(0, 3).join(', ')} and ${items.length - 3} more`;
}
