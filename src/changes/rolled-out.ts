/** Workloads as they will make their pods: a change of a template reaches what runs once it is made anew. */
import { isRecord, textOf } from '../lib/record.ts';
import type { Change } from '../rules/index.ts';
import type { SourceObject } from '../snapshot/index.ts';
import { refIn } from './overlay.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Kinds that make pods, by themselves or through others. */
const MAKERS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob']);

/** What of some changes reaches pods that run: workloads by `Kind/namespace/name`. */
export function rolledBy(changes: readonly Change[]): ReadonlySet<string> {
  const targets = changes.flatMap(({ patches }) => patches.filter(({ operation }) => operation !== 'create').map(({ target }) => target));
  return new Set(targets.filter((target) => MAKERS.has(target.split('/', 1)[0] ?? '')));
}

/**
 * The objects `after` a change, with the pods of the workloads in `targets` as their templates now have them, and without
 * what a workload made that is gone. Addresses are kept: a pod keeps its part.
 */
export function rolledOut(
  before: readonly SourceObject[],
  after: readonly SourceObject[],
  targets: ReadonlySet<string>,
): readonly SourceObject[] {
  if (targets.size === 0) return after;
  const [old, now] = [involvedIn(before, targets), involvedIn(after, targets)];
  return after.flatMap((one) => {
    const target = makerIn(targets, one.object, now);
    if (target === undefined) return [one];
    const [was, is] = [old.get(target), now.get(target)];
    if (is === undefined) return [];
    return [{ ...one, object: remade(one.object, templateOf(was ?? {}), templateOf(is)) }];
  });
}

/** A pod, or what stands between it and its workload and has a template too. */
function remade(object: Raw, was: Raw, is: Raw): Raw {
  if (object.kind === 'Pod') return madeAnew(object, was, is);
  const { spec } = object;
  if (!isRecord(spec) || !isRecord(spec.template)) return object;
  return { ...object, spec: { ...spec, template: madeAnew({ metadata: {}, ...spec.template }, was, is) } };
}

function involvedIn(objects: readonly SourceObject[], targets: ReadonlySet<string>): Map<string, Raw> {
  const found = new Map<string, Raw>();
  for (const { object } of objects) {
    if (ownerOf(object) !== undefined || targets.has(refIn(object))) found.set(refIn(object), object);
  }
  return found;
}

/** The nearest of the targets that an object was made by, maybe through others. */
function makerIn(targets: ReadonlySet<string>, object: Raw, known: ReadonlyMap<string, Raw>): string | undefined {
  const passed = new Set<string>();
  for (let owner = ownerOf(object); owner !== undefined && !passed.has(owner); owner = ownerOf(known.get(owner) ?? {})) {
    if (targets.has(owner)) return owner;
    passed.add(owner);
  }
  return undefined;
}

function ownerOf({ metadata }: Raw): string | undefined {
  if (!isRecord(metadata) || !Array.isArray(metadata.ownerReferences)) return undefined;
  const owner = (metadata.ownerReferences as unknown[]).filter(isRecord).find(({ controller }) => controller === true);
  if (owner === undefined) return undefined;
  return refIn({ apiVersion: owner.apiVersion, kind: owner.kind, metadata: { namespace: metadata.namespace, name: owner.name } });
}

function templateOf({ spec }: Raw): Raw {
  const jobTemplate = isRecord(spec) ? spec.jobTemplate : undefined;
  const jobSpec = isRecord(jobTemplate) ? jobTemplate.spec : spec;
  return isRecord(jobSpec) && isRecord(jobSpec.template) ? jobSpec.template : {};
}

/** What others put onto the pod, as labels of its controller, it gets again. */
function madeAnew(pod: Raw, was: Raw, is: Raw): Raw {
  if (!isRecord(is.spec) || !isRecord(pod.metadata)) return pod;
  const old = labelsOf(was);
  const kept = Object.entries(labelsOf(pod)).filter(([key]) => !(key in old));
  const labels = { ...Object.fromEntries(kept), ...labelsOf(is) };
  const spec = { ...addedTo(pod.spec, was.spec), ...is.spec };
  return { ...pod, metadata: { ...pod.metadata, labels }, spec };
}

/** What the server, its plug-ins and the scheduler put to a pod beside what its template says. */
function addedTo(spec: unknown, was: unknown): Raw {
  const [all, old]: [Raw, Raw] = [isRecord(spec) ? spec : {}, isRecord(was) ? was : {}];
  const added = Object.entries(all).filter(([key, value]) => !(key in old) && key !== 'serviceAccount' && !isMountOfToken(key, value));
  return Object.fromEntries(added);
}

/** Which token is mounted, if any, is settled anew. */
function isMountOfToken(key: string, value: unknown): boolean {
  if (key !== 'volumes' || !Array.isArray(value)) return false;
  return (value as unknown[]).every((volume) => isRecord(volume) && textOf(volume.name).startsWith('kube-api-access-'));
}

function labelsOf({ metadata }: Raw): Raw {
  return isRecord(metadata) && isRecord(metadata.labels) ? metadata.labels : {};
}
