/** One trial: traffic flows without the policies, then is as they say, and flows again without them. */
import { NETWORK_POLICIES, itemsOf, objectOf, pathOf } from './api.ts';
import { CastellanError } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import type { Feature } from './features.ts';
import { type Met, type Observer, type Settled, allOpen, settle, underPolicy } from './observe.ts';
import type { PolicyObject, Probe, Scene, Trial } from './trials.ts';
import type { Expectation } from './trials.ts';
import type { Writer } from './writer.ts';

export type Enforced = 'yes' | 'no' | 'unknown';

export interface ProbeResult {
  from: string;
  /** `server:8080/TCP` */
  to: string;
  expected: 'stops' | 'flows';
  /** `open`, `timeout`, `refused`, …; undefined where it did not come to that. */
  without: string | undefined;
  with: string | undefined;
}

export interface Result {
  feature: Feature;
  enforced: Enforced;
  how: string;
  probes: readonly ProbeResult[];
  /** Until the policy held, of those that did. */
  milliseconds?: number;
}

export interface Bounds {
  /** Milliseconds for traffic to flow where nothing holds it. */
  baseline: number;
  /** For a policy to take hold, or to let go. */
  policy: number;
}

export interface Stage {
  observer: Observer;
  writer: Writer;
  scene: Scene;
}

export async function tryOut(stage: Stage, trial: Trial, bounds: Bounds): Promise<Result> {
  const { observer } = stage;
  const before = await settle(observer, allOpen(trial.expectations), bounds.baseline);
  if (!before.held) return { ...told(trial, before), enforced: 'unknown', how: await whyNotBefore(stage, before.met) };
  const policies = trial.policies(stage.scene);
  let during: Settled;
  try {
    const refusal = await makeAll(stage, policies);
    if (refusal !== undefined) return { ...told(trial, before), enforced: 'unknown', how: refusal };
    during = await settle(observer, underPolicy(trial.expectations), bounds.policy);
  } finally {
    // Interrupted in the middle: the whole namespace is removed at once.
    if (!observer.signal.aborted) await removeAll(stage, policies);
  }
  const judged = judge(trial.expectations, during);
  const result = { ...told(trial, before, during), ...judged };
  if (judged.enforced !== 'yes') return result;
  const after = await settle(observer, allOpen(trial.expectations), Math.max(bounds.policy, bounds.baseline));
  if (after.held) return { ...result, milliseconds: during.milliseconds };
  const still = [...after.met].find(([, word]) => word !== 'open');
  const how = `it stopped, but without the policy it did not flow again${still === undefined ? '' : `: ${metText(...still)}`}`;
  return { ...result, enforced: 'unknown', how };
}

/** What the API server says to a policy that it does not take: its definition may be another one than is known here. */
async function makeAll({ writer }: Stage, policies: readonly PolicyObject[]): Promise<string | undefined> {
  try {
    for (const { resource, object } of policies) await writer.create(resource, placeOf(object), object);
    return undefined;
  } catch (error) {
    if (error instanceof CastellanError && (error.code === 'CAS_REFUSED' || error.code === 'CAS_FORBIDDEN'))
      return error.message.replace(/^net verify /, '');
    throw error;
  }
}

async function removeAll({ writer }: Stage, policies: readonly PolicyObject[]): Promise<void> {
  for (const { resource, object } of policies.toReversed()) await writer.remove(resource, placeOf(object));
}

function placeOf({ metadata }: PolicyObject['object']): { namespace: string | undefined; name: string } {
  const { namespace, name } = isRecord(metadata) ? metadata : {};
  return { namespace: typeof namespace === 'string' ? namespace : undefined, name: String(name) };
}

function judge(expectations: readonly Expectation[], { held, met, milliseconds }: Settled): { enforced: Enforced; how: string } {
  const words = (role: Expectation['role']): [Probe, string][] =>
    expectations.filter((one) => one.role === role).map(({ probe }) => [probe, met.get(probe) ?? 'silence']);
  if (held) {
    const stopped = [...new Set(words('stops').map(([, word]) => STOPPED[word] ?? word))];
    return { enforced: 'yes', how: `${stopped.join(' and ')} with the policy, open without it` };
  }
  const silent = [...met].find(([, word]) => word === 'silence');
  if (silent !== undefined) return { enforced: 'unknown', how: `the pod ${silent[0].from} tells nothing any more` };
  const failed = words('beside').find(([, word]) => word !== 'open');
  if (failed !== undefined) return { enforced: 'unknown', how: `traffic that no policy is about failed as well: ${metText(...failed)}` };
  const after = `${Math.round(milliseconds / 1000)} s after the policy was there`;
  const open = words('stops').find(([, word]) => word === 'open');
  if (open !== undefined) return { enforced: 'no', how: `${metText(...open)} ${after}` };
  const cut = words('flows').find(([, word]) => word !== 'open');
  if (cut !== undefined) return { enforced: 'no', how: `also stopped what the policy allows: ${metText(...cut)} ${after}` };
  return { enforced: 'unknown', how: `it was now open and now stopped for ${Math.round(milliseconds / 1000)} s` };
}

const STOPPED: Readonly<Record<string, string>> = { timeout: 'timed out', silent: 'no answer after connecting' };
const OTHERWISE: Readonly<Record<string, string>> = {
  ...STOPPED,
  open: 'was open',
  stranger: 'was answered by somebody else',
  silence: 'told nothing',
};

function metText({ from, to, port, protocol }: Probe, word: string): string {
  return `${from} to ${to}:${port}/${protocol} ${OTHERWISE[word] ?? word}`;
}

/** Admission may put policies into every new namespace: they are named, as nobody thinks of them. */
async function whyNotBefore({ observer, scene }: Stage, met: Met): Promise<string> {
  const failed = [...met].find(([, word]) => word !== 'open');
  const text = failed === undefined ? 'it did not keep on flowing' : metText(...failed);
  const found: string[] = [];
  for (const namespace of [scene.run.namespace, scene.run.other]) {
    const answer = await observer.ask('GET', pathOf(NETWORK_POLICIES, { namespace }));
    if (answer.status < 400) found.push(...itemsOf(objectOf(answer, 'list networkpolicies')).map(nameOf));
  }
  const others = found.length === 0 ? '' : `; the cluster has put policies into the new namespace: ${found.join(', ')}`;
  return `without a policy ${text}${others}`;
}

function nameOf({ metadata }: Readonly<Record<string, unknown>>): string {
  return isRecord(metadata) ? String(metadata.name) : '';
}

function told({ feature, expectations }: Trial, before: Settled, during?: Settled): Pick<Result, 'feature' | 'probes'> {
  return {
    feature,
    probes: expectations.map(({ probe, role }) => ({
      from: probe.from,
      to: `${probe.to}:${probe.port}/${probe.protocol}`,
      expected: role === 'stops' ? 'stops' : 'flows',
      without: before.met.get(probe),
      with: during?.met.get(probe),
    })),
  };
}
