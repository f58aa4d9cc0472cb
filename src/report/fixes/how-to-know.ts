/** For each code of what is not known: how to find out. */
import type { UnknownCode } from '../../changes/index.ts';

const LONGER = 'Keep adding to the record (castellan record add) until it covers that, and ask again.';
const LOG_IT = 'Log such requests at level Metadata or higher, give the policy with --audit-policy, and record anew.';
const ASK_OWNER = 'Ask whoever owns it, or try the change where nothing depends on it.';

export const HOW_TO_KNOW: Readonly<Record<UnknownCode, string>> = {
  'no-record': 'Record what is used: castellan record add AUDIT-LOG… --record use.record, then --record use.record.',
  'only-counted': 'Record who asks: castellan record add AUDIT-LOG… --record use.record. Counters tell only that it is asked at all.',
  'audit-policy-hides': LOG_IT,
  'never-seen-logged': 'Give the audit policy with --audit-policy, so that it can be said whether such requests are logged.',
  'baseline-differs': 'Record from the time on when the rights were last changed, and look for other authorizers.',
  'subject-silent': LONGER,
  'members-unknown': 'Ask the identity provider who is in the group; bind single users or accounts where that is possible.',
  'no-start-seen': 'Restart the workload while the log is recorded (kubectl rollout restart), and add the log.',
  'used-together': 'See whether the client really needs both: informers list and watch, leader election gets and updates.',
  'not-a-request': ASK_OWNER,
  'handed-on': 'Look at the roles that it writes and binds, or give it bind (of single roles) and escalate, and see what it still needs.',
  'asked-by-others': 'Log creation of subjectaccessreviews at level Request, and record anew.',
  'window-short': LONGER,
  'record-old': 'Add the newest logs: castellan record add AUDIT-LOG… --record use.record.',
  'input-old': 'Read the cluster again: castellan snapshot, or castellan fixes --context NAME.',
  'schedule-unseen': 'Record until the CronJob has run twice, or run it by hand: kubectl create job --from=cronjob/NAME.',
  'rare-component': 'Try what it is for (a restore, a renewal, a failover) while the log is recorded.',
  'rare-person': 'Ask who would do it and when, and write the answer down as an attestation.',
  'bound-later': 'Ask whoever binds it what those need whom it is bound to, and read the whole cluster rather than files.',
  'role-unknown': 'Read the whole cluster, with an account that may list roles: castellan permissions --context NAME.',
  'servers-missing': 'Add the audit log of every API server, each as STREAM=FILE.',
  'servers-unknown': 'Say how many there are with --servers, or read the cluster with leases of kube-system.',
  'nodes-missing': 'Add the log of every node, each as STREAM=FILE; hubble observe asks all of them through Hubble Relay.',
  'no-heartbeat': 'Log updates of leases in kube-node-lease, so that a hole in the log can be seen.',
  'log-holes': 'Add the log of these minutes, or record until the window without holes is long enough.',
  'lines-unread': 'castellan record show FILE tells which stream; add the log once more, whole.',
  'names-many': ASK_OWNER,
  'token-reads-unseen': 'Look whether the program opens /var/run/secrets/kubernetes.io/serviceaccount/token over a start of it.',
  'token-untracked':
    'Look at the label kubernetes.io/legacy-token-last-used of the Secret; servers from 1.27 on write it, and since when into kube-system/kube-apiserver-legacy-service-account-token-tracking.',
  'input-partial': 'Ask the cluster instead of files: castellan fixes --context NAME, or a snapshot of it.',
  'other-version': 'Set the label pod-security.kubernetes.io/enforce-version to the release that was judged, or to latest.',
  'use-unattributed':
    'Record logs with the extra fields of users (authentication.kubernetes.io/pod-name), and use tokens that are bound to pods.',
  'behaviour-unseen': 'Try it where nothing depends on it; kubectl rollout undo takes a workload back.',
  'ends-unknown': 'Record flows while the ends that are gone are known, or leave out of the record what is older.',
  'address-reused': 'Record flows with names of pods (Hubble, Calico, Goldmane) rather than addresses.',
  'addresses-many': 'Record flows with names of pods (Hubble, Calico, Goldmane) rather than addresses.',
  'began-before': 'Restart the workloads while flows are recorded (kubectl rollout restart), and add the log.',
  'addresses-learned': 'Ask whoever owns it which addresses there are, and allow these ranges; or write down that no others are needed.',
  'api-server-unknown':
    'Read a cluster with its Endpoints of kubernetes in default, or write the rule with its address: castellan net generate --api-server.',
  'nodes-unknown': 'Read a cluster with its Nodes, or write the rule with their range: castellan net generate --nodes.',
  'resolver-unknown': 'See which server /etc/resolv.conf of such a pod names, and keep it open.',
  'scraper-unknown': 'See who collects metrics, and allow it by its labels or addresses.',
  'account-shared': 'Give each workload an account of its own, and record again.',
  'outside-unseen': 'Ask who uses the Service from outside, or take the Service of that kind away first.',
  'plugin-policies': 'Look at the policies that are named: whether they let through what is closed here, or close what is left open.',
  tunnelled: 'Ask the mesh for its own log of connections.',
  'clients-unseen': 'Look on the node who connects (ss -tnp), over a day or longer, and what scrapes or checks the port from elsewhere.',
  'file-reads-unseen': 'Look for agents on the node that run as another user than root and read it: backups, monitoring, inventory.',
};
