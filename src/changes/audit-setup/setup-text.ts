/** How to record enough on a platform, as text for people. */
import { yamlOf } from '../network-policies/write-yaml.ts';
import { LEAST_WINDOW } from '../proof.ts';
import { type Platform, SETUPS } from './platforms.ts';
import { POLICY_COMMENTS, RECORDING_POLICY } from './policy.ts';

/** A node renews its lease every ten seconds; who is elected renews its lock every two (the defaults of Kubernetes). */
const PER_NODE = 86_400 / 10;
const PER_LEADER = 86_400 / 2;

export function policyYaml(): string {
  return yamlOf(RECORDING_POLICY, POLICY_COMMENTS);
}

export function setupText(platform: Platform): string {
  const { title, ownPolicy, steps, collect, unseen } = SETUPS[platform];
  const never = [
    'A right that is no request (bind, escalate, impersonate, nodes/proxy) and rights to health paths are never proved unused by a log.',
    ...unseen,
  ];
  return [
    `${title}: record what is used, so that changes can be proved safe.`,
    ...section('Turn it on', steps),
    ...section('Read it, once a day', collect),
    ...section('How much to expect', volume()),
    ...section('How long', [
      `Proofs need ${LEAST_WINDOW / 86_400} days, and two runs of every CronJob concerned: for monthly ones, two months. The record keeps that; of the logs themselves keep as much as lies between two readings, 30 days to be safe.`,
      'castellan record show use.record tells which time is covered, and holes in it.',
    ]),
    ...section('What stays unknown', never),
    ...(ownPolicy ? section('The policy, also by castellan audit setup --policy', policyYaml().trimEnd().split('\n')) : []),
    '',
  ].join('\n');
}

/** Arithmetic from defaults, so that nobody takes it for a measurement of his cluster. */
function volume(): string[] {
  const [perNode, perLeader] = [PER_NODE, PER_LEADER].map((count) => count.toLocaleString('en'));
  const ten = 10 * PER_NODE + 3 * PER_LEADER;
  return [
    `At least ${perNode} events a day for each node (its lease, every 10 s) and ${perLeader} for each elected leader (its lock, every 2 s); what controllers, people and pipelines ask comes on top.`,
    `Ten nodes and three leaders: ${ten.toLocaleString('en')} events; taking 1 kB for an event without bodies, about ${Math.round(ten / 1000)} MB a day before compression, as a floor. Multiply what the first hour shows by 24 before you settle on a size.`,
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
