/** What pods run otherwise than their owner's template says: told once, under the owner's name. */
import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import type { Finding } from './finding.ts';
import { RULES, judge } from './index.ts';

type Spec = Record<string, unknown>;

const APP = { name: 'app', image: 'registry.example.com/web' };
const LABELS = { app: 'web' };

function owned(kind: string, name: string, owner: string): Spec {
  const [ownerKind, ownerName] = owner.split('/');
  const reference = { apiVersion: 'apps/v1', kind: ownerKind, name: ownerName, uid: owner, controller: true };
  return { name, namespace: 'shop', uid: `${kind}/${name}`, labels: LABELS, ownerReferences: [reference] };
}

function cluster(template: Spec, pods: readonly Spec[]): Spec[] {
  const spec = { selector: { matchLabels: LABELS }, replicas: pods.length, template: { metadata: { labels: LABELS }, spec: template } };
  return [
    ...pods.map((pod, index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: owned('Pod', `web-6d4f8c7b9-x2b8${'kjm'[index]}`, 'ReplicaSet/web-6d4f8c7b9'),
      spec: pod,
    })),
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop', uid: 'Deployment/web' }, spec },
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: owned('ReplicaSet', 'web-6d4f8c7b9', 'Deployment/web'), spec },
  ];
}

function judged(objects: readonly unknown[], all = false): Finding[] {
  const findings: Finding[] = [];
  judge(clusterOf(objects), { rules: RULES, all }, (finding) => findings.push(finding));
  return findings.filter(({ subject }) => subject.namespace === 'shop');
}

const shown = ({ rule, subject, key }: Finding): string => [rule.id, subject.kind, subject.name, subject.container, key].join(' ');
const plain = { containers: [APP] };
const thrice = (pod: Spec): Spec[] => [pod, pod, pod];

describe('pods of one owner', () => {
  const usual = judged(cluster(plain, thrice(plain)));

  it('add nothing where they run what it says', () => {
    expect(usual.length).toBeGreaterThan(10);
    expect(new Set(usual.map(({ subject }) => `${subject.kind}/${subject.name}`))).toEqual(new Set(['Deployment/web']));
  });

  it('add no more than what is new where admission gave each a user, a label of SELinux and limits', () => {
    const securityContext = { runAsUser: 1_000_680_000, seLinuxOptions: { level: 's0:c26,c15' }, fsGroup: 1_000_680_000 };
    const resources = { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1', memory: '1Gi' } };
    const changed = { securityContext, containers: [{ ...APP, resources, imagePullPolicy: 'Always' }] };
    const found = judged(cluster(plain, thrice(changed))).map(shown);
    // With these fields there is more to be said of them: of the user's group, and of the one limit that lacks.
    expect(found).toEqual([...usual.map(shown), 'ephemeral-storage Deployment web app ', 'low-gid Deployment web app ']);
  });

  it('tell of an injected container once, and no more than that', () => {
    const proxy = { name: 'proxy', image: 'registry.example.com/proxy:1', securityContext: { privileged: true } };
    const more = judged(cluster(plain, thrice({ containers: [APP, proxy] })));
    const added = more.filter(({ subject }) => subject.container === 'proxy');
    expect(added.map(({ rule }) => rule.id)).toContain('privileged');
    expect(more.filter(({ subject }) => subject.container !== 'proxy').map(shown)).toEqual(usual.map(shown));
    expect(new Set(more.map(shown)).size).toBe(more.length);
    expect(new Set(more.map(({ fingerprint }) => fingerprint)).size).toBe(more.length);
    // It is told of the owner, and shown where it stands; to patch that pod would help until it is made anew.
    expect(added[0]).toMatchObject({ subject: { kind: 'Deployment', name: 'web' }, object: { kind: 'Pod' }, change: undefined });
    expect(added[0]?.evidence[0]?.path).toMatch(/^spec\.containers\[1\]/);
  });

  it('have fingerprints without their names', () => {
    const privileged = { containers: [{ ...APP, securityContext: { privileged: true } }] };
    const fingerprints = (objects: readonly unknown[]): Set<string> => new Set(judged(objects).map(({ fingerprint }) => fingerprint));
    const renamed: unknown = JSON.parse(JSON.stringify(cluster(plain, thrice(privileged))).replaceAll('6d4f8c7b9-x2b8', '6d4f8c7b9-z9c4'));
    expect(fingerprints(renamed as unknown[])).toEqual(fingerprints(cluster(plain, thrice(privileged))));
  });

  it('tell of other capabilities than those of the template', () => {
    const adding = (name: string): Spec => ({ containers: [{ ...APP, securityContext: { capabilities: { add: [name] } } }] });
    const found = judged(cluster(adding('NET_RAW'), thrice(adding('SYS_ADMIN'))));
    expect(JSON.stringify(found.map(({ evidence, message }) => [message, evidence[0]?.value]))).toMatch(/SYS_ADMIN/);
  });

  it('tell of what passes only where nothing else was told', () => {
    const safe = { containers: [{ ...APP, securityContext: { privileged: true } }] };
    const found = judged(cluster(safe, thrice(plain)), true).filter(({ rule }) => rule.id === 'privileged');
    expect(found.map(({ status }) => status)).toEqual(['fail']);
  });

  it('count as the one workload that they are', () => {
    const { workloads, workloadCount } = clusterOf(cluster(plain, thrice({ ...plain, hostPID: true })));
    expect([workloads.length, workloadCount]).toEqual([2, 1]);
  });
});
