/** What the rules of this area share: inheritance, capability names, profiles; and which findings become one. */
import { describe, expect, it } from 'vitest';
import { objectsOf } from '../../../test/rule-tester.ts';
import { type Container, buildCluster } from '../../model/index.ts';
import { withContainer } from '../examples.ts';
import { type Finding, RULES, judge } from '../index.ts';
import { addedAt, dropsAll, dropsByName, meantCapability } from './capabilities.ts';
import { appArmorPlace, appArmorType, seccompPlace, seccompType } from './profiles.ts';
import { cannotHoldCapabilities, decidedAt, effective, isWindows, startsAsNonRoot } from './security-context.ts';

function clusterOf(yaml: string): ReturnType<typeof buildCluster> {
  const objects = objectsOf(yaml).map((object) => ({
    object: object as Record<string, unknown>,
    origin: { source: 'test.yaml', line: 1, format: 'yaml' as const, prefix: [] },
  }));
  const counts = { files: 1, documents: objects.length, judged: objects.length, foreign: 0 };
  return buildCluster({ header: { kind: 'manifests', complete: false }, objects, counts, gaps: [] });
}

function containerOf(yaml: string): Container {
  const container = clusterOf(yaml).workloads[0]?.containers.at(-1);
  if (container === undefined) throw new Error('no container');
  return container;
}

/** Findings of this area as people see them: merged. */
function merged(yaml: string): Finding[] {
  const findings: Finding[] = [];
  judge(clusterOf(yaml), { rules: RULES.filter((rule) => rule.area === 'pod-security') }, (finding) => findings.push(finding));
  return findings.filter((finding) => finding.status === 'fail');
}

describe('inheritance', () => {
  it('takes the value of the pod where the container has none', () => {
    const container = containerOf(withContainer('', 'securityContext: {runAsUser: 7}'));
    expect(effective(container, 'runAsUser')).toBe(7);
    expect(decidedAt(container, 'runAsUser')).toEqual({ path: 'spec.template.spec.securityContext.runAsUser', fromObject: true });
  });
  it('prefers the value of the container, also false and 0', () => {
    const container = containerOf(
      withContainer('securityContext: {runAsUser: 0, runAsNonRoot: false}', 'securityContext: {runAsUser: 7, runAsNonRoot: true}'),
    );
    expect(effective(container, 'runAsUser')).toBe(0);
    expect(effective(container, 'runAsNonRoot')).toBe(false);
    expect(decidedAt(container, 'runAsUser')).toEqual({ path: 'securityContext.runAsUser' });
  });
  it('knows who may become root', () => {
    expect(startsAsNonRoot(containerOf(withContainer('securityContext: {runAsUser: 0}', 'securityContext: {runAsNonRoot: true}')))).toBe(
      false,
    );
    expect(startsAsNonRoot(containerOf(withContainer('securityContext: {runAsNonRoot: false}', 'securityContext: {runAsUser: 1}')))).toBe(
      true,
    );
    expect(cannotHoldCapabilities(containerOf(withContainer('securityContext: {runAsUser: 1}')))).toBe(false);
    expect(cannotHoldCapabilities(containerOf(withContainer('securityContext: {runAsUser: 1, allowPrivilegeEscalation: false}')))).toBe(
      true,
    );
  });
  it('sees Windows by the field and by the selector', () => {
    expect(isWindows({ os: { name: 'windows' } })).toBe(true);
    expect(isWindows({ nodeSelector: { 'kubernetes.io/os': 'windows' } })).toBe(true);
    expect(isWindows({ os: { name: 'linux' } })).toBe(false);
  });
});

describe('capabilities', () => {
  it('reads added names as they are meant', () => {
    expect(meantCapability('cap_Net_Raw')).toBe('NET_RAW');
    expect(addedAt(containerOf(withContainer('securityContext: {capabilities: {add: [CHOWN, Cap_Sys_Admin]}}')), 'SYS_ADMIN')).toBe(1);
  });
  it('reads dropped names as every runtime does', () => {
    const container = containerOf(withContainer('securityContext: {capabilities: {drop: [net_raw, CAP_MKNOD]}}'));
    expect(dropsByName(container, 'NET_RAW')).toBe(true);
    expect(dropsByName(container, 'MKNOD')).toBe(false);
    expect(dropsAll(container)).toBe(false);
    expect(dropsAll(containerOf(withContainer('securityContext: {capabilities: {drop: [KILL, All]}}')))).toBe(true);
  });
});

describe('profiles', () => {
  const annotated = (lines: string, context = ''): Container =>
    containerOf(`apiVersion: v1\nkind: Pod\nmetadata: {name: web, annotations: {${lines}}}\nspec: {${context}containers: [{name: app}]}`);

  it('reads the annotations of seccomp before 1.27 only', () => {
    const container = annotated('seccomp.security.alpha.kubernetes.io/pod: unconfined');
    expect(seccompType(container, 26)).toBe('Unconfined');
    expect(seccompPlace(container, 26)).toEqual({
      path: 'metadata.annotations["seccomp.security.alpha.kubernetes.io/pod"]',
      fromObject: true,
    });
    expect(seccompType(container, 27)).toBeUndefined();
  });
  it('lets the nearer one win', () => {
    const container = annotated(
      'seccomp.security.alpha.kubernetes.io/pod: unconfined, container.seccomp.security.alpha.kubernetes.io/app: docker/default',
      'securityContext: {seccompProfile: {type: Localhost}}, ',
    );
    expect(seccompType(container, 20)).toBe('RuntimeDefault');
    expect(seccompType(container, 30)).toBe('Localhost');
  });
  it('reads the annotation of AppArmor for the container that it names', () => {
    expect(appArmorType(annotated('container.apparmor.security.beta.kubernetes.io/app: unconfined'))).toBe('Unconfined');
    expect(appArmorType(annotated('container.apparmor.security.beta.kubernetes.io/other: unconfined'))).toBeUndefined();
    const both = annotated(
      'container.apparmor.security.beta.kubernetes.io/app: localhost/web',
      'securityContext: {appArmorProfile: {type: Unconfined}}, ',
    );
    expect(appArmorType(both)).toBe('Localhost');
    expect(appArmorPlace(both).path).toBe('metadata.annotations["container.apparmor.security.beta.kubernetes.io/app"]');
  });
});

describe('one fact is one finding', () => {
  const idsOf = (yaml: string): string[] => merged(yaml).map((finding) => finding.rule.id);

  it('tells a container without any settings once for each thing that is missing', () => {
    const findings = merged(withContainer(''));
    const mine = ['allow-privilege-escalation', 'drop-all-capabilities', 'read-only-rootfs', 'run-as-non-root', 'seccomp-missing'];
    expect(findings.map((finding) => finding.rule.id)).toEqual(expect.arrayContaining(mine));
    const told = findings.flatMap((finding) => finding.also);
    for (const id of ['low-uid', 'low-gid', 'net-raw', 'drop-some-capability', 'no-linux-hardening']) {
      expect(told).toContain(id);
      expect(idsOf(withContainer(''))).not.toContain(id);
    }
  });
  it('keeps the other capabilities beside SYS_ADMIN', () => {
    const findings = merged(withContainer('securityContext: {capabilities: {drop: [ALL], add: [NET_ADMIN, SYS_ADMIN]}}'));
    const added = findings.filter((finding) => finding.rule.id === 'added-capabilities');
    expect(added.map((finding) => finding.evidence[0]?.path)).toEqual([
      'spec.template.spec.containers[0].securityContext.capabilities.add[0]',
    ]);
    expect(findings.find((finding) => finding.rule.id === 'sys-admin')?.also).toEqual(['added-capabilities']);
  });
  it('keeps NET_RAW that is added apart from what is not dropped', () => {
    const findings = merged(withContainer('securityContext: {capabilities: {add: [NET_RAW]}}', 'hostNetwork: true'));
    const of = (id: string): Finding | undefined => findings.find((finding) => finding.rule.id === id);
    expect(of('net-raw')).toMatchObject({ severity: 'high', also: ['added-capabilities'] });
    expect(of('drop-all-capabilities')).toMatchObject({ severity: 'low', also: ['drop-some-capability'] });
  });
  it('tells user 0 and group 0 once', () => {
    const ids = idsOf(withContainer('', 'securityContext: {runAsUser: 0, runAsGroup: 0}'));
    expect(ids).toContain('run-as-user-zero');
    expect(ids).toContain('root-group');
    for (const id of ['run-as-non-root', 'low-uid', 'low-gid']) expect(ids).not.toContain(id);
  });
  it('points at the field of the pod that a container inherits', () => {
    const found = merged(withContainer('', 'securityContext: {runAsUser: 0}')).find((finding) => finding.rule.id === 'run-as-user-zero');
    expect(found?.evidence).toMatchObject([{ path: 'spec.template.spec.securityContext.runAsUser', value: 0 }]);
    expect(found?.subject.container).toBe('app');
  });
  it('tells the missing user namespace and the missing sandbox apart: either helps without the other', () => {
    expect(idsOf(withContainer(''))).toEqual(expect.arrayContaining(['user-namespace', 'runtime-class']));
  });
});
