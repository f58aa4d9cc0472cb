import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AnonymousText } from './anonymous-text.ts';
import { KNOWN_DOMAINS, KNOWN_KEYS } from './known-keys.ts';
import { Pseudonyms } from './pseudonyms.ts';

const SRC = join(import.meta.dirname, '..');
const KEY = /['"`]((?:[a-z0-9-]+\.)+[a-z]{2,}\/[A-Za-z0-9][\w.-]*[A-Za-z0-9])['"`]/g;
/** Values of types and classes, and prefixes that are put together: no keys of labels or annotations. */
const OTHERS =
  /\/(?:v\d+((?:alpha|beta)\d+)?|aws-ebs|portworx-volume|no-provisioner|dockercfg|dockerconfigjson|tls|token|service-account-token|release\.v1|kube-apiserver-client|kubelet-serving|serviceaccount|app|other)$/;

describe('keys that rules ask for', () => {
  it('stay when names are replaced', () => {
    const asked = new Set<string>();
    for (const file of readdirSync(join(SRC, 'rules'), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
      for (const [, key = ''] of readFileSync(join(SRC, 'rules', file), 'utf8').matchAll(KEY)) {
        if (KNOWN_DOMAINS.has(key.slice(0, key.indexOf('/'))) && !OTHERS.test(key)) asked.add(key);
      }
    }
    expect(asked.size).toBeGreaterThan(20);
    expect([...asked].filter((key) => !KNOWN_KEYS.has(key))).toEqual([]);
  });

  it('leave nothing of what people put below them', () => {
    const text = new AnonymousText(new Pseudonyms(Buffer.from('seed')), { names: new Set(), images: new Set() });
    for (const key of [
      'acmecorp.k8s.io/gpu',
      'node.kubernetes.io/acmecorp-pool',
      'kubernetes.io/acmecorp',
      'rbac.authorization.k8s.io/aggregate-to-acmecorp',
      'vault.hashicorp.com/agent-inject-secret-acmecorp',
      'acmecorp.storageclass.storage.k8s.io/requests.storage',
      'node-role.kubernetes.io/acmecorp',
    ]) {
      expect(text.key(key), key).not.toContain('acme');
    }
    expect(text.key('pod-security.kubernetes.io/enforce')).toBe('pod-security.kubernetes.io/enforce');
  });
});
