/** Linux capabilities as manifests write them and runtimes read them. */
import { ADDABLE_CAPABILITIES } from '../../engines/pod-security/index.ts';
import type { Container } from '../../model/index.ts';

/**
 * What a container has when its manifest says nothing: the set of containerd and Docker. The baseline level allows
 * all of it but one.
 */
const RUNTIME_DEFAULT: readonly string[] = [...ADDABLE_CAPABILITIES, 'NET_RAW'];

/**
 * The name as it is meant: upper case, without the prefix. CRI-O takes `CAP_` away, while containerd does not know
 * the longer name. So an added capability counts with the prefix, and a dropped one does not.
 */
export function meantCapability(name: string): string {
  const upper = name.toUpperCase();
  return upper.startsWith('CAP_') ? upper.slice(4) : upper;
}

/** Index of a capability in `add`, or -1. */
export function addedAt(container: Container, capability: string): number {
  const added = container.spec.securityContext?.capabilities?.add;
  if (added === undefined) return -1;
  for (let index = 0; index < added.length; index += 1) {
    const name = added[index] ?? '';
    if (name === capability || meantCapability(name) === capability) return index;
  }
  return -1;
}

/** Whether `drop` names the capability itself, in any case of letters, as every runtime reads it. */
export function dropsByName(container: Container, capability: string): boolean {
  const dropped = container.spec.securityContext?.capabilities?.drop;
  if (dropped === undefined) return false;
  for (const name of dropped) if (name === capability || name.toUpperCase() === capability) return true;
  return false;
}

/** Whether nothing is left of the default set: ALL dropped, or each of them by name. */
export function dropsAll(container: Container): boolean {
  const dropped = container.spec.securityContext?.capabilities?.drop;
  if (dropped === undefined || dropped.length === 0) return false;
  if (dropsByName(container, 'ALL')) return true;
  return dropped.length >= RUNTIME_DEFAULT.length && RUNTIME_DEFAULT.every((name) => dropsByName(container, name));
}

export function isAddable(capability: string): boolean {
  return ADDABLE_CAPABILITIES.has(capability);
}

/** A dropped name that only CRI-O understands: it says that the author meant something that may not happen. */
export function prefixedDrop(container: Container, capability: string): string | undefined {
  const dropped = container.spec.securityContext?.capabilities?.drop;
  const wanted = `CAP_${capability}`;
  return dropped?.find((name) => name.toUpperCase() === wanted);
}
