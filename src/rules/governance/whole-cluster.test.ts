import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import { documents, withPod } from '../examples.ts';
import { type Finding, type Rule, judge } from '../index.ts';
import { rule as cniNetworkPolicy } from './cni-networkpolicy.ts';
import { rule as externalSecrets } from './external-secrets.ts';
import { rule as noBootstrapTokens } from './no-bootstrap-token-users.ts';
import { rule as nsBoundaries } from './ns-boundaries.ts';

/** Status of what a rule says, for the same objects as all there is and as some manifests. */
function verdicts(rule: Rule, yaml: string): (string | undefined)[] {
  return [true, false].map((complete) => {
    const findings: Finding[] = [];
    judge(clusterOf(objectsOf(yaml), complete), { rules: [rule] }, (finding) => findings.push(finding));
    return findings[0]?.status;
  });
}

const OTHER = withPod('').replace('name: web', 'name: api');
const SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}';
const FLANNEL = `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: flannel, namespace: kube-system}
spec: {template: {spec: {hostNetwork: true, containers: [{name: a, image: ghcr.io/flannel-io/flannel}]}}}`;

describe('questions about a cluster as a whole', () => {
  it('are asked of a cluster, and not of an application', () => {
    expect(verdicts(nsBoundaries, documents(withPod(''), OTHER))).toEqual(['manual', undefined]);
    expect(verdicts(externalSecrets, SECRET)).toEqual(['manual', undefined]);
    expect(verdicts(cniNetworkPolicy, withPod(''))).toEqual(['unknown', undefined]);
  });

  it('are decided where nothing can be missing', () => {
    expect(verdicts(cniNetworkPolicy, FLANNEL)).toEqual(['fail', 'unknown']);
    expect(verdicts(noBootstrapTokens, withPod(''))).toEqual([undefined, undefined]);
  });
});
