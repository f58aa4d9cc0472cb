import {
  COMPONENT_ROLE_RELEASES,
  type SingleRight,
  addedRights,
  componentRole,
  contentOf,
  resourceText,
  verbsInOrder,
} from '../../engines/rbac/index.ts';
import { type Tables, refOf } from '../../model/index.ts';
import { type Hit, cis, defineRule, mitre, nsa } from '../rule.ts';
import { TAKEOVER_POWERS, isEverything, matchOf } from './powers.ts';
import { clusterRole } from './role-examples.ts';

export const rule = defineRule({
  id: 'rbac-component-role-widened',
  title: 'Role of Kubernetes itself with more rights than it brings',
  severity: 'medium',
  area: 'rbac',
  rationale:
    'Nobody reads the roles of controllers, the scheduler and nodes, and the API server puts back what is missing in them but never takes out what was added. So they are where a right is put that should not be seen, and every upgrade keeps it.',
  remedy:
    'Take the added rules out, and give whoever needs them a role of its own. What the API server would write itself is back after its next start.',
  controls: [...cis('5.1.1'), ...nsa('rbac'), ...mitre('T1098')],
  effort: 'low',
  scope: 'object',
  kinds: ['Role', 'ClusterRole'],
  reads: ['kubernetes'],
  applies: (role) => componentRole(refOf(role)) !== undefined,
  check(role, { kubernetes }) {
    const known = componentRole(refOf(role));
    if (known === undefined) return undefined;
    const { first, last } = COMPONENT_ROLE_RELEASES;
    return (role.body.rules ?? []).flatMap((rule, index): Hit[] => {
      const added = addedRights(known, [contentOf(rule)]);
      if (added.length === 0) return [];
      const doubt = doubtOf({ kubernetes }, added);
      const leads = added.some((right) => isEverything(right) || TAKEOVER_POWERS.some((power) => matchOf(right, power) !== undefined));
      return [
        {
          message: `may also ${rightsText(added)}, which Kubernetes 1.${first} to 1.${last} does not give it${doubt === undefined ? '' : `; ${doubt}`}`,
          path: `rules[${index}]`,
          key: rightsText(added),
          ...(leads && { severity: 'high' }),
          ...(doubt !== undefined && { status: 'unknown' }),
        },
      ];
    });
  },
  examples: () => ({
    good: [
      own('system:controller:job-controller', '{apiGroups: [""], resources: [pods], verbs: [create, delete, list, watch, patch]}'),
      // Another namespace, another role.
      own('system:controller:token-cleaner', '{apiGroups: [""], resources: [secrets], verbs: ["*"]}').replace(
        'kind: ClusterRole',
        'kind: Role',
      ),
      own('ci', '{apiGroups: [""], resources: [secrets], verbs: [get]}'),
    ],
    // Of which release a manifest is nobody knows, and older ones gave some more.
    bad: [
      {
        yaml: own('system:controller:job-controller', '{apiGroups: [""], resources: [secrets], verbs: [get, list]}'),
        path: 'rules[0]',
        severity: 'high',
        status: 'unknown',
      },
      {
        yaml: own('system:kube-scheduler', '{apiGroups: [""], resources: [nodes], verbs: [delete]}'),
        path: 'rules[0]',
        severity: 'medium',
        status: 'unknown',
      },
    ],
  }),
});

/** Groups whose rights come with features that are off in some releases and can be switched on. */
const GATED = new Set([
  'resource.k8s.io',
  'storagemigration.k8s.io',
  'scheduling.k8s.io',
  'internal.apiserver.k8s.io',
  'certificates.k8s.io',
]);

function isGated({ apiGroups = [] }: SingleRight): boolean {
  return apiGroups.some((group) => GATED.has(group));
}

function doubtOf({ kubernetes }: Pick<Tables, 'kubernetes'>, added: readonly SingleRight[]): string | undefined {
  const { first, last } = COMPONENT_ROLE_RELEASES;
  if (kubernetes.assumed) return 'of which release the role is nobody knows';
  if (kubernetes.minor < first || kubernetes.minor > last) return `the cluster runs 1.${kubernetes.minor}`;
  return added.every(isGated) ? 'a feature that is switched on may bring it' : undefined;
}

/** `get and list secrets; delete nodes`, the first three. */
function rightsText(rights: readonly SingleRight[]): string {
  const verbs = new Map<string, string[]>();
  for (const {
    verbs: [verb = ''],
    apiGroups: [group = ''] = [],
    resources: [resource] = [],
    nonResourceURLs: [url] = [],
  } of rights) {
    const what = resource === undefined ? (url ?? '') : resourceText(group, resource);
    const known = verbs.get(what);
    if (known === undefined) verbs.set(what, [verb]);
    else known.push(verb);
  }
  const all = [...verbs].map(([what, some]) => `${verbsInOrder(some).join(', ')} ${what}`);
  return all.length > 3 ? `${all.slice(0, 3).join('; ')} and ${all.length - 3} more` : all.join('; ');
}

function own(name: string, rule: string): string {
  return clusterRole(rule).replace('{name: ci}', `{name: "${name}"}`);
}
