import { cis, defineRule, mitre } from '../rule.ts';

const service = (spec: string): string => `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: ${spec}`;

/** Addresses that Services may claim. */
const OPTIONS: { allowed: readonly string[] } = { allowed: [] };

export const rule = defineRule({
  id: 'service-external-ip',
  title: 'Service with external IPs',
  severity: 'high',
  area: 'network',
  rationale:
    'Every node sends traffic for these addresses to the pods of the Service, and nobody checks whom they belong to: whoever may write Services can take over connections of other pods to any address (CVE-2020-8554).',
  remedy:
    'Remove externalIPs and use a load balancer or an Ingress. Switch the field off for all with the admission plugin DenyServiceExternalIPs, or name the addresses that are yours in the option allowed.',
  controls: [...cis('1.2.3'), ...mitre('T1557')],
  aliases: {
    trivy: ['KSV-0108'],
    'kyverno-policies': ['restrict-service-external-ips'],
    'gatekeeper-library': ['externalip'],
  },
  effort: 'medium',
  scope: 'object',
  kinds: ['Service'],
  options: OPTIONS,
  check(object, _tables, { allowed }) {
    const claimed = object.body.spec?.externalIPs?.filter((address) => !allowed.includes(address)) ?? [];
    if (claimed.length === 0) return undefined;
    const more = claimed.length > 3 ? ` and ${claimed.length - 3} more` : '';
    return { message: `takes all traffic of the cluster to ${claimed.slice(0, 3).join(', ')}${more}`, path: 'spec.externalIPs' };
  },
  examples: () => ({
    options: { allowed: ['192.0.2.10'] },
    good: [
      service('{selector: {app: web}, ports: [{port: 80}]}'),
      service('{externalIPs: []}'),
      service('{externalIPs: [192.0.2.10]}'),
      service('{type: LoadBalancer, loadBalancerIP: 203.0.113.7}'),
    ],
    bad: [{ yaml: service('{selector: {app: web}, externalIPs: [192.0.2.10, 1.1.1.1]}'), path: 'spec.externalIPs' }],
  }),
});
