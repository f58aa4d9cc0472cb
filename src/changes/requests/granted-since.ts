/** Since when a role gives what it gives, and a binding gives it to whom it names, as far as a cluster tells. */
import { isRecord, textOf } from '../../lib/record.ts';
import type { SourceObject } from '../../snapshot/index.ts';

const DECIDES: Readonly<Record<string, RegExp>> = {
  Role: /"f:rules"/,
  ClusterRole: /"f:(rules|aggregationRule)"/,
  RoleBinding: /"f:(subjects|roleRef)"/,
  ClusterRoleBinding: /"f:(subjects|roleRef)"/,
};

/** In seconds since 1970: when it was made, or when somebody last set what decides. Undefined for other kinds, and of files. */
export function grantedSince({ object, managedFields }: SourceObject): number | undefined {
  const decides = DECIDES[textOf(object.kind)];
  if (decides === undefined || !isRecord(object.metadata)) return undefined;
  const times = [textOf(object.metadata.creationTimestamp), ...setAt(managedFields, decides)].map((text) => Date.parse(text) / 1000);
  const known = times.filter((time) => !Number.isNaN(time));
  return known.length === 0 ? undefined : Math.max(...known);
}

function setAt(managedFields: string | undefined, decides: RegExp): string[] {
  let entries: unknown;
  try {
    entries = JSON.parse(managedFields ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(entries)) return [];
  return (entries as unknown[]).flatMap((entry) =>
    isRecord(entry) && decides.test(JSON.stringify(entry.fieldsV1 ?? {})) ? [textOf(entry.time)] : [],
  );
}
