/**
 * What must be known of versions from outside: support dates, holes, removed APIs, and how far components may be
 * apart. The build has a table of its own day; a file in the same form takes its place (`castellan versions --data`).
 */
import { API_REMOVALS, type ApiRemoval } from './api-removals.ts';
import { CVE_DATA } from './cve-data.ts';
import { SKEW_DATA } from './skew-data.ts';
import { SUPPORT_DATA, SUPPORT_DATA_AS_OF } from './support-data.ts';
import type { Range } from './version.ts';

export interface VersionData {
  /** The day on which it was true, `2026-08-22`. */
  readonly asOf: string;
  readonly products: Readonly<Record<string, Product>>;
  readonly cves: readonly Cve[];
  readonly skew: readonly SkewLimit[];
  readonly removals: readonly ApiRemoval[];
}

export interface Product {
  readonly title: string;
  /** Newest first. */
  readonly releases: readonly Release[];
}

/** `true`: over, on a day that is not told. `false`: no day is set. Left out: nobody told. */
export type Day = string | boolean;

export interface Release {
  /** `1.36` of Kubernetes, `12` of Debian. */
  readonly cycle: string;
  readonly released?: Day;
  /** Last day of all kinds of fixes. */
  readonly active?: Day;
  /** Last day of any fix. */
  readonly end?: Day;
  /** Last day of paid or extended fixes. */
  readonly extended?: Day;
  /** Kubernetes releases that it is for: `1.32-1.36`. */
  readonly kubernetes?: string;
  readonly latest?: string;
}

export type CveSeverity = 'critical' | 'high' | 'medium' | 'low';

export interface Cve {
  readonly id: string;
  readonly published: string;
  readonly severity: CveSeverity;
  /** CVSS base score. */
  readonly score?: number;
  readonly title: string;
  readonly affected: readonly { readonly components: readonly string[]; readonly ranges: readonly Range[] }[];
  /** What else must hold; see conditions.ts. Without it the version decides. */
  readonly needs?: string;
  /** Where `kubernetes` is affected: the one component that it is told of. */
  readonly told?: string;
  /** What closes it where there is no fix. */
  readonly advice?: string;
  readonly reference?: string;
}

/** By how many minors a component may be newer or older than another. */
export interface SkewLimit {
  readonly component: string;
  readonly to: 'kube-apiserver' | 'kubelet-of-node';
  readonly newer: number;
  readonly older: number;
  /** Of releases before this minor fewer are allowed. */
  readonly olderBefore?: { readonly minor: number; readonly older: number };
}

let builtIn: VersionData | undefined;

/** The tables of this build; read when first asked for. */
export function builtInData(): VersionData {
  builtIn ??= {
    asOf: SUPPORT_DATA_AS_OF,
    products: Object.fromEntries(Object.entries(SUPPORT_DATA).map(([id, [title, rows]]) => [id, { title, releases: releasesIn(rows) }])),
    cves: CVE_DATA,
    skew: SKEW_DATA,
    removals: API_REMOVALS,
  };
  return builtIn;
}

function releasesIn(rows: string): Release[] {
  return rows
    .trim()
    .split('\n')
    .map((row) => {
      const [cycle = '', released, active, end, extended, kubernetes, ...latest] = row.split(' ');
      return {
        cycle,
        ...day('released', released),
        ...day('active', active),
        ...day('end', end),
        ...day('extended', extended),
        ...text('kubernetes', kubernetes),
        ...text('latest', latest.join(' ')),
      };
    });
}

function day<N extends string>(name: N, cell = '-'): Partial<Record<N, Day>> {
  if (cell === '-') return {};
  return { [name]: cell === 'yes' ? true : cell === 'no' ? false : cell } as Record<N, Day>;
}

function text<N extends string>(name: N, cell = '-'): Partial<Record<N, string>> {
  return cell === '-' || cell === '' ? {} : ({ [name]: cell } as Record<N, string>);
}
