/** The pods as their workloads will make them: a change of a workload reaches its pods once they are made anew. */
import { isRecord } from '../../lib/record.ts';
import type { SourceObject } from '../../snapshot/index.ts';
import { refIn } from '../overlay.ts';

type Raw = Readonly<Record<string, unknown>>;

/**
 * The objects `after` a change, with the pods of the workloads in `targets` (`Kind/namespace/name`) as their templates now
 * have them, and without what a workload made that is gone. Addresses are kept: a pod keeps its part.
 */
export function rolledOut(before: readonly SourceObject[], after: readonly SourceObject[], targets: ReadonlySet<string>): Raw[] {
  const [old, now] = [involvedIn(before, targets), involvedIn(after, targets)];
  return after.flatMap(({ object }) => {
    const target = makerIn(targets, object, now);
    if (target === undefined) return [object];
    const [was, is] = [old.get(target), now.get(target)];
    if (is === undefined) return [];
    return [object.kind === 'Pod' ? madeAnew(object, templateOf(was ?? {}), templateOf(is)) : object];
  });
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
  const spec = { ...(isRecord(pod.spec) && pod.spec), ...is.spec, hostNetwork: is.spec.hostNetwork === true };
  return { ...pod, metadata: { ...pod.metadata, labels }, spec };
}

function labelsOf({ metadata }: Raw): Raw {
  return isRecord(metadata) && isRecord(metadata.labels) ? metadata.labels : {};
}
