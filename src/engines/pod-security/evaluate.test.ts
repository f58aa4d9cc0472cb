import { readdirSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { clusterOf } from '../../../test/rule-tester.ts';
import { NEWEST_KNOWN, isRecord, minorOf, toApiObject, toWorkload } from '../../model/index.ts';
import type { Pod } from './control.ts';
import { evaluatePodSecurity, levelMet, policyMinor } from './evaluate.ts';
import { CONTROLS } from './registry.ts';

/** The parts of a pod that matter, in YAML; a container `app` is there unless the text has its own. */
function podOf(yaml: string): Pod {
  const part = load(yaml || '{}');
  const { metadata, ...spec } = isRecord(part) ? part : {};
  const object = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'app' }], ...spec } };
  const api = toApiObject({ object, origin: { source: '', line: 1, format: 'yaml', prefix: [] } }, 0);
  const workload = 'code' in api ? undefined : toWorkload(api);
  if (workload === undefined) throw new Error('the fixture is no pod');
  return { metadata: workload.podMetadata, spec: workload.pod };
}

const LATEST = policyMinor('latest') ?? 0;

/** Paths that a control names at a release, whatever else is wrong with the pod. */
function pathsOf(control: string, yaml: string, minor: number): readonly string[] {
  const level = CONTROLS.find(({ id }) => id === control)?.level ?? 'baseline';
  const { violations } = evaluatePodSecurity(podOf(yaml), level, `1.${minor}`);
  return violations.find((violation) => violation.control === control)?.paths ?? [];
}

interface Fixtures {
  good: string[];
  /** With the paths that are named. */
  bad: [yaml: string, ...paths: string[]][];
  /** Pods on which the releases disagree: the first release that judges as `gives` says. */
  gates?: { since: number; yaml: string; gives: 'allowed' | 'refused' }[];
}

const app = (fields: string): string => `containers: [{name: app, ${fields}}]`;
const secured = (fields: string): string => app(`securityContext: {${fields}}`);
const APP = 'spec.containers[0]';
const SECURITY = `${APP}.securityContext`;
const WINDOWS = 'os: {name: windows}';
const USERNS = 'hostUsers: false';
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/app';
const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
const SECCOMP_APP = 'container.seccomp.security.alpha.kubernetes.io';

const FIXTURES: Record<string, Fixtures> = {
  appArmorProfile: {
    good: [
      '',
      `metadata: {annotations: {${APPARMOR}: runtime/default}}`,
      `metadata: {annotations: {${APPARMOR}: localhost/mine}}`,
      `metadata: {annotations: {${APPARMOR}: ""}}`,
      'securityContext: {appArmorProfile: {type: RuntimeDefault}}',
      secured('appArmorProfile: {type: Localhost, localhostProfile: x}'),
    ],
    bad: [
      [`metadata: {annotations: {${APPARMOR}: unconfined}}`, `metadata.annotations["${APPARMOR}"]`],
      ['securityContext: {appArmorProfile: {type: Unconfined}}', 'spec.securityContext.appArmorProfile.type'],
      [secured('appArmorProfile: {type: Unconfined}'), `${SECURITY}.appArmorProfile.type`],
      [
        'initContainers: [{name: i, securityContext: {appArmorProfile: {type: Unconfined}}}]',
        'spec.initContainers[0].securityContext.appArmorProfile.type',
      ],
    ],
  },
  capabilities_baseline: {
    good: ['', secured('capabilities: {add: [CHOWN, NET_BIND_SERVICE, SYS_CHROOT]}'), secured('capabilities: {drop: [NET_RAW]}')],
    bad: [
      [secured('capabilities: {add: [CHOWN, NET_RAW, SYS_ADMIN]}'), `${SECURITY}.capabilities.add[1]`, `${SECURITY}.capabilities.add[2]`],
      [secured('capabilities: {add: [CAP_CHOWN]}'), `${SECURITY}.capabilities.add[0]`],
      [secured('capabilities: {add: [chown]}'), `${SECURITY}.capabilities.add[0]`],
      [
        'ephemeralContainers: [{name: e, securityContext: {capabilities: {add: [ALL]}}}]',
        'spec.ephemeralContainers[0].securityContext.capabilities.add[0]',
      ],
    ],
  },
  hostNamespaces: {
    good: ['', '{hostNetwork: false, hostPID: false, hostIPC: false}'],
    bad: [
      ['hostNetwork: true', 'spec.hostNetwork'],
      ['{hostPID: true, hostIPC: true}', 'spec.hostPID', 'spec.hostIPC'],
    ],
  },
  hostPathVolumes: {
    good: ['', 'volumes: [{name: a}, {name: b, emptyDir: {}}]', 'volumes: [{name: a, hostPath: null}]'],
    bad: [['volumes: [{name: a}, {name: b, hostPath: {path: /}}]', 'spec.volumes[1].hostPath']],
  },
  hostPorts: {
    good: [app('ports: [{containerPort: 80}]'), app('ports: [{containerPort: 80, hostPort: 0}]')],
    bad: [
      [app('ports: [{containerPort: 80}, {containerPort: 81, hostPort: 81}]'), `${APP}.ports[1].hostPort`],
      ['initContainers: [{name: i, ports: [{containerPort: 1, hostPort: 1}]}]', 'spec.initContainers[0].ports[0].hostPort'],
    ],
  },
  hostProbesAndHostLifecycle: {
    good: [
      app('livenessProbe: {httpGet: {path: /, port: 80}}'),
      app('startupProbe: {tcpSocket: {host: "", port: 80}}'),
      app('readinessProbe: {exec: {command: [a]}}'),
    ],
    bad: [
      [app('livenessProbe: {httpGet: {host: 127.0.0.1, port: 80}}'), `${APP}.livenessProbe.httpGet.host`],
      [app('readinessProbe: {tcpSocket: {host: a, port: 80}}'), `${APP}.readinessProbe.tcpSocket.host`],
      [app('startupProbe: {httpGet: {host: a, port: 80}}'), `${APP}.startupProbe.httpGet.host`],
      [app('lifecycle: {postStart: {httpGet: {host: a, port: 80}}}'), `${APP}.lifecycle.postStart.httpGet.host`],
      [app('lifecycle: {preStop: {tcpSocket: {host: a, port: 80}}}'), `${APP}.lifecycle.preStop.tcpSocket.host`],
    ],
    gates: [{ since: 34, yaml: app('livenessProbe: {httpGet: {host: a, port: 80}}'), gives: 'refused' }],
  },
  privileged: {
    good: ['', secured('privileged: false')],
    bad: [
      [secured('privileged: true'), `${SECURITY}.privileged`],
      ['initContainers: [{name: i, securityContext: {privileged: true}}]', 'spec.initContainers[0].securityContext.privileged'],
    ],
  },
  procMount: {
    good: ['', secured('procMount: Default'), `{${USERNS}, ${secured('procMount: Unmasked')}}`],
    bad: [[secured('procMount: Unmasked'), `${SECURITY}.procMount`]],
    gates: [{ since: 35, yaml: `{${USERNS}, ${secured('procMount: Unmasked')}}`, gives: 'allowed' }],
  },
  seLinuxOptions: {
    good: [
      '',
      'securityContext: {seLinuxOptions: {type: container_t, level: s0}}',
      secured('seLinuxOptions: {type: "", user: "", role: ""}'),
    ],
    bad: [
      [
        'securityContext: {seLinuxOptions: {type: spc_t, user: u}}',
        'spec.securityContext.seLinuxOptions.type',
        'spec.securityContext.seLinuxOptions.user',
      ],
      [secured('seLinuxOptions: {role: r}'), `${SECURITY}.seLinuxOptions.role`],
    ],
    gates: [{ since: 31, yaml: secured('seLinuxOptions: {type: container_engine_t}'), gives: 'allowed' }],
  },
  seccompProfile_baseline: {
    good: [
      '',
      'securityContext: {seccompProfile: {type: RuntimeDefault}}',
      secured('seccompProfile: {type: Localhost, localhostProfile: x}'),
    ],
    bad: [
      ['securityContext: {seccompProfile: {type: Unconfined}}', 'spec.securityContext.seccompProfile.type'],
      [secured('seccompProfile: {type: Unconfined}'), `${SECURITY}.seccompProfile.type`],
      [secured('seccompProfile: {}'), `${SECURITY}.seccompProfile.type`],
    ],
    gates: [
      { since: 19, yaml: `metadata: {annotations: {${SECCOMP_POD}: unconfined}}`, gives: 'allowed' },
      { since: 19, yaml: `metadata: {annotations: {${SECCOMP_APP}/app: unconfined}}`, gives: 'allowed' },
      { since: 19, yaml: 'securityContext: {seccompProfile: {type: Unconfined}}', gives: 'refused' },
    ],
  },
  sysctls: {
    good: ['', 'securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: "1"}]}'],
    bad: [['securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies}, {name: kernel.msgmax}]}', 'spec.securityContext.sysctls[1].name']],
    gates: [
      { since: 27, yaml: 'securityContext: {sysctls: [{name: net.ipv4.ip_local_reserved_ports}]}', gives: 'allowed' },
      {
        since: 29,
        yaml: 'securityContext: {sysctls: [{name: net.ipv4.tcp_keepalive_time}, {name: net.ipv4.tcp_fin_timeout}]}',
        gives: 'allowed',
      },
      {
        since: 29,
        yaml: 'securityContext: {sysctls: [{name: net.ipv4.tcp_keepalive_intvl}, {name: net.ipv4.tcp_keepalive_probes}]}',
        gives: 'allowed',
      },
      { since: 32, yaml: 'securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}, {name: net.ipv4.tcp_wmem}]}', gives: 'allowed' },
      {
        since: 37,
        yaml: 'securityContext: {sysctls: [{name: net.ipv4.tcp_slow_start_after_idle}, {name: net.ipv4.tcp_notsent_lowat}]}',
        gives: 'allowed',
      },
    ],
  },
  windowsHostProcess: {
    good: ['', 'securityContext: {windowsOptions: {hostProcess: false, runAsUserName: a}}'],
    bad: [
      ['securityContext: {windowsOptions: {hostProcess: true}}', 'spec.securityContext.windowsOptions.hostProcess'],
      [secured('windowsOptions: {hostProcess: true}'), `${SECURITY}.windowsOptions.hostProcess`],
    ],
  },
  allowPrivilegeEscalation: {
    good: [secured('allowPrivilegeEscalation: false'), WINDOWS],
    bad: [
      ['', `${SECURITY}.allowPrivilegeEscalation`],
      [secured('allowPrivilegeEscalation: true'), `${SECURITY}.allowPrivilegeEscalation`],
    ],
    gates: [
      { since: 8, yaml: '', gives: 'refused' },
      { since: 25, yaml: WINDOWS, gives: 'allowed' },
    ],
  },
  capabilities_restricted: {
    good: [secured('capabilities: {drop: [ALL]}'), secured('capabilities: {drop: [NET_RAW, ALL], add: [NET_BIND_SERVICE]}'), WINDOWS],
    bad: [
      ['', `${SECURITY}.capabilities.drop`],
      [secured('capabilities: {drop: [all]}'), `${SECURITY}.capabilities.drop`],
      [secured('capabilities: {drop: [ALL], add: [CHOWN]}'), `${SECURITY}.capabilities.add[0]`],
    ],
    gates: [
      { since: 22, yaml: '', gives: 'refused' },
      { since: 25, yaml: WINDOWS, gives: 'allowed' },
    ],
  },
  procMount_restricted: {
    good: ['', secured('procMount: Default')],
    bad: [
      [secured('procMount: Unmasked'), `${SECURITY}.procMount`],
      [`{${USERNS}, ${secured('procMount: Unmasked')}}`, `${SECURITY}.procMount`],
    ],
    gates: [{ since: 35, yaml: secured('procMount: Unmasked'), gives: 'refused' }],
  },
  restrictedVolumes: {
    good: [
      'volumes: [{name: a}, {name: b, configMap: {name: c}}, {name: d, csi: {driver: e}}, {name: f, image: {reference: g}}]',
      'volumes: [{name: a, downwardAPI: {}}, {name: b, ephemeral: {}}, {name: c, persistentVolumeClaim: {claimName: d}}, {name: e, projected: {}}, {name: f, secret: {}}]',
    ],
    bad: [
      ['volumes: [{name: a}, {name: b, hostPath: {path: /}}]', 'spec.volumes[1].hostPath'],
      ['volumes: [{name: a, nfs: {server: b, path: /}}]', 'spec.volumes[0].nfs'],
      ['volumes: [{name: a, somethingNew: {}}]', 'spec.volumes[0].somethingNew'],
    ],
  },
  runAsNonRoot: {
    good: ['securityContext: {runAsNonRoot: true}', secured('runAsNonRoot: true'), USERNS],
    bad: [
      ['', `${SECURITY}.runAsNonRoot`],
      [`{securityContext: {runAsNonRoot: true}, ${secured('runAsNonRoot: false')}}`, `${SECURITY}.runAsNonRoot`],
      [`{securityContext: {runAsNonRoot: false}, ${secured('runAsNonRoot: true')}}`, 'spec.securityContext.runAsNonRoot'],
      ['securityContext: {runAsNonRoot: false}', 'spec.securityContext.runAsNonRoot'],
      [`{${secured('runAsNonRoot: true')}, initContainers: [{name: i}]}`, 'spec.initContainers[0].securityContext.runAsNonRoot'],
    ],
    gates: [{ since: 35, yaml: USERNS, gives: 'allowed' }],
  },
  runAsUser: {
    good: ['', 'securityContext: {runAsUser: 1}', `{${USERNS}, securityContext: {runAsUser: 0}}`],
    bad: [
      ['securityContext: {runAsUser: 0}', 'spec.securityContext.runAsUser'],
      [`{securityContext: {runAsUser: 1}, ${secured('runAsUser: 0')}}`, `${SECURITY}.runAsUser`],
    ],
    gates: [
      { since: 23, yaml: 'securityContext: {runAsUser: 0}', gives: 'refused' },
      { since: 35, yaml: `{${USERNS}, securityContext: {runAsUser: 0}}`, gives: 'allowed' },
    ],
  },
  seccompProfile_restricted: {
    good: ['securityContext: {seccompProfile: {type: RuntimeDefault}}', secured('seccompProfile: {type: Localhost}'), WINDOWS],
    bad: [
      ['', `${SECURITY}.seccompProfile.type`],
      [
        `{securityContext: {seccompProfile: {type: RuntimeDefault}}, ${secured('seccompProfile: {type: Unconfined}')}}`,
        `${SECURITY}.seccompProfile.type`,
      ],
      [
        `{securityContext: {seccompProfile: {type: Unconfined}}, ${secured('seccompProfile: {type: RuntimeDefault}')}}`,
        'spec.securityContext.seccompProfile.type',
      ],
    ],
    gates: [
      { since: 19, yaml: '', gives: 'refused' },
      { since: 25, yaml: WINDOWS, gives: 'allowed' },
    ],
  },
};

describe.each(CONTROLS.map((control) => [control.id, control] as const))('%s', (id, control) => {
  const fixtures = FIXTURES[id] ?? { good: [], bad: [] };

  test('good pods pass, bad ones are refused at the field', () => {
    expect(fixtures.good.length).toBeGreaterThan(0);
    expect(fixtures.bad.length).toBeGreaterThan(0);
    for (const yaml of fixtures.good) expect({ yaml, paths: pathsOf(id, yaml, LATEST) }).toEqual({ yaml, paths: [] });
    for (const [yaml, ...paths] of fixtures.bad) expect({ yaml, paths: pathsOf(id, yaml, LATEST) }).toEqual({ yaml, paths });
  });

  test('each release that changed it judges otherwise than the one before', () => {
    const gates = fixtures.gates ?? [];
    expect([...new Set(gates.map(({ since }) => since))]).toEqual(control.versions.map(({ since }) => since).filter((since) => since > 0));
    for (const { since, yaml, gives } of gates) {
      const judge = (minor: number): string => (pathsOf(id, yaml, minor).length > 0 ? 'refused' : 'allowed');
      expect({ since, yaml, before: judge(since - 1), gives: judge(since) }).toEqual({
        since,
        yaml,
        before: gives === 'refused' ? 'allowed' : 'refused',
        gives,
      });
    }
  });
});

const HARDENED = `{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, ${secured('allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}')}}`;

test('the strictest level that admits a pod', () => {
  expect(levelMet(podOf(HARDENED), 'latest')).toBe('restricted');
  expect(levelMet(podOf(''), 'latest')).toBe('baseline');
  expect(levelMet(podOf('hostPID: true'), 'latest')).toBe('privileged');
  // Before 1.8 nothing but runAsNonRoot and volumes was asked of this one.
  expect(levelMet(podOf('securityContext: {runAsNonRoot: true}'), '1.7')).toBe('restricted');
});

test('restricted asks for the baseline too, but names each fault once', () => {
  const { allowed, violations } = evaluatePodSecurity(
    podOf(
      `{hostPID: true, volumes: [{name: a, hostPath: {path: /}}], ${secured('capabilities: {add: [SYS_ADMIN]}, seccompProfile: {type: Unconfined}, procMount: Unmasked')}}`,
    ),
    'restricted',
    '1.35',
  );
  expect(allowed).toBe(false);
  expect(violations.map(({ control }) => control)).toEqual([
    'hostNamespaces',
    'allowPrivilegeEscalation',
    'capabilities_restricted',
    'procMount_restricted',
    'restrictedVolumes',
    'runAsNonRoot',
    'seccompProfile_restricted',
  ]);
});

test('what a restricted control stands in for is judged by the baseline where that control is not yet active', () => {
  const pod = podOf(secured('capabilities: {add: [SYS_ADMIN]}'));
  const failing = (minor: number): string[] =>
    evaluatePodSecurity(pod, 'restricted', `1.${minor}`).violations.map(({ control }) => control);
  expect(failing(21)).toContain('capabilities_baseline');
  expect(failing(22)).not.toContain('capabilities_baseline');
  expect(failing(22)).toContain('capabilities_restricted');
});

test('versions as labels and clusters write them', () => {
  expect(['1.30', 'v1.30', '1.30.4', 'v1.30.1+k3s1'].map(policyMinor)).toEqual([30, 30, 30, 30]);
  expect(['latest', '1.99'].map(policyMinor)).toEqual([37, 37]);
  expect(['', '30', '2.0', '1.x', 'newest'].map(policyMinor)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(() => evaluatePodSecurity(podOf(''), 'baseline', '2.0')).toThrow('2.0');
});

test('every file of controls/ is registered, under ids that differ', () => {
  const files = readdirSync(new URL('controls/', import.meta.url)).filter((name) => name !== 'seccomp-profile.ts');
  expect(CONTROLS).toHaveLength(files.length);
  expect(Object.keys(FIXTURES).toSorted()).toEqual(CONTROLS.map(({ id }) => id).toSorted());
});

test('has a newest version that is not the release which a scan assumes, and both are chosen', () => {
  // `latest` is the newest standard that is decided; a cluster of unknown version is of the newest release known in full.
  expect({ latest: policyMinor('latest'), assumed: clusterOf([]).tables.kubernetes }).toEqual({
    latest: 37,
    assumed: { minor: minorOf(NEWEST_KNOWN), assumed: true },
  });
  expect(NEWEST_KNOWN).toBe('1.36');
  const pod = podOf('securityContext: {sysctls: [{name: net.ipv4.tcp_notsent_lowat, value: "1"}]}');
  expect([levelMet(pod, 'latest'), levelMet(pod, NEWEST_KNOWN)]).toEqual(['baseline', 'privileged']);
});
