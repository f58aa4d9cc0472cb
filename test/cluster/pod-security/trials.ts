/** Pods that are sent to a server under many policies, and the engine's answers beside the server's. */
import { evalPodSecurity } from '../../../src/cli/eval-pod-security.ts';
import type { ApiAnswer } from '../api.ts';
import { type Ask, each } from '../bulk.ts';
import type { Release } from '../parts.ts';
import type { Fields } from '../filled-in/served.ts';
import { explanationOf } from './differences.ts';
import { HARDENED, placeOf } from './places.ts';
import type { Container, Pod } from './twists.ts';
import { type Policy, minorOf, verdictOf } from './verdict.ts';

export interface Trial {
  name: string;
  /** What the engine judges. */
  pod: Fields;
  policies: readonly Policy[];
  /** Asks the server for the same. */
  send: (ask: Ask, policy: Policy) => Promise<ApiAnswer>;
}

export interface Outcome {
  /** Pods that got as far as the standards. */
  reached: number;
  /** Controls that the server named. */
  named: Set<string>;
  /** By pod why the server did not get to the question. */
  refused: Map<string, string>;
  differences: string[];
  /** Explanations that were needed. */
  explained: Set<string>;
}

/** A pod that is created; names of the corpora are no names of pods. */
export function createdPod(name: string, pod: Fields, policies: readonly Policy[]): Trial {
  const send: Trial['send'] = (ask, policy) => {
    const metadata = { ...(pod.metadata as Fields), name: 'trial', namespace: placeOf(policy) };
    return ask('POST', `/api/v1/namespaces/${placeOf(policy)}/pods?dryRun=All`, { ...pod, metadata });
  };
  return { name, pod: { apiVersion: 'v1', kind: 'Pod', ...pod }, policies, send };
}

/** A Deployment of such pods, which is warned of. */
export function createdDeployment(name: string, { metadata, spec }: Pod, policies: readonly Policy[]): Trial {
  const labels = { app: 'trial' };
  const template = { metadata: { labels, annotations: metadata.annotations }, spec };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'trial' },
    spec: { selector: { matchLabels: labels }, template },
  };
  const send: Trial['send'] = (ask, policy) =>
    ask('POST', `/apis/apps/v1/namespaces/${placeOf(policy)}/deployments?dryRun=All`, deployment);
  return { name, pod: deployment, policies, send };
}

/** A container for debugging in a pod that runs and is hardened: only what is added is new. */
export function addedContainer(name: string, container: Container, policies: readonly Policy[]): Trial {
  const { metadata, spec } = HARDENED;
  const patch = { spec: { ephemeralContainers: [container] } };
  const send: Trial['send'] = (ask, policy) =>
    ask('PATCH', `/api/v1/namespaces/${placeOf(policy)}/pods/${metadata.name}/ephemeralcontainers?dryRun=All`, patch);
  return { name, pod: { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...spec, ...patch.spec } }, policies, send };
}

export async function tryAll(ask: Ask, release: Release, trials: readonly Trial[]): Promise<Outcome> {
  const outcome: Outcome = { reached: 0, named: new Set(), refused: new Map(), differences: [], explained: new Set() };
  await each(trials, async (trial) => {
    for (const policy of trial.policies) {
      const refusal = tryOne(await trial.send(ask, policy), { release, trial, policy }, outcome);
      if (refusal === undefined) continue;
      // What is no pod at one version is none at others.
      outcome.refused.set(trial.name, refusal);
      return;
    }
    outcome.reached += 1;
  });
  return outcome;
}

interface Question {
  release: Release;
  trial: Trial;
  policy: Policy;
}

function tryOne(answer: ApiAnswer, { release, trial, policy }: Question, outcome: Outcome): string | undefined {
  const newest = Number(release.split('.')[1]);
  const verdict = verdictOf(answer, policy, newest);
  if ('refused' in verdict) return verdict.refused;
  const version = `1.${minorOf(policy.version, newest)}`;
  const theirs = verdict.failing;
  for (const control of theirs) outcome.named.add(control);
  // What the server keeps must read as what it was sent.
  const forms = answer.status === 403 ? { written: trial.pod } : { written: trial.pod, kept: answer.json() };
  for (const [form, object] of Object.entries(forms)) {
    const ours = evalPodSecurity({ object, level: policy.level, version }).failing as string[];
    const controls = [...ours.filter((id) => !theirs.includes(id)), ...theirs.filter((id) => !ours.includes(id))];
    if (controls.length === 0) continue;
    const explanation = explanationOf({ release, pod: trial.pod, controls });
    if (explanation !== undefined) outcome.explained.add(explanation.why);
    else
      outcome.differences.push(
        `${trial.name} as ${form}, ${policy.level} ${policy.version}: ${controls.join(' ')} ${JSON.stringify(trial.pod)}`,
      );
  }
  return undefined;
}
