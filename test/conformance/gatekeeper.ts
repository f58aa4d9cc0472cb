/**
 * What the policies of gatekeeper-library ask, in terms of our rules. A policy is a template with parameters: where
 * they can be said as options of a rule, or ask what the rule asks anyway, the case counts; where they set bounds of
 * their own, it does not, and stands in the table with the reason.
 */
import { isRecord } from '../../src/model/index.ts';
import type { Question } from './agreement.ts';
import type { ScannerCase } from './scanner-cases.ts';
import type { RuleOptions } from './verdict.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** The rules that answer the policy, with their options; or why none does. */
type Answer = Pick<Question, 'rules' | 'options'> | string;
type Policy = (parameters: Parameters, item: ScannerCase) => Answer;

const OWN_BOUNDS = 'bounds of the policy that no option of a rule expresses';
const UPDATE = 'an update of a field that cannot change, which admission lets through; there is no update in a manifest';
const EXEMPT = 'an image that the policy exempts; here exceptions name workloads';
const UNMAPPED = 'no rule answers the policy';

const POLICIES: Readonly<Record<string, Policy>> = {
  K8sAllowedRepos: ({ repos }) => ({ rules: ['image-registry'], options: { 'image-registry': { allowed: texts(repos).map(registryOf) } } }),
  // The entry `NAME:TAG` allows one image: as option its repository, and no case has another tag of it.
  K8sAllowedReposv2: ({ allowedImages }) => ({
    rules: ['image-registry'],
    options: { 'image-registry': { allowed: texts(allowedImages).map((entry) => registryOf(entry.replace(/\*$|:[^:/]*$/, ''))) } },
  }),
  K8sDisallowedRepos: ({ repos }) => ({
    rules: ['image-registry'],
    options: { 'image-registry': { denied: texts(repos).map(registryOf) } },
  }),
  K8sDisallowedTags: ({ tags }) => ({ rules: ['image-tag-latest'], options: { 'image-tag-latest': { floating: texts(tags) } } }),
  K8sImageDigests: always('image-digest'),

  K8sBlockEndpointEditDefaultRole: always('rbac-network-write'),
  K8sBlockLoadBalancer: always('service-nodeport'),
  K8sBlockNodePort: always('service-nodeport'),
  K8sBlockWildcardIngress: always('ingress-wildcard'),
  K8sExternalIPs: ({ allowedIPs }) => ({
    rules: ['service-external-ip'],
    options: { 'service-external-ip': { allowed: texts(allowedIPs) } },
  }),
  K8sHttpsOnly: always('ingress-no-tls'),
  K8sUniqueIngressHost: always('ingress-host-conflict'),
  K8sUniqueServiceSelector: always('service-selector-unique'),
  K8sDisallowAnonymous: ({ allowedRoles, disallowAuthenticated }, { inputs }) => {
    const roles = texts(allowedRoles);
    if (inputs.some((binding) => roles.includes(String(at(binding, 'roleRef', 'name')))))
      return 'a role that the policy allows to everybody';
    return { rules: disallowAuthenticated === true ? ['rbac-anonymous', 'rbac-authenticated'] : ['rbac-anonymous'] };
  },

  K8sContainerLimits: ({ cpu, memory }) => withinBounds('limit', cpu, memory),
  K8sContainerRequests: ({ cpu, memory }) => withinBounds('request', cpu, memory),
  K8sContainerRatios: ({ ratio, cpuRatio = ratio }) => ({
    rules: ['requests-equal-limits'],
    options: { 'requests-equal-limits': { cpu: Number(cpuRatio), memory: Number(ratio) } },
  }),
  K8sContainerEphemeralStorageLimit: () => OWN_BOUNDS,
  K8sRequiredResources: ({ limits, requests }) => {
    const rules = [...texts(limits).map((resource) => `${resource}-limit`), ...texts(requests).map((resource) => `${resource}-request`)];
    return rules.length === 0 ? 'configured to ask nothing' : { rules };
  },

  K8sPSPAllowPrivilegeEscalationContainer: always('allow-privilege-escalation'),
  K8sPSPAllowedUsers: (parameters) => {
    const asked = Object.entries(parameters).filter(([, value]) => at(value, 'rule') !== 'RunAsAny');
    const nonRoot = asked.length === 1 && asked[0]?.[0] === 'runAsUser' && at(parameters, 'runAsUser', 'rule') === 'MustRunAsNonRoot';
    return nonRoot ? { rules: ['run-as-non-root', 'run-as-user-zero'] } : OWN_BOUNDS;
  },
  K8sPSPAppArmor: ({ allowedProfiles }) =>
    isSet(allowedProfiles, ['runtime/default', 'localhost/*']) ? { rules: ['apparmor'] } : OWN_BOUNDS,
  K8sPSPAutomountServiceAccountTokenPod: always('automount-token'),
  K8sPSPCapabilities: ({ requiredDropCapabilities }) => ({
    rules: texts(requiredDropCapabilities).includes('ALL') ? ['added-capabilities', 'drop-all-capabilities'] : ['added-capabilities'],
  }),
  K8sPSPFSGroup: () => OWN_BOUNDS,
  K8sPSPFlexVolumes: () => OWN_BOUNDS,
  // Without a list of its own of what is forbidden, it forbids what is not safe.
  K8sPSPForbiddenSysctls: ({ forbiddenSysctls }) => (forbiddenSysctls === undefined ? { rules: ['unsafe-sysctl'] } : OWN_BOUNDS),
  K8sPSPHostFilesystem: ({ allowedHostPaths }, { inputs }) => {
    const prefixes = list(allowedHostPaths).map((entry) => String(at(entry, 'pathPrefix')));
    const paths = pods(inputs).flatMap((pod) => list(pod.volumes).map((volume) => String(at(volume, 'hostPath', 'path'))));
    return paths.some((path) => prefixes.some((prefix) => path.startsWith(prefix))) ? OWN_BOUNDS : { rules: ['host-path'] };
  },
  K8sPSPHostNamespace: always('host-pid', 'host-ipc'),
  K8sPSPHostNetworkingPorts: ({ hostNetwork, min = 0, max = 0 }, { inputs }) => {
    const inRange = hostPortsOf(inputs).some((port) => port >= Number(min) && port <= Number(max));
    if (inRange) return OWN_BOUNDS;
    return { rules: hostNetwork === true ? ['host-port'] : ['host-port', 'host-network'] };
  },
  K8sPSPHostProbesLifecycle: always('probe-host'),
  K8sPSPHostProcess: always('windows-host-process'),
  K8sPSPPrivilegedContainer: always('privileged'),
  K8sPSPProcMount: ({ procMount }) => (procMount === 'Default' ? { rules: ['proc-mount'] } : OWN_BOUNDS),
  K8sPSPReadOnlyRootFilesystem: always('read-only-rootfs'),
  K8sPSPSELinuxV2: ({ allowedSELinuxOptions }) => {
    const types = list(allowedSELinuxOptions).map((entry) => String(at(entry, 'type')));
    return isSet(types, ['container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']) ? { rules: ['selinux'] } : OWN_BOUNDS;
  },
  K8sPSPSeccomp: always('seccomp-missing', 'seccomp-unconfined'),
  K8sPSPSeccompV2: ({ allowedProfiles }) => ({
    rules: texts(allowedProfiles).includes('not configured') ? ['seccomp-unconfined'] : ['seccomp-missing', 'seccomp-unconfined'],
  }),
  K8sPSPVolumeTypes: always('volume-types', 'host-path'),
  K8sDisallowInteractiveTTY: always('interactive-container'),

  K8sHorizontalPodAutoscaler: () => OWN_BOUNDS,
  K8sPodDisruptionBudget: always('pdb-blocking'),
  K8sReplicaLimits: () => OWN_BOUNDS,
  K8sRequiredAnnotations: ({ annotations }, { inputs }) => ({
    rules: ['required-annotations'],
    options: { 'required-annotations': { required: patterns(annotations), kinds: kindsOf(inputs) } },
  }),
  K8sRequiredLabels: ({ labels }, { inputs }) => ({
    rules: ['required-labels'],
    options: { 'required-labels': { labels: patterns(labels), kinds: kindsOf(inputs) } },
  }),
  K8sRequiredProbes: ({ probes }) => ({ rules: texts(probes).map((probe) => probe.replace('Probe', '-probe')) }),
  K8sStorageClass: ({ allowedStorageClasses }, { inputs, inventory = [] }) => {
    const allowed = texts(allowedStorageClasses);
    const existing = new Set(inventory.map((object) => at(object, 'metadata', 'name')));
    if (allowed.length === 0 && claimedClasses(inputs).some((name) => !existing.has(name)))
      return 'whether a class exists, which only a cluster can tell';
    return { rules: ['storage-class'], options: { 'storage-class': { allowed, required: true } } };
  },
  VerifyDeprecatedAPI: always('deprecated-api'),
};

/** The case in our terms, or why it has none. */
export function policyQuestion(item: ScannerCase): Question | string {
  const { check, inputs, inventory = [] } = item;
  const parameters = item.parameters ?? {};
  const policy = POLICIES[check];
  if (policy === undefined) return UNMAPPED;
  if (kindsOf(inputs).includes('AdmissionReview')) return UPDATE;
  if (imagesOf(inputs).some((image) => texts(parameters.exemptImages).some((pattern) => isExempt(image, pattern)))) return EXEMPT;
  const answer = policy(parameters, item);
  return typeof answer === 'string' ? answer : { ...answer, objects: [...inputs, ...inventory] };
}

function always(...rules: string[]): Policy {
  return () => ({ rules });
}

/** A side of the resources must be there and not above the bound; `-1` is no bound and nothing asked. */
function withinBounds(side: 'limit' | 'request', cpu: unknown, memory: unknown): Answer {
  const bound = (value: unknown): string => (value === '-1' ? '' : String(value));
  const range: RuleOptions = { leastCpuLimit: '', leastMemoryLimit: '', greatestCpu: bound(cpu), greatestMemory: bound(memory) };
  const asked = Object.entries({ cpu, memory }).filter(([, value]) => value !== '-1');
  return { rules: [...asked.map(([resource]) => `${resource}-${side}`), 'resource-range'], options: { 'resource-range': range } };
}

/** A prefix of image names as an entry of our list: names without a registry are Docker Hub's. */
function registryOf(prefix: string): string {
  const [first = '', ...rest] = prefix.replace(/\/$/, '').split('/');
  if (/[.:]|^localhost$/.test(first)) return [first, ...rest].join('/');
  return prefix.includes('/') ? ['docker.io', first, ...rest].join('/') : `docker.io/library/${first}`;
}

function isExempt(image: string, pattern: string): boolean {
  return pattern.endsWith('*') ? image.startsWith(pattern.slice(0, -1)) : image === pattern;
}

function patterns(entries: unknown): Record<string, string> {
  return Object.fromEntries(list(entries).map((entry) => [text(at(entry, 'key')), text(at(entry, 'allowedRegex'))]));
}

function pods(inputs: readonly unknown[]): Record<string, unknown>[] {
  return inputs.map((object) => at(object, 'spec', 'template', 'spec') ?? at(object, 'spec')).filter(isRecord);
}

function containersOf(inputs: readonly unknown[]): unknown[] {
  return pods(inputs).flatMap((pod) => ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) => list(pod[key])));
}

function imagesOf(inputs: readonly unknown[]): string[] {
  return containersOf(inputs).map((container) => String(at(container, 'image')));
}

function hostPortsOf(inputs: readonly unknown[]): number[] {
  const ports = containersOf(inputs).flatMap((container) => list(at(container, 'ports')));
  return ports.map((port) => Number(at(port, 'hostPort') ?? 0)).filter((port) => port > 0);
}

function claimedClasses(inputs: readonly unknown[]): string[] {
  const claims = inputs.flatMap((object) => [
    at(object, 'spec'),
    ...list(at(object, 'spec', 'volumeClaimTemplates')).map((claim) => at(claim, 'spec')),
  ]);
  return claims.map((spec) => at(spec, 'storageClassName')).filter((name) => typeof name === 'string');
}

function kindsOf(inputs: readonly unknown[]): string[] {
  return inputs.map((object) => String(at(object, 'kind')));
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function texts(value: unknown): string[] {
  return list(value).filter((entry) => typeof entry === 'string');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isSet(value: unknown, wanted: readonly string[]): boolean {
  const have = texts(value);
  return have.length === wanted.length && wanted.every((entry) => have.includes(entry));
}
