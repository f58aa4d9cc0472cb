import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import { proxySettingsIn } from './proxy-settings.ts';

function proxy(name: string, command: readonly string[], map = name): string {
  return `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}, namespace: kube-system}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - {name: kube-proxy, command: ${JSON.stringify(command)}, volumeMounts: [{name: config, mountPath: /var/lib/kube-proxy/}]}
      volumes: [{name: config, configMap: {name: ${map}}}]`;
}

function file(name: string, fields: string, namespace = 'kube-system'): string {
  const text = `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n${fields}`;
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { 'config.conf': text } });
}

const BY_FILE = ['kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--metrics-bind-address=0.0.0.0:1'];

function settings(...documents: readonly string[]): string | undefined {
  const found = proxySettingsIn(clusterOf(objectsOf(documents.join('\n---\n'))));
  return found === undefined ? undefined : `${found.metrics.value} ${found.health.value}`;
}

describe('where kube-proxy listens', () => {
  it.each([
    ['', '127.0.0.1:10249 0.0.0.0:10256'],
    ['metricsBindAddress: ""\nhealthzBindAddress: ""\n', '127.0.0.1:10249 0.0.0.0:10256'],
    ['metricsBindAddress: 0.0.0.0:9999\nhealthzBindAddress: 127.0.0.1:10256\n', '0.0.0.0:9999 127.0.0.1:10256'],
    ['metricsBindAddress: 0.0.0.0\nhealthzBindAddress: "::"\n', '0.0.0.0:10249 [::]:10256'],
    ['metricsBindAddress: "[::1]:10249"\n', '[::1]:10249 0.0.0.0:10256'],
  ])('by its file %j: %s', (fields, expected) => {
    expect(settings(proxy('kube-proxy', BY_FILE), file('kube-proxy', fields))).toBe(expected);
  });

  it('is said by the ConfigMap, at the field that holds the file', () => {
    const found = proxySettingsIn(
      clusterOf(objectsOf(`${proxy('kube-proxy', BY_FILE)}\n---\n${file('kube-proxy', 'metricsBindAddress: 0.0.0.0:1\n')}`)),
    );
    expect(found?.metrics).toMatchObject({
      source: 'ConfigMap/kube-system/kube-proxy',
      path: 'data["config.conf"]',
      shown: 'metricsBindAddress: 0.0.0.0:1',
    });
  });

  it('is as its flags say where there is no file', () => {
    expect(settings(proxy('kube-proxy', ['kube-proxy', '--metrics-bind-address=0.0.0.0']))).toBe('0.0.0.0:10249 0.0.0.0:10256');
  });

  it.each<[string, readonly string[]]>([
    ['there is none', [file('kube-proxy', '')]],
    ['its file is not in the input', [proxy('kube-proxy', BY_FILE)]],
    ['the ConfigMap is of another namespace', [proxy('kube-proxy', BY_FILE), file('kube-proxy', '', 'default')]],
    ['another one is mounted', [proxy('kube-proxy', BY_FILE, 'other'), file('kube-proxy', '')]],
    ['it lies elsewhere', [proxy('kube-proxy', ['kube-proxy', '--config=/etc/x']), file('kube-proxy', '')]],
    [
      'two of them differ',
      [proxy('a-kube-proxy', BY_FILE), proxy('b-kube-proxy', ['kube-proxy']), file('a-kube-proxy', 'metricsBindAddress: 0.0.0.0:1\n')],
    ],
  ])('is not known where %s', (_why, documents) => {
    expect(settings(...documents)).toBeUndefined();
  });

  it('is known where two of them agree', () => {
    expect(settings(proxy('a-kube-proxy', BY_FILE), proxy('b-kube-proxy', ['kube-proxy']), file('a-kube-proxy', ''))).toBe(
      '127.0.0.1:10249 0.0.0.0:10256',
    );
  });
});
