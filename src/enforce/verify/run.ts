/** One run: its names, how long it may last, and how others know later whether it is still under way. */
import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { shortHash } from '../../lib/hash.ts';
import type { Fields } from './api.ts';

export const PREFIX = 'castellan-verify-';
/** On everything that a run makes. */
const MANAGER = 'app.kubernetes.io/managed-by';
const MANAGED = 'castellan-net-verify';
const RUN_LABEL = 'castellan-run';
export const SELECTOR = `${MANAGER}=${MANAGED}`;
export const ENDS_AT = 'castellan/ends-at';
export const PROCESS = 'castellan/process';
/** Seconds after which the cluster itself ends the pods, whatever has become of whoever started them. */
export const LIFETIME = 900;

export interface Run {
  id: string;
  namespace: string;
  /** A second one, for traffic between namespaces. */
  other: string;
  endsAt: Date;
}

/** A name that nobody can guess, so that nobody has something of it ready. */
export function newRun(now = new Date()): Run {
  const id = randomBytes(4).toString('hex');
  const namespace = `${PREFIX}${id}`;
  return { id, namespace, other: `${namespace}-other`, endsAt: new Date(now.getTime() + LIFETIME * 1000) };
}

export function labelsOf({ id }: Run): Record<string, string> {
  return { [MANAGER]: MANAGED, [RUN_LABEL]: id };
}

export function runLabelOf(labels: Fields): string {
  return typeof labels[RUN_LABEL] === 'string' ? labels[RUN_LABEL] : '';
}

export function annotationsOf({ endsAt }: Run): Record<string, string> {
  return { [ENDS_AT]: endsAt.toISOString(), [PROCESS]: `${machine()}/${process.pid}` };
}

export type Owner = 'ended' | 'runs' | 'unknown';

/** What has become of the process that made something: known on its own machine only. */
export function ownerOf(text: unknown): Owner {
  const [where, pid = ''] = typeof text === 'string' ? text.split('/') : [];
  if (where !== machine() || !/^[1-9]\d{0,9}$/.test(pid)) return 'unknown';
  try {
    process.kill(Number(pid), 0);
    return 'runs';
  } catch (error) {
    // A process of somebody else is one as well.
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'ended' : 'runs';
  }
}

/** The machine since it was started, without telling its name; on Linux also whose processes are counted there. */
function machine(): string {
  let boot = '';
  try {
    boot = `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')}${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // Elsewhere than on Linux the name has to do.
  }
  return shortHash(`${hostname()}\n${boot}`);
}
