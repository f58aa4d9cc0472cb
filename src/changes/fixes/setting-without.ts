/** What to write into a pod template so that a setting that leads out of a container is gone. */
import { segmentsOf, toPointer, valueAt } from '../../lib/field-path.ts';
import type { PatchOperation } from '../../lib/json-patch.ts';
import { isRecord, textOf } from '../../lib/record.ts';
import type { ApiObject } from '../../model/index.ts';
import type { Change } from '../../rules/index.ts';

export interface SettingChange {
  /** What to do, without where. */
  readonly title: string;
  readonly patch: readonly PatchOperation[];
  /** Whether it takes away a step of that family. */
  readonly closes: (family: string) => boolean;
  readonly effort: Change['effort'];
}

/** Steps that need a folder of the node to be writable. */
const WRITES = new Set(['ESC_STATIC_POD', 'ESC_CORE_PATTERN', 'ESC_HOSTPATH_WRITE', 'CONTROL_PLANE_CONFIG_FILE', 'ESC_VARLOG_SYMLINK']);
const NAMESPACES = /\.(hostPID|hostIPC|hostNetwork|shareProcessNamespace|hostProcess)$/;
/** Capabilities with which one leaves a container. */
const DANGEROUS = new Set(['ALL', 'SYS_MODULE', 'SYS_ADMIN', 'SYS_PTRACE', 'SYS_RAWIO', 'SYS_BOOT', 'BPF', 'PERFMON', 'DAC_READ_SEARCH']);

const everything = (): boolean => true;

/** `path` is the field that allows the step. The smaller change first; none where nothing mechanical helps. */
export function settingsWithout(object: ApiObject, path: string): SettingChange[] {
  const segments = segmentsOf(path);
  const pointer = toPointer(segments);
  const value = valueAt(object.body, segments);
  if (path.endsWith('.privileged') && value === true)
    return [{ title: 'drop privileged', patch: replaced(pointer, true, false), closes: everything, effort: 'medium' }];
  const [, namespace] = NAMESPACES.exec(path) ?? [];
  if (namespace !== undefined && value === true)
    return [{ title: `drop ${namespace}`, patch: replaced(pointer, true, false), closes: everything, effort: 'medium' }];
  if (path.endsWith('.capabilities.add') && Array.isArray(value)) {
    const left = (value as unknown[]).filter((name) => !DANGEROUS.has(textOf(name).toUpperCase().replace(/^CAP_/, '')));
    const gone = (value as unknown[]).filter((name) => !left.includes(name)).map(String);
    if (gone.length === 0) return [];
    return [{ title: `drop ${gone.join(', ')}`, patch: replaced(pointer, value, left), closes: everything, effort: 'medium' }];
  }
  if (/\.volumeMounts\[\d+\]$/.test(path) && isRecord(value)) return mountWithout(pointer, value);
  return [];
}

function mountWithout(pointer: string, mount: Readonly<Record<string, unknown>>): SettingChange[] {
  const { name, readOnly, mountPath } = mount;
  const changes: SettingChange[] = [];
  if (readOnly !== true) {
    const patch: PatchOperation[] = [
      { op: 'test', path: `${pointer}/name`, value: name },
      { op: 'add', path: `${pointer}/readOnly`, value: true },
    ];
    changes.push({ title: `mount ${textOf(mountPath)} read-only`, patch, closes: (family) => WRITES.has(family), effort: 'low' });
  }
  const patch: PatchOperation[] = [
    { op: 'test', path: pointer, value: mount },
    { op: 'remove', path: pointer },
  ];
  changes.push({ title: `do not mount ${textOf(mountPath)} of the node`, patch, closes: everything, effort: 'medium' });
  return changes;
}

function replaced(path: string, before: unknown, after: unknown): PatchOperation[] {
  return [
    { op: 'test', path, value: before },
    { op: 'replace', path, value: after },
  ];
}
