import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { RUNS } from '../../test/runs.ts';
import type { Workload } from './workloads.ts';

type Spec = Record<string, unknown>;
type Made = Record<string, unknown>;

const APP = { name: 'app', image: 'registry.example.com/web:1', securityContext: { runAsNonRoot: true } };
const TEMPLATE: Spec = {
  containers: [APP],
  volumes: [{ name: 'logs', hostPath: { path: '/var/log/web' } }],
  tolerations: [{ key: 'a', operator: 'Exists' }],
};
const LABELS = { app: 'web' };

const API: Record<string, string> = {
  Pod: 'v1',
  ReplicationController: 'v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  Rollout: 'argoproj.io/v1alpha1',
  DeploymentConfig: 'apps.openshift.io/v1',
  Sandbox: 'agents.x-k8s.io/v1alpha1',
  Node: 'v1',
  Widget: 'example.com/v1',
};

const apiOf = (kind: string): string => API[kind] ?? 'apps/v1';

/** `owner` is `Kind/name`, its uid the same unless another one is given after `#`. */
function object(ref: string, spec: Spec, owner?: string, more: Made = {}): Made {
  const [kind = '', name = ''] = ref.split('/');
  const [ownerRef = '', uid = ownerRef] = owner?.split('#') ?? [];
  const [ownerKind = '', ownerName = ''] = ownerRef.split('/');
  const ownerReferences =
    owner === undefined ? undefined : [{ apiVersion: apiOf(ownerKind), kind: ownerKind, name: ownerName, uid, controller: true }];
  const template = { metadata: { labels: LABELS }, spec };
  const inner =
    kind === 'Pod'
      ? spec
      : kind === 'CronJob'
        ? { jobTemplate: { spec: { template } } }
        : kind === 'Sandbox'
          ? { podTemplate: template }
          : { template, ...more };
  const metadata = { name, namespace: 'shop', uid: ref, ownerReferences, labels: LABELS, ...(kind === 'Pod' && more) };
  return { apiVersion: apiOf(kind), kind, metadata, spec: inner };
}

function shown({ kind, name, variantOf }: Workload): string {
  return variantOf === undefined ? `${kind}/${name}` : `${variantOf.kind}/${variantOf.name} as ${kind}/${name}`;
}

const judged = (...objects: Made[]): string[] => clusterOf(objects).workloads.map(shown);
const pod = (spec: Spec, owner = 'ReplicaSet/web', more?: Made): Made => object('Pod/web-x2b8k', spec, owner, more);

const TOKEN = {
  name: 'kube-api-access-x2b8k',
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
    ],
  },
};
const TOKEN_MOUNT = { name: TOKEN.name, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true };
const LOGS = { name: 'logs', hostPath: { path: '/var/log/web' } };

describe('a pod of a ReplicaSet', () => {
  it('is judged by the template that it was made from, whatever every pod is given', () => {
    expect(judged(object('ReplicaSet/web', TEMPLATE), pod(TEMPLATE))).toEqual(['ReplicaSet/web']);
    const given = {
      ...TEMPLATE,
      nodeName: 'n1',
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
      schedulerName: 'default-scheduler',
      serviceAccount: 'default',
      serviceAccountName: 'default',
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      terminationGracePeriodSeconds: 30,
      enableServiceLinks: true,
      securityContext: {},
      hostNetwork: false,
      tolerations: [
        { key: 'a', operator: 'Exists' },
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
      volumes: [{ name: 'logs', hostPath: { path: '/var/log/web', type: '' } }, TOKEN],
      containers: [
        { ...APP, resources: {}, imagePullPolicy: 'IfNotPresent', terminationMessagePolicy: 'File', volumeMounts: [TOKEN_MOUNT] },
      ],
    };
    expect(judged(object('ReplicaSet/web', TEMPLATE), pod(given))).toEqual(['ReplicaSet/web']);
  });

  it.each<[string, Spec]>([
    ['a debugging container', { ephemeralContainers: [{ name: 'debug', image: 'busybox' }] }],
    ['an injected container', { containers: [APP, { name: 'proxy', image: 'proxy:1' }] }],
    ['another image', { containers: [{ ...APP, image: 'registry.example.com/web:2' }] }],
    ['other rights', { containers: [{ ...APP, securityContext: { privileged: true } }] }],
    ['a namespace of the host', { hostPID: true }],
    ['another folder of the host', { volumes: [{ name: 'logs', hostPath: { path: '/' } }] }],
    ['another account', { serviceAccountName: 'admin' }],
    ['the account by its old name', { serviceAccount: 'admin' }],
    ['root as its user', { securityContext: { runAsUser: 0 } }],
    ['root as the user of a container', { containers: [{ ...APP, securityContext: { runAsNonRoot: true, runAsUser: 0 } }] }],
    ['a system call filter that is off', { securityContext: { seccompProfile: { type: 'Unconfined' } } }],
    ['another command', { containers: [{ ...APP, command: ['sh'] }] }],
    ['other arguments', { containers: [{ ...APP, args: ['--insecure'] }] }],
    ['a variable', { containers: [{ ...APP, env: [{ name: 'PASSWORD', value: 'x' }] }] }],
    ['variables of a secret', { containers: [{ ...APP, envFrom: [{ secretRef: { name: 'x' } }] }] }],
    ['a port of the host', { containers: [{ ...APP, ports: [{ containerPort: 80, hostPort: 80 }] }] }],
    ['a secret', { volumes: [LOGS, { name: 'x', secret: { secretName: 'x' } }] }],
    ['a mount', { containers: [{ ...APP, volumeMounts: [{ name: 'logs', mountPath: '/logs' }] }] }],
    ['a hook', { containers: [{ ...APP, lifecycle: { preStop: { exec: { command: ['sh'] } } } }] }],
    ['a probe', { containers: [{ ...APP, livenessProbe: { exec: { command: ['sh'] } } }] }],
    ['a limit', { containers: [{ ...APP, resources: { limits: { cpu: '1' } } }] }],
    ['another toleration', { tolerations: [{ operator: 'Exists' }] }],
    ['shared processes', { shareProcessNamespace: true }],
    ['users of the host', { hostUsers: false }],
    ['a runtime of its own', { runtimeClassName: 'kata' }],
    ['a token that was declined', { automountServiceAccountToken: true }],
    ['the class of the system', { priorityClassName: 'system-node-critical' }],
    ['names of hosts', { hostAliases: [{ ip: '192.0.2.1', hostnames: ['x'] }] }],
    ['a field that no shape names', { somethingNew: true }],
    [
      'a token for somebody else',
      { volumes: [LOGS, { ...TOKEN, projected: { sources: [{ serviceAccountToken: { audience: 'vault', path: 'token' } }] } }] },
    ],
    ['a secret in the name of the token', { volumes: [LOGS, { name: TOKEN.name, secret: { secretName: 'x' } }] }],
    [
      'the token mounted elsewhere',
      { volumes: [LOGS, TOKEN], containers: [{ ...APP, volumeMounts: [{ ...TOKEN_MOUNT, mountPath: '/x' }] }] },
    ],
  ])('is judged too, under the name of its owner, when it has %s', (_name, more) => {
    const objects = [object('ReplicaSet/web', TEMPLATE), pod({ ...TEMPLATE, ...more })];
    expect(judged(...objects)).toEqual(['ReplicaSet/web', 'ReplicaSet/web as Pod/web-x2b8k']);
  });

  it('has no token where its template says so', () => {
    const closed = { ...TEMPLATE, automountServiceAccountToken: false };
    expect(judged(object('ReplicaSet/web', closed), pod({ ...closed, volumes: [LOGS, TOKEN] }))).toHaveLength(2);
  });

  it.each<[string, Made]>([
    ['label that a policy may ask for', { labels: {} }],
    ['profile', { annotations: { 'container.apparmor.security.beta.kubernetes.io/app': 'unconfined' } }],
  ])('is judged too when it has another %s', (_name, more) => {
    expect(judged(object('ReplicaSet/web', TEMPLATE), pod(TEMPLATE, 'ReplicaSet/web', more))).toHaveLength(2);
  });

  it.each([
    ['that has another uid', 'ReplicaSet/web#another'],
    ['that is not there', 'ReplicaSet/gone'],
    ['that is of an unknown kind', 'Widget/web'],
  ])('stands for itself beside one %s', (_name, owner) => {
    expect(judged(object('ReplicaSet/web', TEMPLATE), pod(TEMPLATE, owner))).toEqual(['ReplicaSet/web', 'Pod/web-x2b8k']);
  });
});

describe('kinds', () => {
  it.each([
    ['Deployment', 'ReplicaSet'],
    ['Rollout', 'ReplicaSet'],
    ['DeploymentConfig', 'ReplicationController'],
    ['CronJob', 'Job'],
    ['ReplicaSet', 'Pod'],
    ['ReplicationController', 'Pod'],
    ['StatefulSet', 'Pod'],
    ['DaemonSet', 'Pod'],
    ['Job', 'Pod'],
    ['Sandbox', 'Pod'],
  ])('%s makes %s', (owner, kind) => {
    expect(judged(object(`${owner}/web`, TEMPLATE), object(`${kind}/web-1`, TEMPLATE, `${owner}/web`))).toEqual([`${owner}/web`]);
  });

  it.each([
    ['CronJob', 'Pod'],
    ['Deployment', 'Pod'],
    ['DaemonSet', 'ReplicaSet'],
    ['Job', 'Job'],
    ['StatefulSet', 'Deployment'],
  ])('%s makes no %s: that it is claimed hides nothing', (owner, kind) => {
    const objects = [object(`${owner}/web`, TEMPLATE), object(`${kind}/web-1`, { ...TEMPLATE, hostPID: true }, `${owner}/web`)];
    expect(judged(...objects)).toEqual([`${owner}/web`, `${kind}/web-1`]);
  });

  it('a StatefulSet gives its pods names and claims, a Job numbers, a DaemonSet nodes', () => {
    const claims = { volumeClaimTemplates: [{ metadata: { name: 'data' } }] };
    const own = { name: 'data', persistentVolumeClaim: { claimName: 'data-web-x2b8k' } };
    const named = { ...TEMPLATE, hostname: 'web-x2b8k', subdomain: 'web', volumes: [own, LOGS] };
    expect(judged(object('StatefulSet/web', TEMPLATE, undefined, claims), pod(named, 'StatefulSet/web'))).toHaveLength(1);
    const others = { ...named, volumes: [{ ...own, persistentVolumeClaim: { claimName: 'data-db-0' } }, LOGS] };
    expect(judged(object('StatefulSet/web', TEMPLATE), pod(others, 'StatefulSet/web'))).toHaveLength(2);
    const index = "metadata.annotations['batch.kubernetes.io/job-completion-index']";
    const env = [{ name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: index } } }];
    expect(
      judged(object('Job/web', TEMPLATE), pod({ ...TEMPLATE, hostname: 'web-0', containers: [{ ...APP, env }] }, 'Job/web')),
    ).toHaveLength(1);
    const matchFields = [{ key: 'metadata.name', operator: 'In', values: ['n1'] }];
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] } } };
    expect(judged(object('DaemonSet/web', TEMPLATE), pod({ ...TEMPLATE, affinity }, 'DaemonSet/web'))).toHaveLength(1);
    expect(judged(object('ReplicaSet/web', TEMPLATE), pod({ ...TEMPLATE, affinity }))).toHaveLength(2);
  });

  it('secrets for images come from the account', () => {
    const imagePullSecrets = [{ name: 'pull' }];
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'shop' }, imagePullSecrets };
    expect(judged(account, object('ReplicaSet/web', TEMPLATE), pod({ ...TEMPLATE, imagePullSecrets }))).toHaveLength(1);
    expect(judged(account, object('ReplicaSet/web', TEMPLATE), pod({ ...TEMPLATE, imagePullSecrets: [{ name: 'x' }] }))).toHaveLength(2);
  });

  it('a node owns the pods of its files, each of which is its own', () => {
    expect(judged(object('Pod/a-n1', TEMPLATE, 'Node/n1'), object('Pod/b-n1', TEMPLATE, 'Node/n1'))).toEqual(['Pod/a-n1', 'Pod/b-n1']);
  });
});

describe('a ReplicaSet without replicas', () => {
  const old = object('ReplicaSet/web-1', { ...TEMPLATE, hostPID: true }, 'Deployment/web', { replicas: 0 });

  it('is history as long as none of its pods run', () => {
    expect(judged(object('Deployment/web', TEMPLATE), old)).toEqual(['Deployment/web']);
    expect(judged(object('Deployment/web', TEMPLATE), old, object('Pod/a', { ...TEMPLATE, hostPID: true }, 'ReplicaSet/web-1'))).toEqual([
      'Deployment/web',
      'Deployment/web as ReplicaSet/web-1',
    ]);
  });

  it('hides no pod that has other rights', () => {
    const objects = [object('Deployment/web', TEMPLATE), old, object('Pod/a', { ...TEMPLATE, hostIPC: true }, 'ReplicaSet/web-1')];
    expect(judged(...objects)).toEqual(['Deployment/web', 'Deployment/web as ReplicaSet/web-1', 'Deployment/web as Pod/a']);
  });
});

describe('pods that admission changed', () => {
  const changed = { ...TEMPLATE, securityContext: { runAsUser: 1000 } };
  const replicas = ['c', 'a', 'b'].map((name) => object(`Pod/web-1-${name}`, changed, 'ReplicaSet/web-1'));

  it('are one workload of their owner, shown at the first', () => {
    const objects = [...replicas, object('ReplicaSet/web-1', TEMPLATE, 'Deployment/web'), object('Deployment/web', TEMPLATE)];
    expect(judged(...objects)).toEqual(['Deployment/web as Pod/web-1-a', 'Deployment/web']);
  });

  it('are one workload where their owner is not there, or of an unknown kind', () => {
    expect(judged(...replicas)).toEqual(['Pod/web-1-a']);
    expect(judged(...['a', 'b'].map((name) => object(`Pod/${name}`, TEMPLATE, 'Widget/web')))).toEqual(['Pod/a']);
    expect(judged(object('Pod/a', TEMPLATE, 'Widget/web'), object('Pod/b', changed, 'Widget/web'))).toEqual(['Pod/a', 'Pod/b']);
  });

  it('are one workload though each has a token that nobody asked for', () => {
    const closed = { ...TEMPLATE, automountServiceAccountToken: false };
    const pods = ['aaaaa', 'bbbbb'].map((end) =>
      object(`Pod/web-${end}`, { ...closed, volumes: [LOGS, { ...TOKEN, name: `kube-api-access-${end}` }] }, 'ReplicaSet/web'),
    );
    expect(judged(object('ReplicaSet/web', closed), ...pods)).toEqual(['ReplicaSet/web', 'ReplicaSet/web as Pod/web-aaaaa']);
  });

  it('take time in proportion to their number, alike or not', () => {
    const pods = Array.from({ length: 5000 }, (_, index) =>
      object(`Pod/p${index}`, { ...TEMPLATE, hostname: `h${index}` }, 'ReplicaSet/web'),
    );
    expect(judged(object('ReplicaSet/web', TEMPLATE), ...pods)).toHaveLength(5001);
  });
});

it('no pod that runs something of its own is missing', () => {
  const spec = fc.record({
    hostPID: fc.boolean(),
    serviceAccountName: fc.constantFrom('default', 'admin'),
    containers: fc.tuple(
      fc.record({
        name: fc.constant('app'),
        image: fc.constantFrom('a', 'b'),
        securityContext: fc.record({ runAsUser: fc.constantFrom(0, 1) }),
      }),
    ),
  });
  const refs = ['Deployment/a', 'ReplicaSet/a', 'ReplicaSet/b', 'CronJob/a', 'Job/a', 'Pod/a', 'Pod/b', 'Pod/c'];
  const owner = fc.option(fc.constantFrom(...refs, 'ReplicaSet/gone', 'ReplicaSet/a#other', 'Widget/a', 'Node/a'), { nil: undefined });
  const objects = fc.tuple(...refs.map((ref) => fc.record({ ref: fc.constant(ref), spec, owner, replicas: fc.constantFrom(0, 1) })));
  const property = fc.property(objects, (given) => {
    const { workloads } = clusterOf(
      given.map((each) => object(each.ref, each.spec, each.owner, each.ref.startsWith('Pod') ? {} : { replicas: each.replicas })),
    );
    const rights = ({ pod: { hostPID, serviceAccountName, containers } }: Pick<Workload, 'pod'>): string =>
      JSON.stringify([hostPID, serviceAccountName, containers?.map(({ image, securityContext }) => [image, securityContext?.runAsUser])]);
    const known = new Set(workloads.map(rights));
    for (const each of given) if (each.ref.startsWith('Pod')) expect(known).toContain(rights({ pod: each.spec }));
  });
  fc.assert(property, { numRuns: RUNS });
});
