/**
 * How long releases get fixes. A judgement must not change from one day to the next without a change of its input, so
 * rules are judged for the day of the table and say so; a command may ask for another day.
 */
import { type Day, type Release, type VersionData, builtInData } from './data.ts';
import { type Version, compareVersions, cycleOf, parseVersion } from './version.ts';

export interface SupportVerdict {
  /** `extended`: only for those who pay or signed up for longer fixes. `unlisted`: the table does not have the release. */
  readonly state: 'supported' | 'maintenance' | 'extended' | 'ended' | 'unlisted';
  readonly cycle: string;
  readonly release: Release | undefined;
  /** Whether a newer patch of the same release was there on the day of the table; undefined where that is not told. */
  readonly behind: boolean | undefined;
}

/** Support of a version of a product of the table; undefined for a product that the table does not have. */
export function supportOf(
  product: string,
  version: Version,
  { data = builtInData(), on = data.asOf }: When = {},
): SupportVerdict | undefined {
  const releases = Object.hasOwn(data.products, product) ? (data.products[product]?.releases ?? []) : [];
  if (releases.length === 0) return undefined;
  const cycles = [cycleOf(version), String(version.major)];
  const release = releases.find(({ cycle }) => cycle === cycles[0]) ?? releases.find(({ cycle }) => cycle === cycles[1]);
  if (release === undefined) {
    // Older than everything in the table: nobody fixes it any more. A newer one is not known.
    const oldest = releases
      .map(({ cycle }) => versionOfCycle(cycle))
      .reduce((least, each) => (compareVersions(each, least) < 0 ? each : least));
    const ended = compareVersions(version, oldest) < 0;
    return { state: ended ? 'ended' : 'unlisted', cycle: cycles[0] ?? '', release: undefined, behind: undefined };
  }
  return { state: stateOf(release, on), cycle: release.cycle, release, behind: isBehind(version, release) };
}

export interface When {
  data?: VersionData;
  /** The day that is judged for; the table's own where left out. */
  on?: string;
}

function versionOfCycle(cycle: string): Version {
  const parsed = parseVersion(cycle) ?? parseVersion(`${cycle}.0`);
  return parsed ?? { major: Number.MAX_SAFE_INTEGER, minor: 0, patch: 0, pre: [], vendor: '', text: cycle };
}

/** The last day still counts. */
function stateOf({ active, end, extended }: Release, on: string): SupportVerdict['state'] {
  if (isOver(end, on)) return extended !== undefined && !isOver(extended, on) ? 'extended' : 'ended';
  return isOver(active, on) ? 'maintenance' : 'supported';
}

/** Whether a day is past; never so where none is set or told. */
export function isOver(day: Day | undefined, on: string): boolean {
  return typeof day === 'string' ? day < on : day === true;
}

function isBehind(version: Version, { latest }: Release): boolean | undefined {
  const newest = parseVersion(latest);
  if (newest === undefined || newest.patch === undefined || version.patch === undefined) return undefined;
  return compareVersions(version, newest) < 0;
}

/** The oldest minor of Kubernetes that still gets fixes. */
export function oldestSupported({ data = builtInData(), on = data.asOf }: When = {}): number | undefined {
  const minors = (data.products.kubernetes?.releases ?? [])
    .filter((release) => !isOver(release.end, on))
    .flatMap(({ cycle }) => parseVersion(cycle)?.minor ?? []);
  return minors.length === 0 ? undefined : Math.min(...minors);
}
