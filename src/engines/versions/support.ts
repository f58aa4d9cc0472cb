/**
 * How long the releases of Kubernetes get fixes. Source: endoflife.date (MIT licence), commit a70eca33 of 2026-08-22.
 * A judgement must not change from one day to the next without a change of its input, so it is made for the day of
 * this table and says so.
 */
export const SUPPORT_AS_OF = '2026-08-22';

export interface Support {
  readonly minor: number;
  /** Last day of regular fixes; afterwards only security and critical fixes come. */
  readonly maintenanceFrom: string;
  /** Last day with any fix. */
  readonly end: string;
  /** Newest patch release on the day of the table. */
  readonly latest: string;
}

export const SUPPORT: readonly Support[] = [
  { minor: 36, maintenanceFrom: '2027-04-28', end: '2027-06-28', latest: '1.36.4' },
  { minor: 35, maintenanceFrom: '2026-12-28', end: '2027-02-28', latest: '1.35.8' },
  { minor: 34, maintenanceFrom: '2026-08-27', end: '2026-10-27', latest: '1.34.11' },
  { minor: 33, maintenanceFrom: '2026-04-28', end: '2026-06-28', latest: '1.33.13' },
  { minor: 32, maintenanceFrom: '2025-12-28', end: '2026-02-28', latest: '1.32.13' },
  { minor: 31, maintenanceFrom: '2025-08-28', end: '2025-11-11', latest: '1.31.14' },
  { minor: 30, maintenanceFrom: '2025-04-28', end: '2025-07-15', latest: '1.30.14' },
  { minor: 29, maintenanceFrom: '2024-12-28', end: '2025-02-28', latest: '1.29.15' },
  { minor: 28, maintenanceFrom: '2024-08-28', end: '2024-10-28', latest: '1.28.15' },
  { minor: 27, maintenanceFrom: '2024-04-28', end: '2024-06-28', latest: '1.27.16' },
  { minor: 26, maintenanceFrom: '2023-12-28', end: '2024-02-28', latest: '1.26.15' },
  { minor: 25, maintenanceFrom: '2023-08-27', end: '2023-10-27', latest: '1.25.16' },
  { minor: 24, maintenanceFrom: '2023-05-28', end: '2023-07-28', latest: '1.24.17' },
  { minor: 23, maintenanceFrom: '2022-12-28', end: '2023-02-28', latest: '1.23.17' },
  { minor: 22, maintenanceFrom: '2022-08-28', end: '2022-10-28', latest: '1.22.17' },
  { minor: 21, maintenanceFrom: '2022-04-28', end: '2022-06-28', latest: '1.21.14' },
  { minor: 20, maintenanceFrom: '2021-12-28', end: '2022-02-28', latest: '1.20.15' },
  { minor: 19, maintenanceFrom: '2021-08-28', end: '2021-10-28', latest: '1.19.16' },
  { minor: 18, maintenanceFrom: '2021-04-28', end: '2021-06-18', latest: '1.18.20' },
  { minor: 17, maintenanceFrom: '2020-12-25', end: '2020-12-25', latest: '1.17.17' },
  { minor: 16, maintenanceFrom: '2020-08-04', end: '2020-08-04', latest: '1.16.15' },
];

const BY_MINOR = new Map(SUPPORT.map((entry) => [entry.minor, entry]));
const OLDEST = Math.min(...BY_MINOR.keys());

export type SupportState = { state: 'supported' } | { state: 'ended'; end?: string; latest?: string };

/** Support of a minor on the day of the table; a release newer than the table is taken as supported. */
export function supportOf(minor: number): SupportState {
  const entry = BY_MINOR.get(minor);
  if (entry === undefined) return minor < OLDEST ? { state: 'ended' } : { state: 'supported' };
  return entry.end < SUPPORT_AS_OF ? { state: 'ended', end: entry.end, latest: entry.latest } : { state: 'supported' };
}

/** The oldest minor that still gets fixes on the day of the table. */
export function oldestSupported(): number {
  return Math.min(...SUPPORT.filter((entry) => entry.end >= SUPPORT_AS_OF).map((entry) => entry.minor));
}
