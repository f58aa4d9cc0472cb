import { type Hit, defineRule } from '../rule.ts';
import { claimsOf } from './claims.ts';

export const rule = defineRule({
  id: 'pvc-shape',
  title: 'Volume claim without size, or shared for writing',
  severity: 'info',
  area: 'governance',
  rationale:
    'A claim without size or access mode is refused. A volume that pods on several nodes write at once lets one compromised pod change what all the others read.',
  remedy:
    'Set resources.requests.storage and accessModes; use ReadWriteOncePod or ReadWriteOnce unless several pods must write. Access modes of an existing claim cannot be changed.',
  controls: [],
  aliases: {
    kubesec: ['VolumeClaimAccessModeReadWriteOnce', 'VolumeClaimRequestsStorage'],
    'kyverno-policies': ['enforce-readwriteonce-pod'],
  },
  scope: 'object',
  kinds: ['PersistentVolumeClaim', 'StatefulSet'],
  check(object) {
    const hits: Hit[] = [];
    for (const { name, spec, path } of claimsOf(object)) {
      const modes = spec.accessModes ?? [];
      if (spec.resources?.requests?.storage === undefined)
        hits.push({ message: `claim "${name}" asks for no size`, path: `${path}.resources.requests.storage`, key: `${name} size` });
      if (modes.length === 0)
        hits.push({ message: `claim "${name}" has no access mode`, path: `${path}.accessModes`, key: `${name} mode` });
      else if (modes.includes('ReadWriteMany'))
        hits.push({
          message: `claim "${name}" may be written by pods on many nodes at once`,
          path: `${path}.accessModes`,
          key: `${name} mode`,
        });
    }
    return hits;
  },
  examples: () => ({
    good: [
      '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}',
      '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {accessModes: [ReadOnlyMany], resources: {requests: {storage: 1Gi}}}}',
      '{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {replicas: 1}}',
    ],
    bad: [
      {
        yaml: '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}',
        path: 'spec.resources.requests.storage',
      },
      {
        yaml: '{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}}',
        path: 'spec.accessModes',
      },
      {
        yaml: '{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}]}}',
        path: 'spec.volumeClaimTemplates[0].spec.resources.requests.storage',
      },
    ],
  }),
});
