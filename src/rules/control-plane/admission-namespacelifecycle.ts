import { cis, nsa } from '../rule.ts';
import { pluginNotOff } from './admission.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST, ofRelease } from './manifests.ts';

export const rule = flagRule({
  id: 'admission-namespacelifecycle',
  title: 'Admission plugin NamespaceLifecycle is disabled',
  severity: 'medium',
  rationale:
    'Without it objects may be made in namespaces that are being deleted or do not exist, and stay behind where nobody looks for them.',
  remedy:
    'Take NamespaceLifecycle out of --disable-admission-plugins; it is on by default. Before Kubernetes 1.10 name it in --admission-control.',
  controls: [...cis('1.2.13'), ...nsa('control-plane-hardening', 'namespace-separation')],
  aliases: { kubescape: ['C-0126'], trivy: ['KCV-0015'], checkov: ['CKV_K8S_83'] },
  component: 'kube-apiserver',
  reads: ['kubernetes'],
  expect: pluginNotOff('NamespaceLifecycle'),
  examples: () => ({
    good: [apiServer(), apiServer('--disable-admission-plugins=DefaultStorageClass')],
    bad: [
      { yaml: apiServer('--disable-admission-plugins=NamespaceLifecycle'), path: FIRST },
      {
        yaml: apiServer('--enable-admission-plugins=NamespaceLifecycle', '--disable-admission-plugins=NamespaceLifecycle'),
        path: `${COMMAND}[2]`,
      },
      { yaml: ofRelease('v1.9.11', apiServer()), path: COMMAND },
    ],
  }),
});
