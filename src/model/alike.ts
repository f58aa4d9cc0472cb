/**
 * Which values of a pod mean the same: what the API server fills in where nothing is written (k8s.io/kubernetes
 * pkg/apis/core/v1/defaults.go). Two specs are compared without it, since templates of some kinds are kept as written.
 */

/** A field, or each element of a list of such. */
export interface Part {
  /** Values that say no more than nothing would; `EMPTY` stands for `{}`. */
  readonly same?: readonly unknown[];
  readonly fields?: Readonly<Record<string, Part>>;
  /** Values of a map that are amounts: `1000m` is `1`. */
  readonly amounts?: true;
  /** What the scheduler or admission writes there is not compared. */
  readonly ignored?: true;
}

export const EMPTY = Symbol('{}');
export const AS_IT_IS: Part = {};

const none = (...same: readonly unknown[]): Part => ({ same });
const of = (fields: Readonly<Record<string, Part>>, ...same: readonly unknown[]): Part => ({ fields, same });

const httpGet = of({ path: none('/', ''), scheme: none('HTTP', ''), host: none('') });
const tcpSocket = of({ host: none('') });
const probe = of({
  httpGet,
  tcpSocket,
  grpc: of({ service: none('') }),
  initialDelaySeconds: none(0),
  timeoutSeconds: none(1, 0),
  periodSeconds: none(10, 0),
  successThreshold: none(1, 0),
  failureThreshold: none(3, 0),
});
const handler = of({ httpGet, tcpSocket });
const fieldRef = of({ apiVersion: none('v1', '') });
const resourceFieldRef = of({ divisor: none('0', 0), containerName: none('') });
const amounts: Part = { amounts: true, same: [EMPTY] };
const resources = of({ limits: amounts, requests: amounts }, EMPTY);
const files = of({ defaultMode: none(420), items: of({ fieldRef, resourceFieldRef }) });

export const CONTAINER: Readonly<Record<string, Part>> = {
  workingDir: none(''),
  terminationMessagePath: none('/dev/termination-log', ''),
  terminationMessagePolicy: none('File', ''),
  stdin: none(false),
  stdinOnce: none(false),
  tty: none(false),
  ports: of({ protocol: none('TCP', ''), hostIP: none(''), hostPort: none(0), name: none('') }),
  env: of({ value: none(''), valueFrom: of({ fieldRef, resourceFieldRef }) }),
  envFrom: of({ prefix: none('') }),
  resources,
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  lifecycle: of({ postStart: handler, preStop: handler }, EMPTY),
  securityContext: of({ procMount: none('Default'), capabilities: none(EMPTY), seLinuxOptions: none(EMPTY) }, EMPTY),
};

export const MOUNT: Part = of({ readOnly: none(false), subPath: none(''), subPathExpr: none('') });

export const VOLUME: Part = of({
  hostPath: of({ type: none('') }),
  secret: files,
  configMap: files,
  downwardAPI: files,
  projected: of({
    defaultMode: none(420),
    sources: of({ serviceAccountToken: of({ expirationSeconds: none(3600), audience: none('') }), downwardAPI: files }),
  }),
});

const podAffinity = of({
  // Labels of the template's revision are added to it where matchLabelKeys asks for that.
  requiredDuringSchedulingIgnoredDuringExecution: of({ labelSelector: { ignored: true } }),
  preferredDuringSchedulingIgnoredDuringExecution: of({ podAffinityTerm: of({ labelSelector: { ignored: true } }) }),
});

const ignored: Part = { ignored: true };

export const POD: Readonly<Record<string, Part>> = {
  // The scheduler says where a pod runs, and its priority class what it costs.
  nodeName: ignored,
  priority: ignored,
  preemptionPolicy: ignored,
  overhead: ignored,
  schedulingGates: ignored,
  // Both names of the account are compared as one.
  serviceAccount: ignored,
  serviceAccountName: ignored,
  hostNetwork: none(false),
  hostPID: none(false),
  hostIPC: none(false),
  hostUsers: none(true),
  shareProcessNamespace: none(false),
  setHostnameAsFQDN: none(false),
  restartPolicy: none('Always', ''),
  dnsPolicy: none('ClusterFirst', ''),
  schedulerName: none('default-scheduler', ''),
  terminationGracePeriodSeconds: none(30),
  enableServiceLinks: none(true),
  hostname: none(''),
  subdomain: none(''),
  nodeSelector: none(EMPTY),
  priorityClassName: none(''),
  runtimeClassName: none(''),
  resources,
  securityContext: of({ seLinuxOptions: none(EMPTY) }, EMPTY),
  topologySpreadConstraints: of({ labelSelector: ignored }),
  affinity: of({ podAffinity, podAntiAffinity: podAffinity }, EMPTY),
};

export const TOLERATION: Part = of({ operator: none('Equal', ''), value: none(''), effect: none('') });
