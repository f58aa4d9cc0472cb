import type { Namespace } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { type Hit, cis, defineRule, mitre, nsa, ofDistributions } from '../rule.ts';
import { isSystemNamespace } from '../system-namespaces.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const PATH = `metadata.labels["${ENFORCE}"]`;

export const rule = defineRule({
  id: 'pss-namespace-labels',
  title: 'Namespace without an enforced Pod Security level',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'Without an enforced level everyone who may create pods in the namespace may create a privileged one, and with it owns the node that it lands on.',
  remedy:
    'Set the label pod-security.kubernetes.io/enforce to restricted or baseline. Begin with warn and audit at that level, mend the workloads that they name, then enforce: pods that break the level are refused when they are next made.',
  controls: [...ofDistributions({ gke: ['4.2.1'] }), ...cis('5.2.1'), ...nsa('pod-security-enforcement'), ...mitre('T1611')],
  aliases: {
    kubescape: ['C-0192', 'C-0068'],
    'kyverno-policies': ['add-psa-labels', 'deny-privileged-profile', 'add-privileged-existing-namespaces', 'add-psa-namespace-reporting'],
  },
  effort: 'medium',
  scope: 'namespace',
  // Where nothing runs, no level protects anything yet.
  applies: (namespace) => namespace.workloads.length > 0,
  check(namespace) {
    if (namespace.object === undefined) {
      return {
        message: `namespace "${namespace.name}" is not in the input, so its Pod Security labels are unknown`,
        path: '',
        value: undefined,
        status: 'unknown',
      };
    }
    const level = namespace.object.labels[ENFORCE];
    if (level === 'restricted' || level === 'baseline') return undefined;
    return hitOf(namespace, level);
  },
  examples: () => ({
    good: [
      documents(namespaceOf('shop', 'restricted'), withPod('')),
      documents(namespaceOf('shop', 'baseline'), withPod('')),
      namespaceOf('empty', undefined),
      withPod(''),
    ],
    bad: [
      { yaml: documents(namespaceOf('shop', undefined), withPod('')), path: PATH, severity: 'medium' },
      { yaml: documents(namespaceOf('shop', 'privileged'), withPod('')), path: PATH, severity: 'medium' },
      { yaml: documents(namespaceOf('shop', 'strict'), withPod('')), path: PATH },
      {
        yaml: documents(namespaceOf('kube-system', undefined), withPod('').replace('namespace: shop', 'namespace: kube-system')),
        path: PATH,
        severity: 'info',
      },
      { yaml: withPod(''), path: '', status: 'unknown' },
    ],
  }),
});

function hitOf({ name }: Namespace, level: string | undefined): Hit {
  if (isSystemNamespace(name)) {
    const message = `namespace "${name}" enforces no Pod Security level; its agents of the node need that, so what counts is who may create pods in it`;
    return { message, path: PATH, severity: 'info' };
  }
  if (level === 'privileged') return { message: `namespace "${name}" enforces the level privileged, which allows every pod`, path: PATH };
  if (level !== undefined) return { message: `namespace "${name}" names the level "${level}", which does not exist`, path: PATH };
  return { message: `namespace "${name}" enforces no Pod Security level`, path: PATH };
}

function namespaceOf(name: string, level: string | undefined): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}${level === undefined ? '' : `, labels: {${ENFORCE}: ${level}}`}}`;
}
