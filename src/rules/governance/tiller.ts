import { type ApiObject, type Container, type Workload, toWorkload } from '../../model/index.ts';
import { withContainer } from '../examples.ts';
import { defineRule, type Hit, mitre } from '../rule.ts';

export const rule = defineRule({
  id: 'tiller',
  title: 'Tiller of Helm 2 deployed',
  severity: 'critical',
  area: 'governance',
  rationale:
    'Tiller carries out whatever any client in the cluster asks of it, by default without authentication and with the rights of its account, nearly always cluster-admin: every pod that reaches its port owns the cluster. It has had no fixes since November 2020.',
  remedy:
    'Move releases to Helm 3 or newer with the 2to3 plugin, which needs nothing in the cluster, and delete the Tiller Deployment, Service, account and bindings.',
  controls: mitre('T1610'),
  aliases: {
    trivy: ['KSV-0102'],
    checkov: ['CKV_K8S_34', 'CKV_K8S_44', 'CKV_K8S_45'],
    'kyverno-policies': ['disallow-helm-tiller'],
  },
  effort: 'medium',
  scope: 'object',
  kinds: ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Service'],
  check(object) {
    if (object.known === 'Service') return serviceHit(object as ApiObject<'Service'>);
    // A pod is told with the Deployment that makes it.
    if (object.metadata.ownerReferences !== undefined) return undefined;
    const workload = toWorkload(object);
    return workload === undefined ? undefined : workloadHit(object, workload);
  },
  examples: () => ({
    good: [
      withContainer(''),
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: helm-controller, labels: {app: helm-controller}}, spec: {template: {metadata: {labels: {app: helm-controller}}, spec: {containers: [{name: a, image: fluxcd/helm-controller:v1}]}}}}',
      '{apiVersion: v1, kind: Service, metadata: {name: web, labels: {app: web}}, spec: {selector: {app: web}}}',
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: tillerman}, spec: {template: {spec: {containers: [{name: a, image: distiller:1}]}}}}',
    ],
    bad: [
      {
        yaml: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: [{name: a, image: "gcr.io/kubernetes-helm/tiller:v2.16.9"}]}}}}',
        path: 'spec.template.spec.containers[0].image',
        severity: 'critical',
      },
      {
        yaml: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: [{name: a, image: "tiller:v2", args: ["--listen=127.0.0.1:44134"]}]}}}}',
        path: 'spec.template.spec.containers[0].image',
        severity: 'medium',
      },
      {
        yaml: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: app-tiller-old}, spec: {template: {spec: {containers: [{name: a, image: a}]}}}}',
        path: 'metadata.name',
      },
      {
        yaml: '{apiVersion: v1, kind: Service, metadata: {name: tiller-deploy, labels: {app: helm, name: tiller}}, spec: {selector: {app: helm, name: tiller}}}',
        path: 'metadata.name',
        severity: 'high',
      },
      {
        yaml: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {metadata: {labels: {app: helm}}, spec: {containers: [{name: a, image: a}]}}}}',
        path: 'spec.template.metadata.labels.app',
        severity: 'medium',
      },
    ],
  }),
});

const TILLER = /(?:^|[^a-z0-9])tiller(?:$|[^a-z0-9])/i;

function workloadHit(object: ApiObject, workload: Workload): Hit | undefined {
  const container = workload.containers.find(({ spec }) => spec.image !== undefined && TILLER.test(spec.image));
  if (container !== undefined) {
    const path = `${container.path}.image`;
    if (listensLocally(container))
      return { message: `container "${container.name}" is Tiller, reachable from inside its pod only`, path, severity: 'medium' };
    return { message: `container "${container.name}" is Tiller, which obeys every client that reaches it`, path };
  }
  if (TILLER.test(object.name)) return { message: `"${object.name}" is named after Tiller`, path: 'metadata.name' };
  if (workload.labels.name === 'tiller')
    return { message: 'the pods carry the labels of Tiller', path: `${workload.podMetadataPath}.labels.name` };
  // The installer's label, which others may use as well.
  if (workload.labels.app === 'helm')
    return {
      message: 'the pods carry the label that the installer of Helm 2 gives Tiller',
      path: `${workload.podMetadataPath}.labels.app`,
      severity: 'medium',
    };
  return undefined;
}

function serviceHit(service: ApiObject<'Service'>): Hit | undefined {
  const selector = service.body.spec?.selector ?? {};
  if (!TILLER.test(service.name) && selector.name !== 'tiller' && service.labels.name !== 'tiller') return undefined;
  return { message: `Service "${service.name}" gives the whole cluster a way to Tiller`, path: 'metadata.name', severity: 'high' };
}

/** `--listen=127.0.0.1:44134` leaves only what runs in the same pod. */
function listensLocally({ spec }: Container): boolean {
  const args = [...(spec.command ?? []), ...(spec.args ?? [])];
  return args.some(
    (arg, index) =>
      /^--?listen(?:=|$)/.test(arg) &&
      /^(?:127\.0\.0\.1|localhost|\[::1\]):/.test(arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : (args[index + 1] ?? '')),
  );
}
