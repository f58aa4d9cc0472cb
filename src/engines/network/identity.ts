/** Which of the things that a world is made of an object is, and under which name. */
import { type KindEntry, KINDS, groupOf, kindOf } from '../../model/index.ts';
import { policyRef } from './policy.ts';
import { type Raw, recordAt, textAt } from './read.ts';
import { POLICY_GROUP, nameOf } from './world.ts';

export type ObjectGroup = 'pod' | 'template' | 'policy' | 'namespace' | 'node' | 'other';

export interface Identity {
  readonly group: ObjectGroup;
  /** One of its group; of policies their ref, of workload objects the workload. */
  readonly key: string;
}

export function identityOf(object: Raw): Identity {
  const [apiVersion, kind] = [textAt(object, 'apiVersion'), textAt(object, 'kind')];
  const metadata = recordAt(object, 'metadata');
  const [namespace, name] = [textAt(metadata, 'namespace') || 'default', nameOf(metadata)];
  const known = kindOf(apiVersion, kind);
  if (groupOf(apiVersion) === POLICY_GROUP) return { group: 'policy', key: policyRef({ kind, namespace: '', name }) };
  if (known === 'NetworkPolicy') return { group: 'policy', key: policyRef({ kind, namespace, name }) };
  if (known === 'Namespace' || known === 'Node') return { group: known === 'Node' ? 'node' : 'namespace', key: name };
  if (known === 'Pod') return { group: 'pod', key: `${namespace}/${name}` };
  const entry: KindEntry | undefined = known === undefined ? undefined : KINDS[known];
  if (entry?.pod !== undefined) return { group: 'template', key: `${namespace}/${name}[${known}]` };
  return { group: 'other', key: `${apiVersion} ${kind} ${namespace}/${name}` };
}
