/** Examples of rules that are judged otherwise once a server has kept them, each with its reason. */
import type { Release } from '../parts.ts';

interface Difference {
  rule: string;
  /** Numbers of good and of bad examples. */
  good?: readonly number[];
  bad?: readonly number[];
  /** Only there. */
  release?: Release;
  why: string;
}

const ONE_REPLICA = 'an absent number of replicas is open while the manifest may still be patched or scaled; the server makes it one';
const ALPHA = 'off in 1.31 unless a feature gate is set: the server drops the field, and what it would have meant';
const BUDGET_OF_POD = 'resources of the pod as a whole came with 1.32; older servers drop them';

/** By what the server fills in, drops or converts. */
export const FILLED_IN: readonly Difference[] = [
  { rule: 'sorted-keys', good: [0, 1], bad: [0, 1], why: 'the order is that of the text; the server has its own' },
  { rule: 'dangling-service-account', bad: [1], why: 'the server writes the account into both fields, and the newer one is shown' },
  { rule: 'deprecated-serviceaccount-field', bad: [0, 1], why: 'the server writes the account into both fields, whoever asked for it how' },
  { rule: 'netpol-empty-selector', bad: [4], why: 'a selector that is absent is written as {}, which says that every pod is meant' },
  {
    rule: 'udp-port-without-protocol',
    bad: [0, 1, 2],
    why: 'the server fills in TCP, and then nobody can tell that the protocol was left out',
  },
  { rule: 'exposed-without-netpol', good: [4], why: 'nobody runs the pod, so that on the server it never ended' },
  { rule: 'policy-refused', bad: [2], why: 'the server leaves out a field that it does not know' },
  { rule: 'ipblock-covers-pods', bad: [0, 1, 2], why: 'nobody runs the pods, so that the server takes their addresses away' },
  { rule: 'policy-beyond-cni', bad: [0], why: 'nobody runs the pods, so that the server takes their addresses away' },
  { rule: 'ipblock-cluster-ip', good: [2], why: 'the server gives the Service an address, which the range holds' },
  { rule: 'apparmor', bad: [2], why: 'the server copies the annotation into the field, which is shown then' },
  { rule: 'hpa-shape', good: [2], why: 'an absent minimum may be patched in as long as the target is not known; the server makes it one' },
  { rule: 'hpa-shape', bad: [5], why: 'of a Deployment on a server the autoscaler itself writes the replicas' },
  { rule: 'pdb-missing', bad: [0, 1, 2, 3], why: ONE_REPLICA },
  { rule: 'topology-spread', bad: [0, 1, 2], why: ONE_REPLICA },
  ...(['low-gid', 'low-uid'] as const).map((rule) => ({ rule, good: [2], release: '1.31.0' as const, why: ALPHA })),
  { rule: 'user-namespace', good: [0], release: '1.31.0', why: ALPHA },
  { rule: 'proc-mount', bad: [0, 1], release: '1.31.0', why: ALPHA },
  { rule: 'root-group', bad: [4], release: '1.31.0', why: ALPHA },
  { rule: 'run-as-non-root', bad: [4], release: '1.31.0', why: ALPHA },
  { rule: 'run-as-user-zero', bad: [3], release: '1.31.0', why: ALPHA },
  ...(['cpu-limit', 'cpu-request', 'memory-limit', 'memory-request'] as const).map((rule) => ({
    rule,
    good: [2],
    release: '1.31.0' as const,
    why: BUDGET_OF_POD,
  })),
];

/** By what a reading leaves on the server. */
export const READ: readonly Difference[] = [
  { rule: 'no-bootstrap-token-users', bad: [0], why: 'whether a token ends is a value of a Secret; somebody has to look' },
];

/** `rule: good 0` of each. */
export function namesOf(differences: readonly Difference[], release: Release): string[] {
  const there = differences.filter((difference) => difference.release === undefined || difference.release === release);
  return there
    .flatMap(({ rule, good = [], bad = [] }) => [
      ...good.map((index) => `${rule}: good ${index}`),
      ...bad.map((index) => `${rule}: bad ${index}`),
    ])
    .toSorted();
}
