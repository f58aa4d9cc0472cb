import { versionOfImage } from '../../engines/versions/index.ts';
import type { Workload } from '../../model/index.ts';
import { documents, withContainer } from '../examples.ts';
import type { Severity } from '../finding.ts';
import { type Hit, defineRule } from '../rule.ts';
import { holdsEverything } from './wide-rights.ts';

const DASHBOARD =
  '{apiVersion: v1, kind: Pod, metadata: {name: ui, namespace: ops}, spec: {serviceAccountName: ui, containers: [{name: ui, image: "kubernetesui/dashboard:v2.7.0"}]}}';

export const rule = defineRule({
  id: 'dashboard',
  title: 'Kubernetes Dashboard deployed',
  severity: 'medium',
  area: 'governance',
  rationale:
    'The dashboard is a web page that acts with the rights of whoever signed in, or with its own where sign-in can be skipped; exposed ones were taken over within hours and used to mine and to read cloud credentials. The project is archived and gets no fixes.',
  remedy:
    'Remove it and use kubectl or a client on the workstation. Where it stays: no --enable-skip-login, an account without rights of its own, and reach it by port-forward only.',
  controls: [],
  aliases: { kubescape: ['C-0014'], checkov: ['CKV_K8S_33'] },
  effort: 'medium',
  scope: 'workload',
  reads: ['access'],
  check(workload, { access }) {
    const place = placeOf(workload);
    if (place === undefined) return undefined;
    const { path, version } = place;
    const skips = workload.containers.find(({ spec }) => spec.args?.some((arg) => SKIP_LOGIN.test(arg)) === true);
    const hitAs = (more: string | undefined, severity: Severity): Hit => {
      const name = `the Kubernetes Dashboard${version === undefined ? '' : ` ${version}`}`;
      return { message: `is ${name}${more === undefined ? '' : ` and ${more}`}`, path, severity };
    };
    if (skips !== undefined) return hitAs('lets anybody in without signing in', 'high');
    if (holdsEverything(access, workload.namespace, workload.serviceAccount)) {
      return hitAs(`acts as service account "${workload.serviceAccount}", which may do everything`, 'high');
    }
    return hitAs(undefined, 'medium');
  },
  examples: () => ({
    good: [
      withContainer(''),
      '{apiVersion: v1, kind: Pod, metadata: {name: grafana, labels: {app: dashboard}}, spec: {containers: [{name: a, image: grafana/dashboards:1}]}}',
    ],
    bad: [
      { yaml: DASHBOARD, path: 'spec.containers[0].image', severity: 'medium' },
      {
        yaml: documents(
          DASHBOARD,
          '{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: ui}, subjects: [{kind: ServiceAccount, namespace: ops, name: ui}], roleRef: {kind: ClusterRole, name: cluster-admin}}',
        ),
        path: 'spec.containers[0].image',
        severity: 'high',
      },
      {
        yaml: '{apiVersion: v1, kind: Pod, metadata: {name: ui, labels: {app: kubernetes-dashboard}}, spec: {containers: [{name: ui}]}}',
        path: 'metadata.labels.app',
      },
      {
        yaml: withContainer('args: [--enable-skip-login]', 'serviceAccountName: kubernetes-dashboard'),
        path: 'spec.template.spec.serviceAccountName',
        severity: 'high',
      },
    ],
  }),
});

const IMAGE = /(?:^|\/)(?:kubernetes-dashboard(?:-[a-z0-9]+)?|kubernetesui\/dashboard(?:-[a-z]+)?)(?:[:@]|$)/;
const SKIP_LOGIN = /^--enable-skip-login(?:=true)?$/;
const NAMING_LABELS = ['app', 'k8s-app', 'app.kubernetes.io/name', 'app.kubernetes.io/part-of'] as const;

function placeOf(workload: Workload): { path: string; version?: string | undefined } | undefined {
  for (const { spec, path } of workload.containers)
    if (spec.image !== undefined && IMAGE.test(spec.image)) return { path: `${path}.image`, version: versionOfImage(spec.image)?.text };
  for (const [labels, path] of [
    [workload.object.labels, 'metadata.labels'],
    [workload.labels, `${workload.podMetadataPath}.labels`],
  ] as const) {
    for (const key of NAMING_LABELS)
      if (labels[key] === 'kubernetes-dashboard') return { path: key.includes('.') ? `${path}["${key}"]` : `${path}.${key}` };
  }
  return workload.serviceAccount === 'kubernetes-dashboard' ? { path: `${workload.podPath}.serviceAccountName` } : undefined;
}
