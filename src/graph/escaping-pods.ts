/** Pods by which whoever may create them comes to have a node, as narrow as they can be: what else they say is free. */
import { type Needs, type PodRequest, type SecurityNeeds, anyPod, writtenPod } from '../engines/admission-policy/index.ts';
import { Mapping, SOMETHING, type Value } from '../engines/cel/index.ts';
import { isRecord } from '../model/index.ts';

type Fields = Readonly<Record<string, unknown>>;
type Lists = 'containers' | 'initContainers';

/** One way to write such a pod. */
export interface EscapingPod {
  /** Whether it surely leads to the node; the others only might. */
  readonly sure: boolean;
  /** Any pod that goes this way. */
  readonly any: (namespace: string) => Value;
  /** Pods that go this way, made of one that does not. */
  readonly written: readonly ((pod: Fields) => Fields)[];
}

/** What a pod is made of that is written: root may be in it, and nothing confines it. */
export function isUsable(pod: Fields): boolean {
  const spec = specOf(pod);
  const contexts = [spec.securityContext, containersOf(spec)[0]?.securityContext].filter((each) => isRecord(each));
  return contexts.every((each) => each.runAsNonRoot !== true && (each.runAsUser ?? 0) === 0 && each.appArmorProfile === undefined);
}

/** Each gives the node by itself, or with a host namespace that is told beside it. */
const SURE_CAPABILITIES = ['SYS_ADMIN', 'SYS_MODULE', 'ALL'];
/** Hang on the node, on how its runtime spells names, or give its files only. */
const UNSURE_CAPABILITIES = [
  'DAC_READ_SEARCH',
  'SYS_RAWIO',
  'SYS_BOOT',
  'BPF',
  'PERFMON',
  'CAP_SYS_ADMIN',
  'CAP_SYS_MODULE',
  'sys_admin',
  'all',
];
const FOLDERS = ['/', '/run', '/var/run', '/etc', '/var/lib/kubelet'];
const LISTS = ['containers', 'initContainers'] as const;

export const ESCAPING_PODS: readonly EscapingPod[] = [
  ...LISTS.map((list) => contained(list, { privileged: true })),
  {
    sure: true,
    any: (namespace) => anyPod(namespace, { volume: { hostPath: new Mapping({ there: { path: SOMETHING, type: SOMETHING } }) } }),
    written: [false, true].flatMap((readOnly) => FOLDERS.map((folder) => (pod: Fields) => withFolder(pod, folder, readOnly))),
  },
  ...SURE_CAPABILITIES.flatMap((capability) => LISTS.map((list) => contained(list, { capability }))),
  ...LISTS.map((list) => contained(list, { capability: 'SYS_PTRACE' }, { hostPID: true })),
  ...UNSURE_CAPABILITIES.flatMap((capability) => LISTS.map((list) => ({ ...contained(list, { capability }), sure: false }))),
];

/** Of Windows, where a container or the whole pod is told to be a process of the host. */
export const HOST_PROCESS_PODS: readonly EscapingPod[] = [
  ...LISTS.map((list) => unsure({ container: { list, securityContext: { windowsOptions: hostProcess() } } })),
  unsure({ securityContext: { windowsOptions: hostProcess() } }),
];

/** The writes of any running pod into which a container is put that comes to have the node. */
export function writesOfContainers({ namespace, user }: Asked): PodRequest[] {
  const needs: SecurityNeeds[] = [
    { privileged: true },
    ...[...SURE_CAPABILITIES, ...UNSURE_CAPABILITIES].map((capability) => ({ capability })),
  ];
  return needs.map((securityContext) => {
    const object = anyPod(namespace, { container: { list: 'ephemeralContainers', securityContext } });
    return { operation: 'UPDATE', subresource: 'ephemeralcontainers', namespace, user, object };
  });
}

export type Asked = Pick<PodRequest, 'namespace' | 'user'>;

/** The write of any pod that goes a way. */
export function writeOfAny({ any }: EscapingPod, { namespace, user }: Asked): PodRequest {
  return { operation: 'CREATE', namespace, user, object: any(namespace) };
}

/** The write of one pod. */
export function writeOf(pod: Fields, { namespace, user }: Asked): PodRequest {
  const { name, labels } = (pod.metadata ?? {}) as { name?: string; labels?: Readonly<Record<string, string>> };
  return { operation: 'CREATE', namespace, user, object: writtenPod(namespace, pod), name, labels: labels ?? {} };
}

function contained(list: Lists, needs: SecurityNeeds, host: { hostPID?: true } = {}): EscapingPod {
  const securityContext = needs.privileged === true ? { privileged: true } : { capabilities: { add: [needs.capability] } };
  return {
    sure: true,
    any: (namespace) => anyPod(namespace, { spec: host, container: { list, securityContext: needs } }),
    written: [
      (pod) => withContainer(pod, { list, securityContext, host }),
      (pod) => withContainer(pod, { list, securityContext: { ...hardened(pod), ...securityContext }, host }),
    ],
  };
}

function unsure(needs: Needs): EscapingPod {
  return { sure: false, any: (namespace) => anyPod(namespace, needs), written: [] };
}

function hostProcess(): Value {
  return new Mapping({ there: { hostProcess: true }, open: true });
}

interface Part {
  readonly list: Lists;
  readonly securityContext: Fields;
  readonly host: Fields;
}

/** The first container, or a copy of it that runs before the others, with another security context. */
function withContainer(pod: Fields, { list, securityContext, host }: Part): Fields {
  const spec = specOf(pod);
  const [first = {}, ...others] = containersOf(spec);
  if (list === 'containers') return { ...pod, spec: { ...spec, ...host, containers: [{ ...first, securityContext }, ...others] } };
  return { ...pod, spec: { ...spec, ...host, initContainers: [{ ...first, name: 'first', securityContext }] } };
}

function hardened(pod: Fields): Fields {
  const context = containersOf(specOf(pod))[0]?.securityContext;
  const { allowPrivilegeEscalation: _, capabilities: __, ...others } = isRecord(context) ? context : {};
  return others;
}

function withFolder(pod: Fields, path: string, readOnly: boolean): Fields {
  const spec = specOf(pod);
  const [first = {}, ...others] = containersOf(spec);
  const written: unknown[] = Array.isArray(spec.volumes) ? spec.volumes : [];
  const mount = { name: 'host', mountPath: '/host', ...(readOnly && { readOnly }) };
  return {
    ...pod,
    spec: {
      ...spec,
      volumes: [...written, { name: 'host', hostPath: { path } }],
      containers: [
        { ...first, volumeMounts: [...(Array.isArray(first.volumeMounts) ? (first.volumeMounts as unknown[]) : []), mount] },
        ...others,
      ],
    },
  };
}

function specOf({ spec }: Fields): Fields {
  return isRecord(spec) ? spec : {};
}

function containersOf({ containers }: Fields): Fields[] {
  return Array.isArray(containers) ? (containers as unknown[]).filter((each) => isRecord(each)) : [];
}
