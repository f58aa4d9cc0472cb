/** Every claim for storage that an object makes: a PersistentVolumeClaim, or the templates of a StatefulSet. */
import type { ApiObject, BodyOf } from '../../model/index.ts';

export interface Claim {
  name: string;
  spec: NonNullable<BodyOf<'PersistentVolumeClaim'>['spec']>;
  path: string;
}

export function claimsOf(object: ApiObject): Claim[] {
  if (object.known === 'PersistentVolumeClaim') {
    return [{ name: object.name, spec: (object as ApiObject<'PersistentVolumeClaim'>).body.spec ?? {}, path: 'spec' }];
  }
  if (object.known !== 'StatefulSet') return [];
  const templates = (object as ApiObject<'StatefulSet'>).body.spec?.volumeClaimTemplates ?? [];
  return templates.map(({ metadata, spec = {} }, index) => ({
    name: metadata?.name ?? '',
    spec,
    path: `spec.volumeClaimTemplates[${index}].spec`,
  }));
}
