import { CONDITION_TABLES, type CveVerdict, builtInData, endOf, inventoryOf, judgeCves } from '../../engines/versions/index.ts';
import { apiServer } from '../control-plane/manifests.ts';
import { withPod } from '../examples.ts';
import { type Hit, defineRule, mitre, nsa } from '../rule.ts';
import { fieldsOf, instancesText } from './version-words.ts';

const node = (info: string): string => `{apiVersion: v1, kind: Node, metadata: {name: a}, status: {nodeInfo: {${info}}}}`;
const runs = (image: string): string => withPod('').replace(/image: .*/, `image: ${image}`);
/** With the file of the only kubelet: it leaves gitRepo volumes refused, as 1.33 and newer do by themselves. */
const withFile = (info: string): string =>
  `${node(info)}\n---\n{apiVersion: kubelet.config.k8s.io/v1beta1, kind: KubeletConfiguration, readOnlyPort: 0}`;
const GITREPO = withPod('volumes: [{name: code, gitRepo: {repository: "https://example.com/a.git"}}]');

export const rule = defineRule({
  id: 'known-cves',
  title: 'Known hole in a component, by its version',
  severity: 'high',
  area: 'governance',
  rationale:
    'Holes of Kubernetes, its runtimes and add-ons are public with their exploits; a component in an affected version is open to whoever reads the announcement, and some holes have no fix at all, so that only a setting closes them.',
  remedy:
    'Update the component to the release that is named; castellan versions shows the order and what each step closes. Where no release fixes it, set what the finding names.',
  controls: [...nsa('upgrading'), ...mitre('T1190', 'T1068')],
  aliases: {
    kubescape: ['C-0058', 'C-0079', 'C-0081', 'C-0087', 'C-0089', 'C-0090', 'C-0091'],
    'kyverno-policies': ['check-node-for-cve-2022-0185', 'mitigate-log4shell', 'prevent-cr8escape', 'verify-image-cve-2022-42889'],
  },
  effort: 'high',
  scope: 'cluster',
  reads: CONDITION_TABLES,
  applies: (_cluster, tables) => inventoryOf(tables).some(({ component, version }) => version !== undefined && listed().has(component)),
  check(_cluster, tables) {
    return judgeCves(inventoryOf(tables), tables)
      .filter(({ applies }) => applies !== 'no')
      .map(hitOf);
  },
  examples: () => ({
    good: [
      withFile('kubeletVersion: v1.36.3, containerRuntimeVersion: containerd://2.3.1, operatingSystem: linux'),
      // A vendor's build has the patch that it names.
      withFile('kubeletVersion: v1.33.5-eks-113cf36, operatingSystem: linux'),
      runs('quay.io/argoproj/argocd:v2.14.2'),
      runs('registry.k8s.io/ingress-nginx/controller:v1.12.1'),
      runs('example.com/app:1.0'),
    ],
    bad: [
      { yaml: `${node('kubeletVersion: v1.30.1, operatingSystem: linux')}\n---\n${GITREPO}`, path: '', severity: 'high' },
      { yaml: node('kubeletVersion: v1.27.1, operatingSystem: windows'), path: '', severity: 'high' },
      { yaml: node('containerRuntimeVersion: containerd://1.6.0, operatingSystem: linux'), path: '', severity: 'high' },
      { yaml: runs('grafana/grafana:9.2.1'), path: '', severity: 'critical' },
      { yaml: runs('ghcr.io/kyverno/kyverno:v1.8.4'), path: '', severity: 'high' },
      { yaml: runs('registry.k8s.io/ingress-nginx/controller:v1.11.4'), path: '', severity: 'high' },
      // No release fixes it: nothing refuses externalIPs here.
      { yaml: apiServer('--profiling=false'), path: '', severity: 'medium' },
      { yaml: node('kernelVersion: 5.10.0-8-amd64, operatingSystem: linux'), path: '', status: 'unknown' },
      { yaml: node('kubeletVersion: v1.36.3, operatingSystem: linux'), path: '', status: 'unknown' },
    ],
  }),
});

let components: ReadonlySet<string> | undefined;

/** Components that the table knows a hole of. */
function listed(): ReadonlySet<string> {
  components ??= new Set(builtInData().cves.flatMap(({ affected }) => affected.flatMap((each) => each.components)));
  return components;
}

function hitOf({ cve, component, applies, because, instances, fixed, evidence }: CveVerdict): Hit {
  const has = applies === 'yes' ? 'has' : 'may have';
  return {
    message: `${instancesText(component, instances)} ${has} ${cve.id}, ${cve.title} (${because}); ${endOf({ fixed, advice: cve.advice })}`,
    path: '',
    value: undefined,
    key: `${cve.id} ${component}`,
    severity: cve.severity,
    also: [...fieldsOf(instances), ...evidence],
    ...(applies === 'unknown' && { status: 'unknown' as const }),
  };
}
