import { mitre, nsa } from '../rule.ts';
import { probed } from './port-examples.ts';
import { givenBy, portRule, requestOf } from './port-rule.ts';

export const rule = portRule({
  id: 'port-plain-http',
  title: 'Port speaks HTTP without TLS',
  severity: 'medium',
  rationale:
    'Everything that is sent and answered there, credentials included, can be read and changed by whoever stands in between, and no client knows whom it talks to.',
  remedy:
    'Serve with TLS (etcd: https in --listen-client-urls and --listen-peer-urls), or bind the port to 127.0.0.1 (kube-proxy: metricsBindAddress; etcd: --listen-metrics-urls).',
  controls: [...nsa('encryption-in-transit', 'control-plane-hardening'), ...mitre('T1557', 'T1040')],
  // The read-only port has a rule of its own; that of health says nothing but whether services are programmed.
  applies: ({ fact }) => fact.use !== 'read-only' && fact.use !== 'health',
  check(view) {
    const { fact } = view;
    if (!fact.http) return undefined;
    const shown = [...givenBy(view), ...fact.answers].find(({ scheme }) => scheme === 'http');
    const isStore = fact.component === 'etcd' && (fact.use === 'client' || fact.use === 'peer');
    return {
      message: `${fact.component} speaks plain HTTP on its ${fact.use} port`,
      path: shown === undefined ? 'http' : requestOf(shown),
      value: shown?.status,
      severity: isStore ? 'critical' : fact.use === 'metrics' ? 'low' : fact.component === 'kube-apiserver' ? 'critical' : 'medium',
    };
  },
  examples: () => ({
    good: [probed({}), probed({ component: 'kube-proxy', use: 'health', http: true, answers: { 'http /healthz': 200 } })],
    bad: [
      {
        yaml: probed({ component: 'etcd', use: 'client', http: true, answers: { 'http /health': 200 } }),
        path: 'GET http:/health',
        severity: 'critical',
      },
      {
        yaml: probed({ component: 'kube-proxy', use: 'metrics', http: true, answers: { 'http /metrics': 200 } }),
        path: 'GET http:/metrics',
        severity: 'low',
      },
    ],
  }),
});
