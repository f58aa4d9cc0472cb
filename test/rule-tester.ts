/** Runs one rule on manifests given as text: the shared tester of all rules. */
import { loadAll } from 'js-yaml';
import { AuditEntry } from '../src/collect/logs/audit/enter.ts';
import { eventOf } from '../src/collect/logs/audit/event.ts';
import { type Cluster, buildCluster } from '../src/model/index.ts';
import { Ledger, type UseRecord } from '../src/record/index.ts';
import { type Finding, type Rule, judgeAll } from '../src/rules/index.ts';
import { NODE_FACTS_SCHEMA, PROBE_SCHEMA, type Snapshot, nodeFactsOf, parseCloudCluster, probeFactsOf } from '../src/snapshot/index.ts';

export function clusterOf(objects: readonly unknown[], complete = false, kubernetesVersion?: string): Cluster {
  const snapshot: Snapshot = {
    header: { kind: 'manifests', complete, ...(kubernetesVersion !== undefined && { kubernetesVersion }) },
    objects: objects
      .filter((object) => !isNode(object) && !isCloud(object) && !isProbe(object) && !isAudited(object))
      .map((object) => ({
        object: object as Record<string, unknown>,
        origin: { source: 'example.yaml', line: 1, format: 'yaml', prefix: [] },
      })),
    counts: { files: 1, documents: objects.length, judged: objects.length, foreign: 0 },
    gaps: [],
    clouds: objects.filter(isCloud).map((cloud) => parseCloudCluster(JSON.stringify(cloud), 'cloud.json')),
    nodes: objects.filter(isNode).map((facts) => nodeFactsOf(facts, 'example.yaml')),
  };
  const probe = objects.find(isProbe);
  return buildCluster(probe === undefined ? snapshot : { ...snapshot, probe: probeFactsOf(probe, 'example.yaml') });
}

/** Facts of a node among the objects. */
function isNode(object: unknown): boolean {
  return (object as { schema?: unknown }).schema === NODE_FACTS_SCHEMA;
}

/** What a provider says of a cluster, which has no kind. */
function isCloud(object: unknown): boolean {
  const { kind, schema, cluster, type, selfLink } = object as Record<string, unknown>;
  return kind === undefined && schema === undefined && [cluster, type, selfLink].some((each) => each !== undefined);
}

/** An event of an audit log. */
function isAudited(object: unknown): object is Record<string, unknown> {
  return (object as { apiVersion?: unknown }).apiVersion === 'audit.k8s.io/v1' && (object as { kind?: unknown }).kind === 'Event';
}

/** Of these events of an audit log. */
export function recordOf(events: readonly Record<string, unknown>[]): UseRecord {
  const ledger = new Ledger();
  const entry = new AuditEntry(ledger);
  for (const value of events) {
    const event = eventOf(value);
    if (event === undefined) throw new Error('an example is no event of an audit log');
    entry.enter(ledger.stream('cp1', 'audit'), event);
  }
  return ledger.record();
}

/** What ports answered. */
function isProbe(object: unknown): boolean {
  return (object as { schema?: unknown }).schema === PROBE_SCHEMA;
}

/** Findings of one rule alone; throws when the rule itself throws. */
export function findingsOf(rule: Rule, objects: readonly unknown[], options?: unknown): Finding[] {
  const findings: Finding[] = [];
  const ruleOptions = options === undefined ? {} : { [rule.id]: options };
  const events = objects.filter(isAudited);
  const use = events.length === 0 ? {} : { use: { record: recordOf(events), name: 'audit.log' } };
  const { gaps } = judgeAll(clusterOf(objects), { rules: [rule], ruleOptions, ...use }, (finding) => findings.push(finding));
  if (gaps.length > 0) throw new Error(gaps[0]?.reason);
  return findings;
}

export function objectsOf(yaml: string): unknown[] {
  return loadAll(yaml).filter((document) => document !== null && document !== undefined);
}

/** Facts of nodes from the few that matter, for tests outside of the rules. */
export { nodeFacts } from '../src/rules/node/node-examples.ts';
