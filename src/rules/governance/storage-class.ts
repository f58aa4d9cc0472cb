import type { ApiObject, Tables } from '../../model/index.ts';
import { type Hit, defineRule } from '../rule.ts';
import { type Claim, claimsOf } from './claims.ts';

export interface StorageClassOptions {
  /** Classes that claims may name; empty allows all. */
  allowed: readonly string[];
  /** Whether a claim must name its class instead of taking the cluster's default. */
  required: boolean;
}

const ANY: StorageClassOptions = { allowed: [], required: false };

export const rule = defineRule({
  id: 'storage-class',
  title: 'StorageClass missing or not allowed',
  severity: 'low',
  area: 'governance',
  rationale:
    'The class decides whether a volume is encrypted, backed up and kept after deletion. A claim for one that does not exist never binds; one that names none takes whatever the cluster has as default today.',
  remedy:
    'Name an approved class in storageClassName. Which ones are approved, and whether a name is required, are options of this rule (allowed, required). The class of an existing claim cannot be changed.',
  controls: [],
  aliases: { 'kyverno-policies': ['require-storageclass', 'restrict-storageclass'], 'gatekeeper-library': ['storageclass'] },
  scope: 'object',
  kinds: ['PersistentVolumeClaim', 'StatefulSet'],
  reads: ['StorageClass', 'PersistentVolume', 'completeness'],
  options: ANY,
  // Which classes exist only a whole cluster tells.
  applies: (object, { completeness }, { allowed, required }) =>
    (required || allowed.length > 0 || completeness.complete) && claimsOf(object).length > 0,
  check(object, { StorageClass, PersistentVolume, completeness }, { allowed, required }) {
    const hits: Hit[] = [];
    for (const claim of claimsOf(object)) {
      const { storageClassName: name } = claim.spec;
      const path = `${claim.path}.storageClassName`;
      const key = claim.name;
      if (name === undefined) {
        if (required) hits.push({ message: `claim "${claim.name}" names no storage class`, path, key });
      } else if (name !== '' && allowed.length > 0 && !allowed.includes(name)) {
        hits.push({ message: `claim "${claim.name}" names storage class "${name}", which is not allowed`, path, key });
      } else if (completeness.complete && isDangling(claim, StorageClass, PersistentVolume)) {
        hits.push({ message: `claim "${claim.name}" names storage class "${name}", which does not exist`, path, key });
      }
    }
    return hits;
  },
  examples: () => ({
    options: { allowed: ['encrypted'], required: true },
    good: [
      '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {storageClassName: encrypted}}',
      '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {storageClassName: "", volumeName: disk-1}}',
    ],
    bad: [
      {
        yaml: '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {storageClassName: standard}}',
        path: 'spec.storageClassName',
      },
      { yaml: '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}}', path: 'spec.storageClassName' },
      {
        yaml: '{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {volumeClaimTemplates: [{metadata: {name: data}, spec: {storageClassName: fast}}]}}',
        path: 'spec.volumeClaimTemplates[0].spec.storageClassName',
      },
    ],
  }),
});

/** Volumes made by hand may carry the name of a class that has no object. */
function isDangling({ spec }: Claim, classes: Tables['StorageClass'], volumes: Tables['PersistentVolume']): boolean {
  const name = spec.storageClassName ?? '';
  if (name === '' || spec.volumeName !== undefined || classes.get('', name) !== undefined) return false;
  return !namesOf(volumes).has(name);
}

const NAMES = new WeakMap<Tables['PersistentVolume'], Set<string>>();

function namesOf(volumes: Tables['PersistentVolume']): Set<string> {
  let names = NAMES.get(volumes);
  if (names === undefined) {
    names = new Set(volumes.all.map((volume: ApiObject<'PersistentVolume'>) => volume.body.spec?.storageClassName ?? ''));
    NAMES.set(volumes, names);
  }
  return names;
}
