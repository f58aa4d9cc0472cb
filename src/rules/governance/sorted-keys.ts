import { joinPath } from '../../lib/field-path.ts';
import { isRecord } from '../../model/index.ts';
import { defineRule } from '../rule.ts';

export interface SortedKeys {
  /** Off unless set: the order of keys means nothing to Kubernetes, and apiVersion first is the custom. */
  enabled: boolean;
}

const OFF: SortedKeys = { enabled: false };

export const rule = defineRule({
  id: 'sorted-keys',
  title: 'Keys of the manifest are not in order',
  severity: 'info',
  area: 'governance',
  rationale:
    'A team that keeps its manifests sorted by key gets smaller diffs, in which a reviewer sees a changed security setting; keys out of order hide it. Kubernetes itself does not care.',
  remedy: 'Sort the keys of each mapping by name, for instance with yq; set the option enabled to false where nobody wants this.',
  controls: [],
  aliases: { 'kube-linter': ['sorted-keys'] },
  needs: ['options'],
  scope: 'object',
  options: OFF,
  applies: (_object, _tables, { enabled }) => enabled,
  check(object) {
    const path = firstUnsorted(object.body, '');
    return path === undefined ? undefined : { message: `the key "${path.key}" comes after one that sorts behind it`, path: path.path };
  },
  examples: () => ({
    options: { enabled: true },
    good: [
      '{apiVersion: v1, data: {a: "1", b: "2"}, kind: ConfigMap, metadata: {name: a}}',
      '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{image: b, name: a}]}}',
    ],
    bad: [
      { yaml: '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {b: "1"}}', path: 'data' },
      {
        yaml: '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: b}]}}',
        path: 'spec.containers[0].image',
      },
    ],
  }),
});

/** The first key, in the order of the text, that sorts before the one above it. */
function firstUnsorted(value: unknown, path: string): { path: string; key: string } | undefined {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const found = firstUnsorted(value[index], joinPath(path, index));
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  let last = '';
  for (const key in value) {
    if (key < last) return { path: joinPath(path, key), key };
    last = key;
    const found = firstUnsorted(value[key], joinPath(path, key));
    if (found !== undefined) return found;
  }
  return undefined;
}
