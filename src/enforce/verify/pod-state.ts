/** Whether a pod runs, and why it does not, from its status. */
import { isRecord } from '../../lib/record.ts';
import type { Fields } from './api.ts';

export interface PodState {
  runs: boolean;
  address: string;
  node: string;
  /** Why it does not run, where the cluster says so. */
  problem?: string;
  /** Milliseconds of waiting after which the problem is taken for lasting; 0 where it cannot pass. */
  after?: number;
}

/** What a kubelet tries again: registries have their moments, and nodes get room. */
const PASSING: Readonly<Record<string, number>> = { ErrImagePull: 60_000, ImagePullBackOff: 25_000, Unschedulable: 30_000 };
/** No problem, but a stage. */
const STAGES: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

export function podState({ spec, status }: Fields): PodState {
  const { phase, podIP, containerStatuses, conditions, reason, message } = recordOf(status);
  const [container] = listOf(containerStatuses);
  const state = recordOf(container?.state);
  const node = recordOf(spec).nodeName;
  const base = { address: typeof podIP === 'string' ? podIP : '', node: typeof node === 'string' ? node : '' };
  if (isRecord(state.running) && base.address !== '' && phase === 'Running') return { ...base, runs: true };
  const problem =
    waitingProblem(recordOf(state.waiting)) ??
    endProblem(recordOf(state.terminated)) ??
    (phase === 'Failed'
      ? { problem: `${textOf(reason) || 'it failed'}: ${textOf(message) || 'no reason is given'}`, after: 0 }
      : undefined) ??
    scheduleProblem(listOf(conditions));
  return { ...base, runs: false, ...problem };
}

type Problem = Required<Pick<PodState, 'problem' | 'after'>>;

function waitingProblem({ reason, message }: Fields): Problem | undefined {
  const word = textOf(reason);
  if (word === '' || STAGES.has(word)) return undefined;
  return { problem: `${word}${textOf(message) === '' ? '' : `: ${textOf(message)}`}`, after: PASSING[word] ?? 0 };
}

function endProblem({ exitCode, reason, message }: Fields): Problem | undefined {
  if (typeof exitCode !== 'number') return undefined;
  const why = [textOf(reason), textOf(message)].filter((text) => text !== '').join(': ');
  return { problem: `its program ended with ${exitCode}${why === '' ? '' : ` (${why})`}`, after: 0 };
}

function scheduleProblem(conditions: readonly Fields[]): Problem | undefined {
  const scheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (scheduled === undefined) return undefined;
  const reason = textOf(scheduled.reason);
  return { problem: `${reason}: ${textOf(scheduled.message)}`, after: PASSING[reason] ?? PASSING.Unschedulable ?? 0 };
}

function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
