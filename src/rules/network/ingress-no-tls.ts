import { type Hit, defineRule, mitre, nsa, ofDistributions } from '../rule.ts';
import { type Ingress, hasTlsByAnnotation, isAcmeSolver, isInternal } from './ingresses.ts';

const ingress = (spec: string, metadata = '{name: web, namespace: shop}'): string => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: ${metadata}
spec: ${spec}`;
const PATHS = 'http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}';

export const rule = defineRule({
  id: 'ingress-no-tls',
  title: 'Ingress without TLS',
  severity: 'medium',
  area: 'network',
  rationale:
    'Sessions, passwords and tokens go over the network in the clear: whoever sits between client and load balancer reads and changes them.',
  remedy:
    'Name the host and a secret with its certificate under spec.tls (cert-manager can make it), or give the certificate by the annotation of your cloud controller. Clients that use plain HTTP are then redirected by most controllers.',
  controls: [...ofDistributions({ eks: ['5.4.5'], aks: ['5.4.5'], gke: ['5.6.7'] }), ...nsa('encryption-in-transit'), ...mitre('T1040')],
  aliases: {
    kubescape: ['C-0263'],
    polaris: ['tlsSettingsMissing'],
    'kyverno-policies': ['require-ingress-https', 'ingress-host-match-tls'],
    'gatekeeper-library': ['httpsonly'],
  },
  scope: 'object',
  kinds: ['Ingress'],
  check(object) {
    const { spec } = object.body;
    if (spec === undefined || isAcmeSolver(object)) return undefined;
    const hit =
      (spec.tls ?? []).length === 0 ? { message: 'has no TLS: it answers plain HTTP only', path: 'spec.tls' } : uncoveredHost(spec);
    if (hit === undefined || hasTlsByAnnotation(object)) return undefined;
    return isInternal(object) ? { ...hit, severity: 'low' } : hit;
  },
  examples: () => ({
    good: [
      ingress(`{tls: [{hosts: [shop.example.com], secretName: tls}], rules: [{host: shop.example.com, ${PATHS}}]}`),
      ingress(`{tls: [{hosts: ['*.example.com'], secretName: tls}], rules: [{host: shop.example.com, ${PATHS}}]}`),
      // The certificate decides for which hosts it is.
      ingress(`{tls: [{secretName: tls}], rules: [{host: shop.example.com, ${PATHS}}]}`),
      ingress(`{tls: [{hosts: [shop.example.com], secretName: tls}], rules: [{${PATHS}}]}`),
      ingress(
        `{rules: [{host: shop.example.com, ${PATHS}}]}`,
        '{name: web, annotations: {alb.ingress.kubernetes.io/certificate-arn: "arn:aws:acm:eu-west-1:1:certificate/1"}}',
      ),
      ingress(
        `{rules: [{host: shop.example.com, ${PATHS}}]}`,
        '{name: web, annotations: {nginx.ingress.kubernetes.io/ssl-passthrough: "true"}}',
      ),
      ingress(
        `{rules: [{host: shop.example.com, ${PATHS}}]}`,
        '{name: cm-acme-http-solver-x, labels: {acme.cert-manager.io/http01-solver: "true"}}',
      ),
    ],
    bad: [
      { yaml: ingress(`{rules: [{host: shop.example.com, ${PATHS}}]}`), path: 'spec.tls', severity: 'medium' },
      { yaml: ingress(`{tls: [], rules: [{${PATHS}}]}`), path: 'spec.tls' },
      {
        yaml: ingress(
          `{tls: [{hosts: [shop.example.com], secretName: tls}], rules: [{host: shop.example.com, ${PATHS}}, {host: api.example.com, ${PATHS}}]}`,
        ),
        path: 'spec.rules[1].host',
      },
      // A wildcard stands for one label.
      {
        yaml: ingress(`{tls: [{hosts: ['*.example.com'], secretName: tls}], rules: [{host: a.b.example.com, ${PATHS}}]}`),
        path: 'spec.rules[0].host',
      },
      {
        yaml: ingress(
          `{rules: [{host: shop.example.com, ${PATHS}}]}`,
          '{name: web, annotations: {alb.ingress.kubernetes.io/scheme: internal}}',
        ),
        path: 'spec.tls',
        severity: 'low',
      },
    ],
  }),
});

/** The first host that no entry of spec.tls names. An entry without hosts is for all, a rule without a host for any. */
function uncoveredHost({ tls = [], rules = [] }: NonNullable<Ingress['body']['spec']>): Hit | undefined {
  const covered = new Set<string>();
  for (const { hosts = [] } of tls) {
    if (hosts.length === 0) return undefined;
    for (const host of hosts) covered.add(host);
  }
  const open = rules.findIndex(({ host }) => host && !covered.has(host) && !covered.has(host.replace(/^[^.]+/, '*')));
  if (open < 0) return undefined;
  const others =
    new Set(rules.flatMap(({ host }) => (host && !covered.has(host) && !covered.has(host.replace(/^[^.]+/, '*')) ? [host] : []))).size - 1;
  return {
    message: `no entry of spec.tls covers host "${rules[open]?.host}"${others > 0 ? ` and ${others} more` : ''}`,
    path: `spec.rules[${open}].host`,
  };
}
