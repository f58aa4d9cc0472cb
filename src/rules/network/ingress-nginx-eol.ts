import { CONTAINER, withPod } from '../examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';
import { hasIngressNightmare, isIngressNginx } from './nginx.ts';

const deployment = (image: string): string => withPod('').replace(/image: .*/, `image: ${image}`);

export const rule = defineRule({
  id: 'ingress-nginx-eol',
  title: 'ingress-nginx, which is retired',
  severity: 'medium',
  area: 'network',
  rationale:
    'The project ended in March 2026, so holes that are found now stay open in a program that takes requests from outside and may read Secrets of the whole cluster; older releases run code of anyone who reaches their admission webhook (CVE-2025-1974).',
  remedy:
    'Plan the move to a controller that is maintained, best one of the Gateway API; annotations have to be translated. Until then run at least 1.12.1 or 1.11.5 and switch snippets off.',
  controls: [...nsa('upgrading'), ...mitre('T1190')],
  aliases: {
    kubescape: ['C-0292'],
  },
  effort: 'high',
  scope: 'container',
  check(container) {
    const { image } = container.spec;
    if (image === undefined || !isIngressNginx(image) || container.type === 'ephemeral') return undefined;
    if (hasIngressNightmare(image) === true) {
      return {
        severity: 'high',
        message: `container "${container.name}" runs a release of ingress-nginx with CVE-2025-1974`,
        path: 'image',
      };
    }
    return { message: `container "${container.name}" runs ingress-nginx, which gets no fixes any more`, path: 'image' };
  },
  examples: () => ({
    good: [
      deployment('nginx/nginx-ingress:3.5.0'),
      deployment('traefik:v3.1.2'),
      deployment('nginx:1.27'),
      // The job that makes the webhook's certificate.
      deployment('registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.4.4'),
    ],
    bad: [
      { yaml: deployment('registry.k8s.io/ingress-nginx/controller:v1.13.0'), path: `${CONTAINER}.image`, severity: 'medium' },
      { yaml: deployment('registry.k8s.io/ingress-nginx/controller:v1.11.4'), path: `${CONTAINER}.image`, severity: 'high' },
      { yaml: deployment('k8s.gcr.io/ingress-nginx/controller'), path: `${CONTAINER}.image`, severity: 'medium' },
    ],
  }),
});
