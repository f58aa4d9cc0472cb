/**
 * What beside the version decides whether a hole can be used: settings of components, kinds of nodes, objects in use,
 * who holds which right. Each answers yes, no, or that it is not known and which setting decides. `needs` of a CVE
 * names one of them, with its argument after a colon.
 */
import { type ApiObject, type Tables, coversResource, volumeSources } from '../../model/index.ts';
import { type CommandLine, commandLineOf, gateOf, listOf, parseBoolean, parseInteger, settingOf } from '../command-line/index.ts';
import { settingsOfNodes } from '../component-config/index.ts';
import { isOfEveryKubelet, kubeletsWith, readKubeletConfigs } from './kubelet-configs.ts';
import type { Instance } from './inventory.ts';
import type { Tristate } from './version.ts';

/** The tables that conditions look at. */
export const CONDITION_TABLES = [
  'kubernetes',
  'completeness',
  'workloads',
  'access',
  'Node',
  'Service',
  'ServiceAccount',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'CustomResourceDefinition',
  'APIService',
  'ValidatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'KubeletConfiguration',
  'collected',
] as const satisfies readonly (keyof Tables)[];
export type ConditionTables = Pick<Tables, (typeof CONDITION_TABLES)[number]>;

export interface Judged {
  readonly holds: Tristate;
  /** A clause: why it applies, why not, or what decides. */
  readonly because: string;
  /** Objects and fields that say so. */
  readonly evidence?: readonly Evidence[];
  /** The instances that are meant, where not all are. */
  readonly instances?: readonly Instance[];
}
export interface Evidence {
  readonly object: ApiObject;
  readonly path: string;
}

/** What a condition is asked of: the instances of one component in an affected version. */
export interface Question {
  readonly component: string;
  readonly instances: readonly Instance[];
  readonly tables: ConditionTables;
  /** What stands after the colon of `needs`. */
  readonly argument: string;
}

type Condition = (question: Question) => Judged;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  'windows-nodes': windowsNodes,
  'windows-log-query': windowsLogQuery,
  gitrepo: gitRepo,
  'kubelet-read-only-port': kubeletReadOnlyPort,
  'kubelet-healthz-open': kubeletHealthz,
  'aggregated-api': aggregatedApi,
  'cluster-custom-resources': clusterCustomResources,
  'sibling-custom-resources': siblingCustomResources,
  'mountable-secrets': mountableSecrets,
  'node-webhook': nodeWebhook,
  'empty-seccomp': emptySeccomp,
  'host-network': hostNetwork,
  portworx,
  'external-ips': externalIps,
  'webhook-redirect': webhookRedirect,
  'node-proxy': nodeProxy,
  'node-writers': nodeWriters,
  'endpoints-writers': endpointsWriters,
  'nginx-webhook': nginxWebhook,
  'distribution-kernel': distributionKernel,
  'log-level': logLevel,
  gate: featureGate,
  flag: flagNames,
  'flag-not': flagDoesNotName,
  ask: ({ argument }) => ({ holds: 'unknown', because: `it depends on ${argument}` }),
};

/** Whether a file of data may ask for it. */
export function isCondition(needs: string): boolean {
  return Object.hasOwn(CONDITIONS, nameOf(needs)[0]);
}

export function judgeCondition(needs: string, question: Omit<Question, 'argument'>): Judged {
  const [name, argument] = nameOf(needs);
  const condition = Object.hasOwn(CONDITIONS, name) ? CONDITIONS[name] : undefined;
  return condition?.({ ...question, argument }) ?? { holds: 'unknown', because: `this version of Castellan cannot judge "${name}"` };
}

function nameOf(needs: string): [string, string] {
  const colon = needs.indexOf(':');
  return colon < 0 ? [needs, ''] : [needs.slice(0, colon), needs.slice(colon + 1)];
}

/** What is not there is absent where everything was read, and else not known. */
function absent({ completeness }: ConditionTables, what: string): Judged {
  return completeness.complete
    ? { holds: 'no', because: `the cluster has no ${what}` }
    : { holds: 'unknown', because: `it needs ${what}, and the input is not the whole cluster` };
}

function found(what: string, objects: readonly ApiObject[], path: string): Judged {
  const [first] = objects;
  const more = objects.length > 1 ? ` and ${objects.length - 1} more` : '';
  return {
    holds: 'yes',
    because: `${what}: ${first === undefined ? '' : nameIn(first)}${more}`,
    evidence: objects.slice(0, 10).map((object) => ({ object, path })),
  };
}

function nameIn({ kind, namespace, name }: ApiObject): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function windowsNodes({ instances }: Question): Judged {
  const windows = instances.filter(isWindows);
  if (windows.length > 0)
    return { holds: 'yes', because: `${windows.length === 1 ? 'a node runs' : `${windows.length} nodes run`} Windows`, instances: windows };
  const silent = instances.filter(({ object }) => object?.known !== 'Node' || systemOfNode(object) === undefined);
  return silent.length > 0
    ? { holds: 'unknown', because: 'only nodes with Windows have it, and not every node tells its system', instances: silent }
    : { holds: 'no', because: 'none of the nodes runs Windows' };
}

function isWindows({ object }: Instance): boolean {
  return object?.known === 'Node' && systemOfNode(object) === 'windows';
}

function systemOfNode(object: ApiObject): string | undefined {
  return (object as ApiObject<'Node'>).body.status?.nodeInfo?.operatingSystem || object.labels['kubernetes.io/os'];
}

/** The node log query is off unless the kubelet's configuration switches it on. */
function windowsLogQuery(question: Question): Judged {
  const windows = windowsNodes(question);
  if (windows.holds === 'no') return windows;
  const configs = readKubeletConfigs(question.tables, windows.instances ?? question.instances);
  const on = configs.find(({ body }) => body.enableSystemLogQuery === true && body.featureGates?.NodeLogQuery === true);
  if (windows.holds === 'yes' && on !== undefined)
    return { ...windows, because: 'nodes run Windows, and the log query is switched on', evidence: [on] };
  return { ...windows, holds: 'unknown', because: 'it needs nodes with Windows and enableSystemLogQuery of their kubelets' };
}

/** Since 1.33 the kubelet refuses the volume unless GitRepoVolumeDriver is on. */
function gitRepo({ instances, tables }: Question): Judged {
  const users = tables.workloads.all.filter(({ pod }) => (pod.volumes ?? []).some((volume) => volumeSources(volume).includes('gitRepo')));
  const serving = instances.filter(({ version }) => version === undefined || version.minor < GITREPO_OFF);
  const on = readKubeletConfigs(tables, instances).find(({ body }) => body.featureGates?.GitRepoVolumeDriver === true);
  if (serving.length === 0 && on === undefined)
    return isOfEveryKubelet(tables, instances)
      ? { holds: 'no', because: 'the kubelet refuses gitRepo volumes, as its configuration leaves GitRepoVolumeDriver off' }
      : {
          holds: 'unknown',
          because:
            'these kubelets refuse gitRepo volumes unless GitRepoVolumeDriver is on, and the input does not have the configuration of each',
        };
  const which = on === undefined ? { instances: serving } : {};
  if (users.length > 0) {
    const objects = users.map(({ object }) => object);
    const { podPath = 'spec' } = users[0] ?? {};
    return { ...found('pods use gitRepo volumes', objects, `${podPath}.volumes`), ...which };
  }
  return { holds: 'yes', because: 'no pod of the input uses a gitRepo volume, but whoever may create pods can', ...which };
}
const GITREPO_OFF = 33;
const NOT_OF_ALL = 'and the configuration in the input need not be that of every kubelet';

function kubeletReadOnlyPort({ tables, instances }: Question): Judged {
  const configs = readKubeletConfigs(tables, instances);
  const open = configs.filter(({ body }) => (body.readOnlyPort ?? 0) > 0);
  if (open[0] !== undefined)
    return {
      holds: 'yes',
      because: `the kubelet serves its read-only port ${open[0].body.readOnlyPort}`,
      evidence: open.slice(0, 3),
      instances: kubeletsWith(open, instances),
    };
  if (configs.length === 0)
    return {
      holds: 'unknown',
      because: 'it needs the read-only port of the kubelet, whose configuration is not in the input (readOnlyPort)',
    };
  const evidence = configs.slice(0, 3);
  return isOfEveryKubelet(tables, instances)
    ? { holds: 'no', because: 'the configuration of the kubelet leaves the read-only port closed', evidence }
    : { holds: 'unknown', because: `it needs the read-only port of a kubelet, ${NOT_OF_ALL} (readOnlyPort)`, evidence };
}

function kubeletHealthz({ tables, instances }: Question): Judged {
  const configs = readKubeletConfigs(tables, instances);
  const open = configs.filter(({ body }) => !/^(?:127\.|::1$|localhost$|$)/.test(body.healthzBindAddress ?? ''));
  if (open[0] !== undefined)
    return {
      holds: 'yes',
      because: `healthzBindAddress is ${open[0].body.healthzBindAddress}`,
      evidence: open.slice(0, 3),
      instances: kubeletsWith(open, instances),
    };
  const evidence = configs.slice(0, 3);
  if (isOfEveryKubelet(tables, instances))
    return { holds: 'no', because: 'the health port of the kubelet is on the loopback address', evidence };
  const why = configs.length === 0 ? '' : `, ${NOT_OF_ALL}`;
  return {
    holds: 'unknown',
    because: `it needs a health port beyond the loopback address${why} (healthzBindAddress of the kubelet)`,
    evidence,
  };
}

function aggregatedApi({ tables }: Question): Judged {
  const services = tables.APIService.all.filter(({ body }) => body.spec?.service !== undefined);
  return services.length > 0
    ? found('APIs are served by others', services, 'spec.service')
    : absent(tables, 'APIService that leads to another server');
}

function clusterCustomResources({ tables }: Question): Judged {
  const wide = tables.CustomResourceDefinition.all.filter(({ body }) => body.spec?.scope === 'Cluster');
  return wide.length > 0
    ? found('custom resources have no namespace', wide, 'spec.scope')
    : absent(tables, 'custom resource without a namespace');
}

function siblingCustomResources({ tables }: Question): Judged {
  const groups = new Map<string, ApiObject<'CustomResourceDefinition'>[]>();
  for (const each of tables.CustomResourceDefinition.all) {
    const group = each.body.spec?.group ?? '';
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [each]);
    else members.push(each);
  }
  const siblings = [...groups.values()].filter((members) => members.length > 1).flat();
  return siblings.length > 0
    ? found('definitions share an API group', siblings, 'spec.group')
    : absent(tables, 'API group with two definitions');
}

const MOUNTABLE = 'kubernetes.io/enforce-mountable-secrets';

function mountableSecrets({ tables }: Question): Judged {
  const limited = tables.ServiceAccount.all.filter(({ annotations }) => annotations[MOUNTABLE] === 'true');
  return limited.length > 0
    ? found('service accounts limit what may be mounted', limited, `metadata.annotations["${MOUNTABLE}"]`)
    : absent(tables, `service account with ${MOUNTABLE}`);
}

function nodeWebhook({ tables }: Question): Judged {
  const hooks = tables.ValidatingWebhookConfiguration.all.filter(({ body }) =>
    (body.webhooks ?? []).some(({ rules = [] }) =>
      rules.some(({ resources = [] }) => resources.some((each) => each === 'nodes' || each === '*' || each === '*/*')),
    ),
  );
  return hooks.length > 0 ? found('a webhook validates Nodes', hooks, 'webhooks') : absent(tables, 'validating webhook for Nodes');
}

function emptySeccomp({ tables }: Question): Judged {
  const users = tables.workloads.all.filter(({ pod, containers }) =>
    [pod.securityContext?.seccompProfile, ...containers.map(({ spec }) => spec.securityContext?.seccompProfile)].some(
      (profile) => profile?.type === 'Localhost' && !profile.localhostProfile,
    ),
  );
  const objects = users.map(({ object }) => object);
  return users.length > 0
    ? found('pods name an empty profile', objects, users[0]?.podPath ?? 'spec')
    : absent(tables, 'pod with an empty localhost profile');
}

function hostNetwork({ tables }: Question): Judged {
  const users = tables.workloads.all.filter(({ pod, namespace }) => pod.hostNetwork === true && namespace !== 'kube-system');
  const objects = users.map(({ object }) => object);
  return users.length > 0
    ? found('pods use the network of their node', objects, `${users[0]?.podPath ?? 'spec'}.hostNetwork`)
    : absent(tables, 'pod on the network of its node outside kube-system');
}

function portworx({ tables }: Question): Judged {
  const classes = tables.StorageClass.all.filter(({ body }) => body.provisioner === 'kubernetes.io/portworx-volume');
  return classes.length > 0
    ? found('a StorageClass uses Portworx', classes, 'provisioner')
    : absent(tables, 'StorageClass of kubernetes.io/portworx-volume');
}

interface Seen {
  line: CommandLine;
  evidence: Evidence;
}

/** The command lines of a component, where the input shows them: what was collected on a node counts more than the pod that stands for it. */
function linesOf(tables: ConditionTables, component: string): Seen[] {
  const collected = settingsOfNodes(tables.collected).lines.filter(({ line }) => line.component === component);
  const nodes = new Set(collected.map(({ node }) => node));
  const inPods = tables.workloads.all.flatMap(({ containers, object, isMirrorPod, pod }) =>
    containers.flatMap((container) => {
      const line = container.type === 'init' || container.type === 'ephemeral' ? undefined : commandLineOf(container.spec);
      if (line?.component !== component || (isMirrorPod && nodes.has(pod.nodeName ?? ''))) return [];
      const path = `${container.path}.${line.list}`;
      return [{ line, evidence: { object, path } }];
    }),
  );
  return [...collected.map(({ line, object, path }) => ({ line, evidence: { object, path } })), ...inPods];
}

/** Judges each process by itself; the worst holds. */
function ofProcesses(
  tables: ConditionTables,
  component: string,
  { decides, judge }: { decides: string; judge: (line: CommandLine) => Judged },
): Judged {
  const seen = linesOf(tables, component);
  if (seen.length === 0) return { holds: 'unknown', because: `it depends on ${decides} of ${component}, whose flags are not in the input` };
  const all = seen.map(({ line, evidence }) => ({ ...judge(line), evidence: [evidence] }));
  return (
    all.find(({ holds }) => holds === 'yes') ?? all.find(({ holds }) => holds === 'unknown') ?? all[0] ?? { holds: 'unknown', because: '' }
  );
}

function logLevel({ component, tables, argument }: Question): Judged {
  const least = Number(argument);
  return ofProcesses(tables, component, {
    decides: `--v (${argument} or more)`,
    judge(line) {
      const use = settingOf(line, '--v') ?? settingOf(line, '-v');
      if (use === undefined && line.hidden !== undefined) return { holds: 'unknown', because: `--v decides, and ${line.hidden}` };
      const level = use === undefined ? 0 : parseInteger(use.value);
      if (level === undefined || use?.opaque === true) return { holds: 'unknown', because: '--v decides, and its value is not shown' };
      return level >= least ? { holds: 'yes', because: `--v is ${level}` } : { holds: 'no', because: `--v is ${level}, below ${least}` };
    },
  });
}

/** `COMPONENT:--flag=item` */
function partsOf(argument: string): { component: string; flag: string; item: string } {
  const [, component = '', flag = '', item = ''] = /^([^:]*):(--[^=]*)=(.*)$/.exec(argument) ?? [];
  return { component, flag, item };
}

function flagNames({ tables, argument }: Question): Judged {
  const { component, flag, item } = partsOf(argument);
  return ofProcesses(tables, component, {
    decides: flag,
    judge(line) {
      const list = listOf(line, flag);
      if (list?.items.includes(item) === true) return { holds: 'yes', because: `${flag} names ${item}` };
      if (list?.opaque === true || (list === undefined && line.hidden !== undefined))
        return { holds: 'unknown', because: `${flag} is not shown` };
      return { holds: 'no', because: `${flag} does not name ${item}` };
    },
  });
}

function flagDoesNotName(question: Question): Judged {
  const named = flagNames(question);
  const { holds } = named;
  return holds === 'unknown' ? named : { ...named, holds: holds === 'yes' ? 'no' : 'yes' };
}

/** What the server itself tells, then the flags; a gate that nobody names is off here. */
function featureGate({ tables, argument }: Question): Judged {
  const told = tables.kubernetes.features?.[argument];
  if (told !== undefined)
    return told.enabled
      ? { holds: 'yes', because: `the feature gate ${argument} is on` }
      : { holds: 'no', because: `the feature gate ${argument} is off` };
  return ofProcesses(tables, 'kube-apiserver', {
    decides: `--feature-gates (${argument})`,
    judge(line) {
      const gate = gateOf(line, argument);
      if (gate?.on === true) return { holds: 'yes', because: `the feature gate ${argument} is on` };
      if (gate === undefined && line.hidden !== undefined)
        return { holds: 'unknown', because: `--feature-gates decides, and ${line.hidden}` };
      return { holds: 'no', because: `the feature gate ${argument} is off` };
    },
  });
}

/** CVE-2020-8554: DenyServiceExternalIPs, or a policy that looks at the field; else whoever may create Services can. */
function externalIps({ tables }: Question): Judged {
  const users = tables.Service.all.filter(({ body }) => (body.spec?.externalIPs ?? []).length > 0);
  const denied = flagNames({
    component: 'kube-apiserver',
    instances: [],
    tables,
    argument: 'kube-apiserver:--enable-admission-plugins=DenyServiceExternalIPs',
  });
  const policy = policyAbout(tables, 'externalIPs');
  const statusWriters = holdersOf(tables, { group: '', resources: ['services/status'], verbs: ['update', 'patch'] });
  if (statusWriters.length > 0) return byHolders(tables, statusWriters, 'write services/status');
  const more = users.length === 0 ? '' : `, and ${users.length === 1 ? 'a Service uses' : `${users.length} Services use`} externalIPs`;
  const evidence = users.slice(0, 10).map((object) => ({ object, path: 'spec.externalIPs' }));
  if (denied.holds === 'yes') {
    if (users.length === 0)
      return { ...denied, holds: 'no', because: 'DenyServiceExternalIPs is on, and nobody but the system writes services/status' };
    return { holds: 'yes', because: `DenyServiceExternalIPs is on${more} from before, which it leaves to them`, evidence };
  }
  if (policy !== undefined) {
    const own = { object: policy, path: 'spec' };
    return { holds: 'no', because: `the admission policy ${policy.name} looks at externalIPs${more}`, evidence: [own, ...evidence] };
  }
  if (denied.holds === 'no')
    return {
      holds: 'yes',
      because: `DenyServiceExternalIPs is off and no admission policy looks at externalIPs${more}`,
      evidence: [...(denied.evidence ?? []), ...evidence],
    };
  return {
    holds: 'unknown',
    because: `DenyServiceExternalIPs of kube-apiserver decides, whose flags are not in the input${more}`,
    evidence,
  };
}

/** A validating policy with a binding that denies, one of whose expressions looks at the field. */
function policyAbout(tables: ConditionTables, field: string): ApiObject | undefined {
  return tables.ValidatingAdmissionPolicy.all.find((policy) => {
    if (!JSON.stringify(policy.body.spec ?? {}).includes(field)) return false;
    return tables.ValidatingAdmissionPolicyBinding.all.some(({ body }) => {
      const text = JSON.stringify(body.spec ?? {});
      return text.includes(`"policyName":${JSON.stringify(policy.name)}`) && text.includes('"Deny"');
    });
  });
}

function webhookRedirect({ tables }: Question): Judged {
  return ofProcesses(tables, 'kube-apiserver', {
    decides: '--profiling and --v',
    judge(line) {
      const level = parseInteger(settingOf(line, '--v')?.value ?? '0');
      const profiling = settingOf(line, '--profiling');
      if (level === undefined || profiling?.opaque === true) return { holds: 'unknown', because: '--v and --profiling decide' };
      if (level >= 10) return { holds: 'yes', because: `--v is ${level}` };
      if (profiling !== undefined && parseBoolean(profiling.value) === false)
        return { holds: 'no', because: `--v is ${level} and --profiling is false` };
      if (line.hidden !== undefined && profiling === undefined)
        return { holds: 'unknown', because: `--profiling decides, and ${line.hidden}` };
      return { holds: 'yes', because: 'profiling is on, so the log level can be raised while it runs' };
    },
  });
}

interface Right {
  group: string;
  resources: readonly string[];
  verbs: readonly string[];
}
interface Holder {
  name: string;
  evidence: Evidence;
}

/**
 * Who holds one of the rights, beside the system's own identities and those who may do everything anyway. Rules that
 * name single objects give no right to others.
 */
function holdersOf({ access }: ConditionTables, { group, resources, verbs }: Right): Holder[] {
  const holders = new Map<string, Holder>();
  for (const { role, subjects, binding } of access.grants) {
    if (role === undefined) continue;
    const gives = access.rulesOf(role).some((rule) => {
      if ((rule.resourceNames ?? []).length > 0 || isEverything(rule)) return false;
      return (
        (rule.apiGroups ?? []).some((each) => each === '*' || each === group) &&
        (rule.verbs ?? []).some((each) => each === '*' || verbs.includes(each)) &&
        (rule.resources ?? []).some((entry) => resources.some((resource) => coversResource(entry, resource)))
      );
    });
    if (!gives || access.rulesOf(role).some(isEverything)) continue;
    for (const { kind, name, namespace } of subjects) {
      if (name.startsWith('system:') || (kind === 'ServiceAccount' && namespace === 'kube-system')) continue;
      const text = kind === 'ServiceAccount' ? `service account ${namespace}/${name}` : `${kind.toLowerCase()} ${name}`;
      if (!holders.has(text)) holders.set(text, { name: text, evidence: { object: binding, path: 'subjects' } });
    }
  }
  return [...holders.values()];
}

function isEverything({
  apiGroups = [],
  resources = [],
  verbs = [],
}: {
  apiGroups?: readonly string[];
  resources?: readonly string[];
  verbs?: readonly string[];
}): boolean {
  return [apiGroups, resources, verbs].every((list) => list.includes('*'));
}

function namesOf(holders: readonly Holder[]): string {
  const names = holders.map(({ name }) => name);
  return names.length > 2 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(' and ');
}

function byHolders(tables: ConditionTables, holders: readonly Holder[], what: string): Judged {
  if (holders.length > 0)
    return { holds: 'yes', because: `${namesOf(holders)} may ${what}`, evidence: holders.slice(0, 10).map(({ evidence }) => evidence) };
  return tables.completeness.complete
    ? { holds: 'no', because: `nobody but the system and administrators may ${what}` }
    : { holds: 'unknown', because: `it depends on who may ${what}, and the input is not the whole cluster` };
}

const WRITE = ['create', 'update', 'patch'] as const;

function endpointsWriters({ tables }: Question): Judged {
  const holders = [
    ...holdersOf(tables, { group: '', resources: ['endpoints'], verbs: WRITE }),
    ...holdersOf(tables, { group: 'discovery.k8s.io', resources: ['endpointslices'], verbs: WRITE }),
  ];
  const unique = [...new Map(holders.map((holder) => [holder.name, holder])).values()];
  return byHolders(tables, unique, 'write Endpoints or EndpointSlices');
}

function nodeWriters({ tables }: Question): Judged {
  return byHolders(tables, holdersOf(tables, { group: '', resources: ['nodes', 'nodes/status'], verbs: WRITE }), 'write Nodes');
}

/** Both rights are needed: to say where a node is, and to be led there. */
function nodeProxy({ tables }: Question): Judged {
  const writers = holdersOf(tables, { group: '', resources: ['nodes', 'nodes/status'], verbs: WRITE });
  const proxies = new Set(holdersOf(tables, { group: '', resources: ['nodes/proxy'], verbs: ['get', 'create'] }).map(({ name }) => name));
  return byHolders(
    tables,
    writers.filter(({ name }) => proxies.has(name)),
    'write Nodes and proxy to them',
  );
}

/** The controller serves the webhook only where a flag gives it an address. */
function nginxWebhook({ instances }: Question): Judged {
  const serving = instances.filter(({ container }) =>
    [...(container?.spec.args ?? []), ...(container?.spec.command ?? [])].some((word) => word.startsWith('--validating-webhook')),
  );
  if (serving.length > 0)
    return { holds: 'yes', because: 'the controller serves its admission webhook (--validating-webhook)', instances: serving };
  return instances.every(({ container }) => container !== undefined)
    ? { holds: 'no', because: 'the controller does not serve its admission webhook (no --validating-webhook)' }
    : { holds: 'unknown', because: '--validating-webhook of the controller decides' };
}

/** A distribution repairs its kernel without taking the number of the release that did so first. */
function distributionKernel({ instances }: Question): Judged {
  const own = instances.filter(({ version }) => version !== undefined && version.vendor === '');
  if (own.length > 0) return { holds: 'yes', because: 'the kernel is an upstream release', instances: own };
  return { holds: 'unknown', because: "the kernel is a distribution's own build, which may have the fix: its advisories tell" };
}
