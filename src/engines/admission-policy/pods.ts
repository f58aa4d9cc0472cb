/**
 * Pods as policies see them when they are created: one that is written, with what the API server fills in, and any pod that
 * has some things, where its writer is free in everything else.
 */
import { Listing, Mapping, SOMETHING, SOME_BOOLEAN, type Value, fromJson } from '../cel/index.ts';
import { isRecord } from '../../model/index.ts';

type Fields = Readonly<Record<string, unknown>>;
type Values = Readonly<Record<string, Value>>;

/** Of a pod that somebody writes: what he needs. */
export interface Needs {
  /** Fields of the spec. */
  readonly spec?: Values;
  readonly securityContext?: Values;
  /** What one of the containers has, and in which list it stands. */
  readonly container?: { readonly list: ContainerList; readonly securityContext: SecurityNeeds };
  /** What one of the volumes has. */
  readonly volume?: Values;
}

export type ContainerList = 'containers' | 'initContainers' | 'ephemeralContainers';

export interface SecurityNeeds {
  readonly privileged?: true;
  /** A capability that is added. */
  readonly capability?: string;
  readonly windowsOptions?: Value;
}

/** Any pod of a namespace with what is needed. */
export function anyPod(namespace: string, { spec = {}, securityContext = {}, container, volume }: Needs): Value {
  const special = container === undefined ? undefined : anyContainer(false, container.securityContext);
  const containers = (list: ContainerList): Listing =>
    new Listing(special !== undefined && container?.list === list ? [special] : [], [anyContainer(true)]);
  const volumes = new Listing(volume === undefined ? [] : [new Mapping({ there: { name: SOMETHING, ...volume } })], [anyVolume()]);
  const there: Record<string, Value> = { ...ALWAYS_THERE, ...spec, containers: containers('containers') };
  const maybe: Record<string, Value> = { ...MAYBE_THERE };
  there.securityContext = anyPodSecurity(securityContext);
  if (volume === undefined) maybe.volumes = volumes;
  else there.volumes = volumes;
  for (const list of ['initContainers', 'ephemeralContainers'] as const) {
    if (container?.list === list) there[list] = containers(list);
    else maybe[list] = containers(list);
  }
  for (const name of Object.keys(spec)) delete maybe[name];
  const metadata = new Mapping({ there: { namespace }, maybe: { name: SOMETHING, labels: ANY_TEXTS, annotations: ANY_TEXTS }, open: true });
  return new Mapping({ there: { apiVersion: 'v1', kind: 'Pod', metadata, spec: new Mapping({ there, maybe, open: true }) }, open: true });
}

const ANY_TEXTS = new Mapping({ open: true });

const ALWAYS_THERE: Values = Object.fromEntries(
  ['dnsPolicy', 'enableServiceLinks', 'restartPolicy', 'schedulerName', 'serviceAccount', 'serviceAccountName'].map((name) => [
    name,
    SOMETHING,
  ]),
);

/** Fields that are false are left out. */
const MAYBE_THERE: Values = {
  hostPID: true,
  hostIPC: true,
  hostNetwork: true,
  hostUsers: SOME_BOOLEAN,
  shareProcessNamespace: SOME_BOOLEAN,
  automountServiceAccountToken: SOME_BOOLEAN,
  imagePullSecrets: new Listing([], [SOMETHING]),
  tolerations: new Listing([], [SOMETHING]),
};

function anyContainer(generic: boolean, needs: SecurityNeeds = {}): Mapping {
  const security = anySecurity(generic, needs);
  const isNeeded = Object.keys(needs).length > 0;
  const mount = new Mapping({ there: { name: SOMETHING, mountPath: SOMETHING }, maybe: { readOnly: true }, open: true, generic: true });
  return new Mapping({
    there: { name: SOMETHING, image: SOMETHING, resources: ANY_TEXTS, ...(isNeeded && { securityContext: security }) },
    maybe: { volumeMounts: new Listing([], [mount]), ...(!isNeeded && { securityContext: security }) },
    open: true,
    generic,
  });
}

function anySecurity(generic: boolean, { privileged, capability, windowsOptions }: SecurityNeeds): Mapping {
  const added = new Listing(capability === undefined ? [] : [capability], [SOMETHING]);
  const capabilities = new Mapping({
    there: capability === undefined ? {} : { add: added },
    maybe: { ...(capability === undefined && { add: added }), drop: new Listing([], [SOMETHING]) },
    open: true,
    generic,
  });
  return new Mapping({
    there: {
      ...(privileged && { privileged }),
      ...(capability !== undefined && { capabilities }),
      ...(windowsOptions !== undefined && { windowsOptions }),
    },
    maybe: {
      ...(privileged === undefined && { privileged: SOME_BOOLEAN }),
      ...(capability === undefined && { capabilities }),
      allowPrivilegeEscalation: SOME_BOOLEAN,
      readOnlyRootFilesystem: SOME_BOOLEAN,
      runAsNonRoot: SOME_BOOLEAN,
      runAsUser: SOMETHING,
      runAsGroup: SOMETHING,
    },
    open: true,
    generic,
  });
}

function anyPodSecurity(there: Values): Mapping {
  return new Mapping({ there, maybe: { runAsNonRoot: SOME_BOOLEAN, runAsUser: SOMETHING, runAsGroup: SOMETHING }, open: true });
}

function anyVolume(): Mapping {
  const hostPath = new Mapping({ there: { path: SOMETHING, type: SOMETHING }, generic: true });
  return new Mapping({ there: { name: SOMETHING }, maybe: { hostPath }, open: true, generic: true });
}

/** A pod as it is written, with what the API server and its admission fill in; what they may add is open. */
export function writtenPod(namespace: string, pod: Fields): Value {
  const meta = isRecord(pod.metadata) ? pod.metadata : {};
  const spec = isRecord(pod.spec) ? pod.spec : {};
  const metadata = new Mapping({ there: { ...fields(without(meta, ['namespace', ...SYSTEM_META])), namespace }, maybe: systemMeta(meta) });
  return new Mapping({ there: { apiVersion: 'v1', kind: 'Pod', metadata, spec: writtenSpec(spec) }, maybe: { status: SOMETHING } });
}

const SYSTEM_META = ['uid', 'creationTimestamp', 'managedFields', 'resourceVersion', 'generation'];

function systemMeta(meta: Fields): Values {
  const maybe = Object.fromEntries(SYSTEM_META.map((name) => [name, SOMETHING]));
  return meta.name === undefined ? { ...maybe, name: SOMETHING } : maybe;
}

function writtenSpec(spec: Fields): Mapping {
  const account = spec.serviceAccountName ?? spec.serviceAccount ?? 'default';
  const there: Record<string, Value> = {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    terminationGracePeriodSeconds: 30n,
    enableServiceLinks: true,
    ...fields(without(spec, ['hostPID', 'hostIPC', 'hostNetwork', 'tolerations', 'volumes']), true),
    serviceAccountName: fromJson(account),
    serviceAccount: fromJson(account),
    securityContext: isRecord(spec.securityContext) ? fromJson(spec.securityContext) : new Mapping({}),
  };
  for (const name of ['hostPID', 'hostIPC', 'hostNetwork']) if (spec[name] === true) there[name] = true;
  const mounts = spec.automountServiceAccountToken !== false;
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) {
    const written: unknown[] = Array.isArray(spec[list]) ? spec[list] : [];
    if (written.length > 0) there[list] = new Listing(written.map((each) => writtenContainer(isRecord(each) ? each : {}, mounts)));
    else delete there[list];
  }
  const volumes: unknown[] = Array.isArray(spec.volumes) ? spec.volumes : [];
  const token = new Mapping({ there: { name: SOMETHING, projected: SOMETHING }, generic: true });
  const all = new Listing(
    volumes.map((each) => writtenVolume(isRecord(each) ? each : {})),
    mounts ? [token] : [],
  );
  const maybe: Record<string, Value> = { ...ADDED, tolerations: new Listing([], [SOMETHING]) };
  if (volumes.length > 0) there.volumes = all;
  else if (mounts) maybe.volumes = all;
  for (const name of Object.keys(there)) delete maybe[name];
  return new Mapping({ there, maybe });
}

/** What admission plug-ins add by objects of the cluster. */
const ADDED: Values = Object.fromEntries(
  ['priority', 'preemptionPolicy', 'priorityClassName', 'nodeSelector', 'nodeName', 'overhead', 'imagePullSecrets'].map((name) => [
    name,
    SOMETHING,
  ]),
);

function writtenContainer(container: Fields, mounts: boolean): Mapping {
  const volumeMounts: unknown[] = Array.isArray(container.volumeMounts) ? container.volumeMounts : [];
  const token = new Mapping({ there: { name: SOMETHING, mountPath: TOKEN_FOLDER, readOnly: true }, generic: true });
  const all = new Listing(
    volumeMounts.map((each) => fromJson(each)),
    mounts ? [token] : [],
  );
  const there: Record<string, Value> = {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...fields(without(container, ['volumeMounts', 'resources', 'securityContext']), true),
    ...(isRecord(container.securityContext) && { securityContext: writtenSecurity(container.securityContext) }),
    resources: writtenResources(container.resources),
  };
  if (volumeMounts.length > 0) there.volumeMounts = all;
  return new Mapping({
    there,
    maybe: {
      ...(container.imagePullPolicy === undefined && { imagePullPolicy: SOMETHING }),
      ...(volumeMounts.length === 0 && mounts && { volumeMounts: all }),
    },
  });
}
const TOKEN_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Requests are filled in from limits. */
function writtenResources(resources: unknown): Mapping {
  const { limits, requests } = isRecord(resources) ? resources : {};
  const asked =
    isRecord(limits) || isRecord(requests) ? { ...(isRecord(limits) ? limits : {}), ...(isRecord(requests) ? requests : {}) } : undefined;
  return new Mapping({ there: fields({ limits, requests: asked }) });
}

function writtenVolume(volume: Fields): Mapping {
  const { hostPath } = volume;
  if (isRecord(hostPath)) return new Mapping({ there: fields({ ...volume, hostPath: { type: '', ...hostPath } }) });
  const isEmpty = Object.keys(volume).every((name) => name === 'name');
  return new Mapping({ there: fields(isEmpty ? { ...volume, emptyDir: {} } : volume, true) });
}

function writtenSecurity(context: Fields): Mapping {
  return new Mapping({ there: fields(context), maybe: context.procMount === undefined ? { procMount: 'Default' } : {} });
}

/** Where the API server fills in more than is known here, objects stay open. */
function fields(json: Fields, open = false): Record<string, Value> {
  const written = Object.entries(json).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(written.map(([key, value]) => [key, open ? opened(value) : fromJson(value)]));
}

function opened(json: unknown): Value {
  if (Array.isArray(json)) return new Listing(json.map((each) => opened(each)));
  return isRecord(json) ? new Mapping({ there: fields(json, true), open: true }) : fromJson(json);
}

function without(json: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));
}
