import { expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import { type Finding, judge } from '../index.ts';
import { rule } from './rbac-component-role-widened.ts';
import { clusterRole } from './role-examples.ts';

/** `STATUS SEVERITY: message` of a rule that the job controller's role has in a cluster of this release. */
function told(kubernetesVersion: string, extra: string): string | undefined {
  const yaml = clusterRole(extra).replace('{name: ci}', '{name: "system:controller:job-controller"}');
  const found: Finding[] = [];
  const cluster = clusterOf(objectsOf(yaml), true, kubernetesVersion);
  judge(cluster, { rules: [rule] }, (finding) => found.push(finding));
  const [first] = found;
  return first && `${first.status} ${first.severity}: ${first.message}`;
}

it.each([
  ['1.33.2', '{apiGroups: [""], resources: [pods], verbs: [list, watch]}', undefined],
  [
    '1.33.2',
    '{apiGroups: ["", apps], resources: [secrets], verbs: [get, list]}',
    'fail high: may also get, list secrets; get, list secrets.apps, which Kubernetes 1.31 to 1.36 does not give it',
  ],
  ['1.33.2', '{apiGroups: [""], resources: [nodes], verbs: [delete]}', /^fail medium: may also delete nodes, which/],
  ['1.33.2', '{nonResourceURLs: [/logs], verbs: [get]}', /^fail medium: may also get \/logs, which/],
  ['1.33.2', '{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}', /^fail high: may also \* \*\.\*, which/],
  [
    '1.33.2',
    '{apiGroups: [resource.k8s.io], resources: [resourceclaims], verbs: [get]}',
    /^unknown medium: .*; a feature that is switched on may bring it$/,
  ],
  ['1.24.0', '{apiGroups: [""], resources: [secrets], verbs: [get]}', /^unknown high: .*; the cluster runs 1\.24$/],
])('in %s with %s', (version, extra, expected) => {
  const said = told(version, extra);
  if (expected instanceof RegExp) expect(said).toMatch(expected);
  else expect(said).toBe(expected);
});
