import { describe, expect, it } from 'vitest';
import { clusterOf, nodeFacts, objectsOf, recordOf } from '../../test/rule-tester.ts';
import { controllerManager } from './control-plane/manifests.ts';
import { documents } from './examples.ts';
import { type Finding, RULES, judgeAll } from './index.ts';
import { audited } from './use/use-examples.ts';

const RULES_OF_1_3_3 = RULES.filter(({ id }) => id === 'cm-sa-credentials' || id === 'controllers-share-credentials');
const MANAGER = 'system:kube-controller-manager';
const OWN = audited({ user: 'system:serviceaccount:kube-system:job-controller', verb: 'create', resource: 'pods' });
const SHARED = audited({ user: MANAGER, verb: 'create', resource: 'pods' });
const NEITHER = audited({ user: 'alice', verb: 'create', resource: 'pods' });

/** `RULE STATUS FILE PATH` of what is told. */
function told(input: string, ...events: readonly string[]): string[] {
  const found: Finding[] = [];
  const use =
    events.length === 0
      ? {}
      : { use: { record: recordOf(events.map((text) => JSON.parse(text) as Record<string, unknown>)), name: 'use.record' } };
  judgeAll(clusterOf(objectsOf(input)), { rules: RULES_OF_1_3_3, all: true, ...use }, (finding) => found.push(finding));
  return found.map(({ rule, status, evidence: [seen] }) => `${rule.id} ${status} ${seen?.origin.source} ${seen?.path}`).toSorted();
}

const NODE = nodeFacts({ node: 'cp1', processes: [['kube-controller-manager', '--use-service-account-credentials=true']] });

describe('backups that a server makes by itself', () => {
  const NODE_OBJECT = '{apiVersion: v1, kind: Node, metadata: {name: cp, labels: {node-role.kubernetes.io/control-plane: ""}}}';
  const rules = RULES.filter(({ id }) => id === 'etcd-backup' || id === 'etcd-own-snapshots');
  const own = rules.find(({ scope }) => scope === 'node');
  const statuses = (facts: string): string[] => {
    const found: string[] = [];
    judgeAll(clusterOf(objectsOf(documents(NODE_OBJECT, facts))), { rules, all: true }, ({ rule, status }) =>
      found.push(`${rule.id} ${status}`),
    );
    return found.toSorted();
  };

  it('are enough for the cluster, and what is switched off is not', () => {
    const [good = ''] = own?.examples().good ?? [];
    const [bad] = own?.examples().bad ?? [];
    expect(statuses(good)).toEqual(['etcd-own-snapshots pass']);
    expect(statuses(bad?.yaml ?? '')).toEqual(['etcd-backup unknown', 'etcd-own-snapshots fail']);
    expect(statuses(nodeFacts({}))).toEqual(['etcd-backup unknown', 'etcd-own-snapshots not-applicable']);
  });
});

describe('what was done and what a flag says', () => {
  it('is the flag alone where nothing was recorded, or nothing of controllers', () => {
    expect(told(controllerManager())).toEqual(['cm-sa-credentials fail example.yaml spec.containers[0].command']);
    expect(told(controllerManager(), NEITHER)).toEqual([
      'cm-sa-credentials fail example.yaml spec.containers[0].command',
      'controllers-share-credentials not-applicable use.record ',
    ]);
  });

  it('is told once where both agree', () => {
    expect(told(controllerManager(), SHARED)).toEqual([`controllers-share-credentials fail use.record ${MANAGER}`]);
    expect(told(controllerManager('--use-service-account-credentials'), OWN)).toEqual([
      'controllers-share-credentials pass use.record system:serviceaccount:kube-system:job-controller',
    ]);
  });

  it('fails where the flag is set and controllers share a credential all the same', () => {
    expect(told(NODE, SHARED)).toEqual([`controllers-share-credentials fail use.record ${MANAGER}`]);
  });

  it('fails at the manager that would take their accounts from controllers', () => {
    const without = nodeFacts({ node: 'cp2', processes: [['kube-controller-manager', '--use-service-account-credentials=false']] });
    expect(told(documents(NODE, without), OWN)).toEqual(['controllers-share-credentials fail cp2:/proc/100/cmdline argv[1]']);
  });

  it('says nothing of a flag that is out of sight', () => {
    const hidden = controllerManager('--use-service-account-credentials=$(OWN)').replace(
      'command:',
      'env: [{name: OWN, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]\n    command:',
    );
    expect(told(hidden, OWN)[0]).toContain('controllers-share-credentials pass');
  });
});
