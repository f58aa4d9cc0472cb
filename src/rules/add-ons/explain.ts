/** Whether a finding is the price of a recognised add-on. */
import type { Workload } from '../../model/index.ts';
import type { Finding, FindingAddOn } from '../finding.ts';
import { hostVolumes, writableThrough } from '../pod-security/host-volumes.ts';
import type { AddOn, Need } from './add-on.ts';
import { addOnOf, isOwn } from './recognise.ts';

/** The add-on and what it needs this for, where the finding speaks of something that it cannot do without. */
export function neededBy(finding: Finding, workload: Workload): FindingAddOn | undefined {
  const addOn = addOnOf(workload);
  if (addOn === undefined || !isAboutAddOn(finding, { addOn, workload })) return undefined;
  const need = addOn.needs.find((candidate) => answers(candidate, finding, workload));
  return need === undefined ? undefined : { name: addOn.name, purpose: addOn.purpose, reason: need.reason };
}

/** A companion in the pod has no use for the rights of the add-on. */
function isAboutAddOn({ subject }: Finding, { addOn, workload }: { addOn: AddOn; workload: Workload }): boolean {
  if (subject.container === undefined) return true;
  const container = workload.containers.find(({ name }) => name === subject.container);
  return container !== undefined && isOwn(addOn, container);
}

function answers({ rules, keys, paths, readOnly }: Need, { rule, key }: Finding, workload: Workload): boolean {
  if (!rules.includes(rule.id)) return false;
  if (keys !== undefined && key !== undefined && !keys.includes(key)) return false;
  if (paths === undefined) return true;
  const volume = hostVolumes(workload).find(({ name }) => name === key);
  if (volume === undefined || !paths.some((path) => isAtOrBelow(volume.normalized, path))) return false;
  // Mounts of the node below stay writable, which its makers know and take.
  return readOnly !== true || writableThrough(volume, 0)?.extent !== 'all';
}

function isAtOrBelow(path: string, folder: string): boolean {
  return folder === '/' ? path !== '' : path === folder || path.startsWith(`${folder}/`);
}
