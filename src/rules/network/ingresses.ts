/** Ingress in the shapes of networking.k8s.io/v1 and of v1beta1, and what controllers read from annotations. */
import type { ApiObject } from '../../model/index.ts';

export type Ingress = ApiObject<'Ingress'>;
type Spec = NonNullable<Ingress['body']['spec']>;
type Backend = NonNullable<Spec['backend']>;

interface BackendRef {
  readonly service: string;
  readonly port: string | number | undefined;
  /** Path of the Service's name. */
  readonly path: string;
}

/** The Services that an Ingress leads to; backends that are other resources are left out. */
export function backendsOf({ body: { spec } }: Ingress): BackendRef[] {
  const refs: BackendRef[] = [];
  addBackend(refs, spec?.defaultBackend, 'spec.defaultBackend');
  addBackend(refs, spec?.backend, 'spec.backend');
  for (const [index, rule] of (spec?.rules ?? []).entries()) {
    for (const [at, { backend }] of (rule.http?.paths ?? []).entries())
      addBackend(refs, backend, `spec.rules[${index}].http.paths[${at}].backend`);
  }
  return refs;
}

function addBackend(refs: BackendRef[], backend: Backend | undefined, path: string): void {
  if (backend === undefined) return;
  const { service, serviceName, servicePort } = backend;
  if (service?.name) refs.push({ service: service.name, port: service.port?.number ?? service.port?.name, path: `${path}.service.name` });
  else if (serviceName) refs.push({ service: serviceName, port: servicePort, path: `${path}.serviceName` });
}

export function classOf({ body, annotations }: Ingress): string {
  return body.spec?.ingressClassName ?? annotations['kubernetes.io/ingress.class'] ?? '';
}

/** What cert-manager makes for a moment to prove that a host is its own; it has to answer plain HTTP. */
export function isAcmeSolver({ labels }: Ingress): boolean {
  return labels['acme.cert-manager.io/http01-solver'] === 'true';
}

/** A part of the traffic of another Ingress with the same host and path. */
export function isCanary({ annotations }: Ingress): boolean {
  return annotations['nginx.ingress.kubernetes.io/canary'] === 'true';
}

/** Whether the load balancer has an address inside the network only. */
export function isInternal(ingress: Ingress): boolean {
  return ingress.annotations['alb.ingress.kubernetes.io/scheme'] === 'internal' || classOf(ingress) === 'gce-internal';
}

const CERTIFICATE_ANNOTATIONS = [
  'alb.ingress.kubernetes.io/certificate-arn',
  'networking.gke.io/managed-certificates',
  'ingress.gcp.kubernetes.io/pre-shared-cert',
  'appgw.ingress.kubernetes.io/appgw-ssl-certificate',
  'kubernetes.azure.com/tls-cert-keyvault-uri',
  'route.openshift.io/termination',
];
const TLS_SWITCHES = [
  'nginx.ingress.kubernetes.io/ssl-passthrough',
  'haproxy-ingress.github.io/ssl-passthrough',
  'ingress.kubernetes.io/ssl-passthrough',
  'traefik.ingress.kubernetes.io/router.tls',
];

/** Whether an annotation gives the controller a certificate, or leaves TLS to the backend. */
export function hasTlsByAnnotation({ annotations }: Ingress): boolean {
  for (const name of CERTIFICATE_ANNOTATIONS) if (annotations[name]) return true;
  for (const name of TLS_SWITCHES) if (annotations[name] === 'true') return true;
  // The AWS controller looks for a fitting certificate by itself.
  return annotations['alb.ingress.kubernetes.io/listen-ports']?.includes('HTTPS') === true;
}
