/**
 * Versions of Kubernetes and of what runs beside it, as their makers and those who ship them write them: `v1.34.1`,
 * `1.27.2+k3s1`, `v1.29.3-eks-adc7111`, `1.33.0-rc.0.12+abcdef`, `1.6.12-0ubuntu1~22.04.1`, and `1.30` without a patch.
 * The order is that of semver 2.0 after what a vendor added is taken away: a vendor's build has the patch it names,
 * while a pre-release comes before the release that it leads to.
 */
export interface Version {
  readonly major: number;
  readonly minor: number;
  /** Undefined where the text ends before it: any patch may be meant. */
  readonly patch: number | undefined;
  /** `['rc', 0]` of `-rc.0`; empty for a release. */
  readonly pre: readonly (string | number)[];
  /** What a vendor added, without its first sign: `eks-adc7111`, `k3s1`. */
  readonly vendor: string;
  /** As it was written, without a leading v. */
  readonly text: string;
}

/** Introduced is inclusive, fixed exclusive; without `fixed` every later version is meant. `0` is the beginning. */
export interface Range {
  readonly introduced: string;
  readonly fixed?: string;
}

export type Tristate = 'yes' | 'no' | 'unknown';

const FORM = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?((?:[-+~._][-+~.:\w]*)?)$/;
/** Written `-rc.0`, `-rc0`, `-beta1`; whatever else follows a hyphen is a vendor's. */
const PRE = /^-?(alpha|beta|rc|pre|dev)[-.]?(\d{0,9})((?:\.\d{1,9})*)/i;

/** Undefined for what is no version: `latest`, `main`, a digest, a single number. */
export function parseVersion(text: string | undefined): Version | undefined {
  if (text === undefined || text.length > 128) return undefined;
  const match = FORM.exec(text.trim());
  if (match === null) return undefined;
  const [whole, major = '', minor = '', patch, rest = ''] = match;
  const pre = patch === undefined ? null : PRE.exec(rest);
  return {
    major: Number(major),
    minor: Number(minor),
    patch: patch === undefined ? undefined : Number(patch),
    pre: pre === null ? [] : preOf(pre),
    vendor: rest.slice(pre?.[0].length ?? 0).replace(/^[-+~._]/, ''),
    text: whole.replace(/^v/, ''),
  };
}

function preOf([, word = '', number = '', more = '']: RegExpExecArray): (string | number)[] {
  const numbers = [number, ...more.split('.')].filter((part) => part !== '').map(Number);
  return [word.toLowerCase(), ...numbers];
}

/** Below, at or above zero. A missing patch counts as the first one; vendors' additions do not count. */
export function compareVersions(one: Version, other: Version): number {
  return one.major - other.major || one.minor - other.minor || (one.patch ?? 0) - (other.patch ?? 0) || comparePre(one.pre, other.pre);
}

/** As semver orders them: a release is above its pre-releases, numbers below words, more parts above fewer. */
function comparePre(one: Version['pre'], other: Version['pre']): number {
  if (one.length === 0 || other.length === 0) return Math.sign(other.length - one.length);
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
    const [left = 0, right = 0] = [one[at], other[at]];
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return one.length - other.length;
}

/** Whether a version lies in one of the ranges; unknown where that depends on the patch, which it does not name. */
export function inRanges(version: Version, ranges: readonly Range[]): Tristate {
  if (ranges.some((range) => contains(version, range))) {
    if (version.patch !== undefined) return 'yes';
    return ranges.some((range) => contains(version, range) && contains(lastOf(version), range)) ? 'yes' : 'unknown';
  }
  if (version.patch !== undefined) return 'no';
  // A range that begins and may end within the minor.
  const touched = ranges.some(({ introduced }) => {
    const first = parseVersion(introduced);
    return first !== undefined && first.major === version.major && first.minor === version.minor;
  });
  return touched ? 'unknown' : 'no';
}

function contains(version: Version, { introduced, fixed }: Range): boolean {
  const from = parseVersion(introduced);
  if (from !== undefined && compareVersions(version, from) < 0) return false;
  const to = parseVersion(fixed);
  return to === undefined || compareVersions(version, to) < 0;
}

function lastOf(version: Version): Version {
  return { ...version, patch: Number.MAX_SAFE_INTEGER };
}

/** Of the ranges that hold the version, or will hold it, where it is fixed; undefined where it is not. */
export function fixedFor(version: Version, ranges: readonly Range[]): string | undefined {
  const held = ranges.filter((range) => contains(version, range) || contains(lastOf(version), range));
  return held.find(({ fixed }) => fixed !== undefined)?.fixed;
}

/** `1.34`, by which releases are supported; as it is written, since Ubuntu's are called `22.04`. */
export function cycleOf({ major, minor, text }: Version): string {
  return /^\d+\.\d+/.exec(text)?.[0] ?? `${major}.${minor}`;
}
