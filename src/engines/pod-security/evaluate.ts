/** Pod Security Standards as admission evaluates them: which controls of a level, at a version, a pod fails. */
import { minorOf } from '../../model/index.ts';
import { type Check, type Control, type Pod, type PolicyLevel, type Subject, toSubject } from './control.ts';
import { CONTROLS } from './registry.ts';

export type Level = 'privileged' | PolicyLevel;

/** From the loosest to the strictest. */
export const LEVELS: readonly Level[] = ['privileged', 'baseline', 'restricted'];

export interface Violation {
  /** Id of the control. */
  readonly control: string;
  readonly reason: string;
  /** Fields of the pod, beginning with `spec` or `metadata`. */
  readonly paths: readonly string[];
}

export interface Evaluation {
  readonly allowed: boolean;
  readonly violations: readonly Violation[];
}

interface ActiveControl {
  readonly control: Control;
  readonly check: Check;
}

/**
 * The last release that changes a control: 1.37, one beyond what the model assumes of a cluster of unknown version.
 * The standard is versioned by itself, and its version `latest` is the newest that there is; a scan takes the release
 * of the cluster, or the newest one that is known in full, as admission there would.
 */
const NEWEST_GATE = Math.max(...CONTROLS.flatMap(({ versions }) => versions.map(({ since }) => since)));

/** `1.30`, `v1.30` or `latest` as a minor release; undefined for anything else. Newer ones judge like the newest gate. */
export function policyMinor(version: string): number | undefined {
  if (version === 'latest') return NEWEST_GATE;
  const minor = minorOf(version);
  return minor === undefined ? undefined : Math.min(minor, NEWEST_GATE);
}

/** Whether a level admits a pod, and if not what stands in the way. */
export function evaluatePodSecurity(pod: Pod, level: PolicyLevel, version: string): Evaluation {
  const violations = violationsOf(toSubject(pod), activeControls(level, requiredMinor(version)));
  return { allowed: violations.length === 0, violations };
}

/** The strictest level that admits a pod. */
export function levelMet(pod: Pod, version: string): Level {
  const minor = requiredMinor(version);
  const subject = toSubject(pod);
  if (passes(subject, activeControls('restricted', minor))) return 'restricted';
  return passes(subject, activeControls('baseline', minor)) ? 'baseline' : 'privileged';
}

/** The controls of a level at a release: those of the baseline too, unless a restricted one stands in for them. */
export function activeControls(level: PolicyLevel, minor: number): readonly ActiveControl[] {
  const key = `${level} ${minor}`;
  let active = ACTIVE.get(key);
  if (active === undefined) ACTIVE.set(key, (active = findActive(level, minor)));
  return active;
}

const ACTIVE = new Map<string, readonly ActiveControl[]>();

function findActive(level: PolicyLevel, minor: number): ActiveControl[] {
  const active: ActiveControl[] = [];
  for (const control of CONTROLS) {
    const version = control.versions.findLast(({ since }) => since <= minor);
    if (version !== undefined && (control.level === 'baseline' || level === 'restricted')) active.push({ control, check: version.check });
  }
  const overridden = new Set(active.flatMap(({ control }) => control.overrides ?? []));
  return active.filter(({ control }) => !overridden.has(control.id));
}

export function violationsOf(subject: Subject, controls: readonly ActiveControl[]): Violation[] {
  const violations: Violation[] = [];
  for (const { control, check } of controls) {
    const paths = check(subject);
    if (paths.length > 0) violations.push({ control: control.id, reason: control.reason, paths });
  }
  return violations;
}

function passes(subject: Subject, controls: readonly ActiveControl[]): boolean {
  return controls.every(({ check }) => check(subject).length === 0);
}

function requiredMinor(version: string): number {
  const minor = policyMinor(version);
  if (minor === undefined) throw new RangeError(`"${version}" is no version of the Pod Security Standards`);
  return minor;
}
