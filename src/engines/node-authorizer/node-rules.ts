/** What every node may do whatever runs on it: rbac/bootstrappolicy, NodeRules, as far as no object decides. */
import type { Rule } from '../rbac/index.ts';

/** Since when events of the newer group are among it; 1.31 has only those of the core. */
const NEW_EVENTS_SINCE = 32;

type Row = readonly [group: string, resources: readonly string[], verbs: readonly string[]];

const READ = ['get', 'list', 'watch'];
const CHANGE = ['update', 'patch'];

export function nodeRules(minor: number): Rule[] {
  const rows: Row[] = [
    ['authentication.k8s.io', ['tokenreviews'], ['create']],
    ['authorization.k8s.io', ['subjectaccessreviews', 'localsubjectaccessreviews'], ['create']],
    ['', ['services'], READ],
    // Of nodes and pods these count only before 1.32, where the authorizer does not look at them one by one.
    ['', ['nodes'], [...READ, 'create', ...CHANGE]],
    ['', ['nodes/status'], CHANGE],
    ['', ['pods'], [...READ, 'create', 'delete']],
    ['', ['pods/status'], CHANGE],
    ['', ['pods/eviction'], ['create']],
    ['', ['events'], ['create', ...CHANGE]],
    ...(minor < NEW_EVENTS_SINCE ? [] : [['events.k8s.io', ['events'], ['create', ...CHANGE]] as const]),
    ['', ['endpoints'], ['get']],
    ['certificates.k8s.io', ['certificatesigningrequests'], [...READ, 'create']],
    ['storage.k8s.io', ['csidrivers'], READ],
    ['node.k8s.io', ['runtimeclasses'], READ],
  ];
  return rows.map(([group, resources, verbs], id) => ({
    id,
    verbs,
    apiGroups: [group],
    resources,
    resourceNames: [],
    nonResourceURLs: [],
  }));
}
