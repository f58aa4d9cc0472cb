/** Conditions of kubelets and of the nodes that they run on. */
import { type ApiObject, volumeSources } from '../../model/index.ts';
import { type Judged, type Question, found } from './condition.ts';
import type { Instance } from './inventory.ts';
import { isOfEveryKubelet, kubeletsWith, readKubeletConfigs } from './kubelet-configs.ts';

export function windowsNodes({ instances }: Question): Judged {
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
export function windowsLogQuery(question: Question): Judged {
  const windows = windowsNodes(question);
  if (windows.holds === 'no') return windows;
  const configs = readKubeletConfigs(question.tables, windows.instances ?? question.instances);
  const on = configs.find(({ body }) => body.enableSystemLogQuery === true && body.featureGates?.NodeLogQuery === true);
  if (windows.holds === 'yes' && on !== undefined)
    return { ...windows, because: 'nodes run Windows, and the log query is switched on', evidence: [on] };
  return { ...windows, holds: 'unknown', because: 'it needs nodes with Windows and enableSystemLogQuery of their kubelets' };
}

/** Since 1.33 the kubelet refuses the volume unless GitRepoVolumeDriver is on. */
export function gitRepo({ instances, tables }: Question): Judged {
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

export function kubeletReadOnlyPort({ tables, instances }: Question): Judged {
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

export function kubeletHealthz({ tables, instances }: Question): Judged {
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
