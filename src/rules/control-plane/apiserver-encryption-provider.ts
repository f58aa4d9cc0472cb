import { settingOf } from '../../engines/command-line/index.ts';
import type { BodyOf } from '../../model/index.ts';
import { documents } from '../examples.ts';
import { cis, mitre, nsa } from '../rule.ts';
import type { Hit } from '../rule.ts';
import { fileRule } from './file-rule.ts';
import { apiServer, FIRST } from './manifests.ts';

const STRONG = new Set(['kms', 'secretbox', 'aescbc']);
const OF_SECRETS = new Set(['secrets', '*.', '*.*']);

const ENCRYPTION = `
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [events]
  providers: [{identity: {}}]
- resources: [secrets]
  providers: [{kms: {apiVersion: v2, name: vault, endpoint: "unix:///run/kms.sock"}}, {identity: {}}]`;

export const rule = fileRule({
  id: 'apiserver-encryption-provider',
  title: 'Secrets are not encrypted by a strong provider',
  severity: 'high',
  rationale:
    'The first provider of the list writes: with identity first Secrets lie in etcd in clear text although encryption seems to be set up, and aesgcm breaks when its key is not changed in time.',
  remedy:
    'Put kms, secretbox or aescbc first for secrets in the EncryptionConfiguration, keep identity last for reading old data, restart all API servers, then rewrite the Secrets.',
  controls: [...cis('1.2.28'), ...nsa('control-plane-hardening', 'encryption-at-rest', 'etcd-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0142'], checkov: ['CKV_K8S_104'] },
  effort: 'medium',
  kind: 'EncryptionConfiguration',
  flag: '--encryption-provider-config',
  file: ({ resources = [] }) => {
    const hits: Hit[] = [];
    const secrets = entryOfSecrets(resources);
    if (secrets < 0) hits.push({ message: 'EncryptionConfiguration does not cover secrets', path: 'resources', key: 'secrets' });
    const named = new Set<string>();
    for (const [index, { resources: all = [], ...entry }] of resources.entries()) {
      // Of what several entries name the first one writes; the others only read.
      const names = all.filter((name) => !named.has(name));
      for (const name of names) named.add(name);
      if (names.length === 0 && all.length > 0) continue;
      const provider = writerOf(entry);
      // Events hold nothing worth a cipher, and are what wildcards are most often narrowed for.
      if (STRONG.has(provider) || (index !== secrets && names.every((name) => name.startsWith('events')))) continue;
      const what = index === secrets ? 'secrets' : names.join(', ');
      const severity = index !== secrets ? 'low' : provider === 'aesgcm' ? 'medium' : 'high';
      hits.push({
        message: `EncryptionConfiguration writes ${what} with ${provider} first`,
        path: `resources[${index}].providers`,
        value: provider,
        key: what,
        severity,
      });
    }
    return hits;
  },
  shownOf({ resources = [] }) {
    const index = entryOfSecrets(resources);
    const provider = writerOf(resources[index] ?? {});
    const message = `EncryptionConfiguration writes secrets with ${provider} first`;
    return { message, path: `resources[${index}].providers`, value: provider };
  },
  server(line, seen) {
    const use = settingOf(line, '--encryption-provider-config');
    if (use === undefined || seen) return undefined;
    return { words: `encrypts by ${use.value}, which is not in the input`, use, status: 'unknown' };
  },
  examples: () => ({
    good: [
      ENCRYPTION,
      `${ENCRYPTION}\n- {resources: [secrets], providers: [{identity: {}}]}`,
      apiServer(),
      documents(apiServer('--encryption-provider-config=/e.yaml'), ENCRYPTION),
    ],
    bad: [
      { yaml: ENCRYPTION.replace('{kms', '{identity: {}}, {kms'), path: 'resources[1].providers', severity: 'high' },
      { yaml: ENCRYPTION.replace('kms:', 'aesgcm:'), path: 'resources[1].providers', severity: 'medium' },
      { yaml: ENCRYPTION.replace('secrets', 'configmaps'), path: 'resources' },
      { yaml: ENCRYPTION.replace('events', 'configmaps'), path: 'resources[0].providers', severity: 'low' },
      { yaml: apiServer('--encryption-provider-config=/e.yaml'), path: FIRST, status: 'unknown' },
    ],
  }),
});

type Entry = NonNullable<BodyOf<'EncryptionConfiguration'>['resources']>[number];

function entryOfSecrets(resources: readonly Entry[]): number {
  return resources.findIndex((entry) => entry.resources?.some((name) => OF_SECRETS.has(name)) === true);
}

/** The first provider writes. */
function writerOf({ providers = [] }: Pick<Entry, 'providers'>): string {
  return Object.keys(providers[0] ?? {})[0] ?? 'none';
}
