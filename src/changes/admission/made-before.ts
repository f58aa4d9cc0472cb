/**
 * Pods, and what makes them, that a record tells of and that are gone: whoever made them may make such again, and nobody
 * can judge what they were.
 */
import { isRecord, textOf } from '../../lib/record.ts';
import type { SourceObject } from '../../snapshot/index.ts';
import type { RequestUse, UseRecord } from '../../record/index.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Resources with a template of pods or that are one, with the kind of their objects. */
const KINDS: Readonly<Record<string, string>> = {
  '/pods': 'Pod',
  '/replicationcontrollers': 'ReplicationController',
  'apps/deployments': 'Deployment',
  'apps/statefulsets': 'StatefulSet',
  'apps/daemonsets': 'DaemonSet',
  'apps/replicasets': 'ReplicaSet',
  'batch/jobs': 'Job',
  'batch/cronjobs': 'CronJob',
};
const MAKERS: ReadonlySet<string> = new Set(Object.values(KINDS));
/** They make what a template says that somebody else wrote. Nodes write down what their own files say. */
const CONTROLLERS =
  /^system:(kube-controller-manager|node:.+|serviceaccount:kube-system:(replicaset|replication|deployment|daemon-set|statefulset|job|cronjob)-controller)$/;

/** One line for each kind, namespace and maker. */
export function madeBefore(record: UseRecord, objects: readonly SourceObject[], namespaces: ReadonlySet<string>): string[] {
  const there = countsIn(objects);
  const made = new Map<string, { count: number; makers: Set<string> }>();
  const debugged = new Set<string>();
  for (const use of record.requests) {
    const { asked, actor } = use;
    const name = record.actors[actor]?.name ?? '';
    if (!namespaces.has(asked.namespace) || use.allowed + use.unclear === 0 || CONTROLLERS.test(name)) continue;
    if (isDebugging(use)) debugged.add(`${name} put containers into pods of ${asked.namespace} that run`);
    const kind = isMaking(use) ? KINDS[`${asked.apiGroup}/${asked.resource}`] : undefined;
    if (kind === undefined) continue;
    const key = `${kind} ${asked.namespace}`;
    const known = made.get(key) ?? { count: 0, makers: new Set() };
    made.set(key, { count: known.count + use.allowed + use.unclear, makers: known.makers.add(name) });
  }
  const gone = [...made].flatMap(([key, { count, makers }]) => {
    const [kind, namespace] = key.split(' ');
    const left = there.get(key) ?? 0;
    return count > left
      ? [`${count} of kind ${kind} in ${namespace} that ${[...makers].join(' and ')} made, of which ${left} are there`]
      : [];
  });
  return [...gone, ...debugged];
}

/** An update or an apply of what was not there is told beside it. */
function isMaking({ asked: { verb, subresource, through } }: RequestUse): boolean {
  return verb === 'create' && subresource === '' && (through === 'request' || through === 'implied');
}

function isDebugging({ asked: { verb, resource, subresource, through } }: RequestUse): boolean {
  return through === 'request' && resource === 'pods' && subresource === 'ephemeralcontainers' && (verb === 'patch' || verb === 'update');
}

/** What no controller of Kubernetes made, by kind and namespace. */
function countsIn(objects: readonly SourceObject[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { object } of objects) {
    const kind = textOf(object.kind);
    if (!MAKERS.has(kind) || isMadeByController(object)) continue;
    const key = `${kind} ${isRecord(object.metadata) ? textOf(object.metadata.namespace) : ''}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function isMadeByController({ metadata }: Raw): boolean {
  const owners = isRecord(metadata) && Array.isArray(metadata.ownerReferences) ? (metadata.ownerReferences as unknown[]) : [];
  return owners.some((owner) => isRecord(owner) && owner.controller === true && MAKERS.has(textOf(owner.kind)));
}
