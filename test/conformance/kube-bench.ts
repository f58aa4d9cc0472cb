/** What kube-bench says of a stock node of kubeadm, and what our rules say of the same: control by control. */
import { buildCluster } from '../../src/model/index.ts';
import { RULES, type Status, judgeAll } from '../../src/rules/index.ts';
import { readJson } from './corpora.ts';
import { stockKubeadm } from './stock-kubeadm.ts';

export const KUBE_BENCH = 'corpora/posture/kube-bench/kind-expected.json';

type Theirs = 'PASS' | 'FAIL' | 'WARN';

export interface BenchControl {
  id: string;
  slug: string;
  theirs: Theirs;
  ours: Status;
  agree: boolean;
}

/** Controls that a rule of ours answers from a node; those about objects are compared elsewhere. */
export function compareWithKubeBench(): { compared: BenchControl[]; leftOut: number } {
  const { cis120 } = readJson(KUBE_BENCH) as { cis120: { id: string; slug: string; status: Theirs }[] };
  const said = statuses();
  const compared = cis120.flatMap(({ id, slug, status }) => {
    const ours = said.get(slug);
    return ours === undefined ? [] : [{ id, slug, theirs: status, ours, agree: agrees(status, ours) }];
  });
  return { compared, leftOut: cis120.length - compared.length };
}

/** WARN is a failure that does not count, or a control that it leaves to people. */
function agrees(theirs: Theirs, ours: Status): boolean {
  if (theirs === 'PASS') return ours === 'pass' || ours === 'not-applicable';
  return theirs === 'FAIL' ? ours === 'fail' : ours !== 'pass';
}

function statuses(): Map<string, Status> {
  const cluster = buildCluster({
    header: { kind: 'manifests', complete: false },
    objects: [],
    counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
    gaps: [],
    nodes: [stockKubeadm()],
  });
  const said = new Map<string, Status>();
  judgeAll(cluster, { rules: RULES, all: true, everyRule: true }, ({ rule, status }) => {
    if (said.get(rule.id) !== 'fail') said.set(rule.id, status);
  });
  return said;
}

/** Why we differ, by control. */
export const BENCH_DIFFERENCES: Readonly<Record<string, string>> = {
  'kubelet-service-perm': 'Its benchmark of that time asks for 644; CIS 1.12 asks for 600, and the unit has 644.',
  'kubelet-config-perm': 'The same: the file has 644.',
  'cni-files-owner': 'Its Job does not see /etc/cni, so it leaves the question to people. The files belong to root.',
  'kubelet-event-qps': 'Asks for eventRecordQPS: 0, no limit at all. CIS 1.12 takes any rate that is chosen, and the default is one.',
};
