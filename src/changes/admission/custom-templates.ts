/**
 * Objects of kinds that Kubernetes does not bring and that hold a template of pods: whatever makes pods of them makes some
 * that are not there now.
 */
import { isRecord, textOf } from '../../lib/record.ts';
import { kindOf } from '../../model/index.ts';
import type { SourceObject } from '../../snapshot/index.ts';
import { refIn } from '../overlay.ts';

const DEEPEST = 12;

/** `WorkflowTemplate/ci/build` in one of the namespaces, and of the whole cluster, as pods of these may be made in any. */
export function customTemplates(objects: readonly SourceObject[], namespaces: ReadonlySet<string>): string[] {
  return objects.flatMap(({ object }) => {
    const { apiVersion, kind, metadata } = object;
    const namespace = isRecord(metadata) ? textOf(metadata.namespace) : '';
    if ((namespace !== '' && !namespaces.has(namespace)) || kindOf(textOf(apiVersion), textOf(kind)) !== undefined) return [];
    if (!holdsContainers(object)) return [];
    return [namespace === '' ? `${textOf(kind)}/${isRecord(metadata) ? textOf(metadata.name) : ''}` : refIn(object)];
  });
}

/** Under whatever name: `containers`, `initContainers`, `container`, `steps` of images. */
export function holdsContainers(value: unknown, depth = DEEPEST): boolean {
  if (depth === 0) return false;
  if (Array.isArray(value)) return (value as unknown[]).some((one) => isContainer(one) || holdsContainers(one, depth - 1));
  return isRecord(value) && Object.values(value).some((one) => isContainer(one) || holdsContainers(one, depth - 1));
}

function isContainer(value: unknown): boolean {
  if (!isRecord(value) || typeof value.image !== 'string' || PATTERN.test(value.image)) return false;
  return ['name', 'command', 'args', 'securityContext', 'env'].some((key) => key in value);
}

/** Policies say so which images there may be, and make no pods. */
const PATTERN = /[*?!|]/;
