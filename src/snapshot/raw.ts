/** What is read of objects before the model knows them. */
import { isRecord } from '../lib/record.ts';
import type { SourceObject } from './snapshot.ts';

export type Raw = SourceObject['object'];

export function metadataOf({ metadata }: Raw): { name: string; namespace: string; uid: string; owner: Raw | undefined } {
  if (!isRecord(metadata)) return { name: '', namespace: '', uid: '', owner: undefined };
  const owners: readonly unknown[] = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
  const owner = owners.filter(isRecord).find(({ controller }) => controller === true);
  return { name: text(metadata.name), namespace: text(metadata.namespace), uid: text(metadata.uid), owner };
}

export function keyOf(group: string, kind: string, name: string): string {
  return `${group}/${kind}/${name}`;
}

export function groupOf(apiVersion: unknown): string {
  const version = text(apiVersion);
  return version.slice(0, Math.max(version.indexOf('/'), 0));
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
